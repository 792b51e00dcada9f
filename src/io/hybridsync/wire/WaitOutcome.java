package io.hybridsync.wire;

import org.jspecify.annotations.Nullable;

/** How a wait at the broker ended. */
public enum WaitOutcome {
    /** What was waited for is taken. */
    TAKEN(1),
    /** The alert came first; nothing else is taken. */
    ALERTED(2),
    /** The client has withdrawn it; nothing is taken. */
    WITHDRAWN(3),
    /** An object is in a state that ends waits for it, as an abandoned mutex is; nothing is taken. */
    ENDED(4);

    private final int code;

    WaitOutcome(int code) {
        this.code = code;
    }

    /** The number that stands for it in messages; never reused. */
    int code() {
        return code;
    }

    /** The outcome with this number, or null when there is none. */
    static @Nullable WaitOutcome ofCode(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
