package io.hybridsync.conformance;

import java.util.concurrent.atomic.AtomicLong;

/** How long a step is waited for: long, for machines are slow; less once some have hung, for there may be many. */
final class Patience {

    private static final int LOSSES = 3;
    private static final AtomicLong LEFT = new AtomicLong(LOSSES);

    private Patience() {}

    static long seconds() {
        return LEFT.get() > 0 ? 20 : 2;
    }

    static void isLost() {
        LEFT.decrementAndGet();
    }
}
