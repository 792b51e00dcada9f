package io.hybridsync.process;

import java.util.concurrent.atomic.LongAccumulator;

/**
 * The longest time that one operation took which has nobody to wait for: whatever it took was the library, a move, or a
 * machine that was busy with others. What a JVM does for the first time takes long for reasons of its own: the first
 * operations are not counted.
 */
final class Stall {

    private static final int WARM_UP = 20;

    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
    private final int warmUp;
    private int seen;

    Stall() {
        this(WARM_UP);
    }

    /** @param warmUp how many to leave out */
    Stall(int warmUp) {
        this.warmUp = warmUp;
    }

    /** An operation has ended that began at that time of {@link System#nanoTime}. For one thread. */
    void ended(long startNanos) {
        long nanos = System.nanoTime() - startNanos;
        if (++seen > warmUp) {
            atLeast(nanos);
        }
    }

    /** What another has measured. For any thread. */
    void atLeast(long nanos) {
        longestNanos.accumulate(nanos);
    }

    long longestNanos() {
        return longestNanos.get();
    }
}
