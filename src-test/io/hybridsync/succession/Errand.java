package io.hybridsync.succession;

import java.util.List;

/**
 * What a thread wants at the moment.
 *
 * @param objects all of these, or any
 * @param condition the number of a condition of the only one of them, if a signal of that is waited for; otherwise -1
 */
record Errand(List<Long> objects, boolean all, int condition) {

    private static final int NONE = -1;

    Errand(List<Long> objects, boolean all) {
        this(objects, all, NONE);
    }

    boolean isForSignal() {
        return condition != NONE;
    }
}
