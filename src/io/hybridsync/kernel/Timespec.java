package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * struct timespec: a time in seconds and nanoseconds.
 *
 * <pre>
 *   0                 8                16
 *  +-----------------+-----------------+
 *  | tv_sec          | tv_nsec         |
 *  +-----------------+-----------------+
 * </pre>
 *
 * @param segment 16 bytes
 */
record Timespec(MemorySegment segment) {

    static final int BYTES = 16;

    private static final int SECONDS = 0;
    private static final int NANOS = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Negative times are those of the kernel's past, so 0, which the kernel does not refuse, says the same. */
    Timespec set(long nanos) {
        long time = Math.max(0, nanos);
        segment.set(JAVA_LONG, SECONDS, time / NANOS_PER_SECOND);
        segment.set(JAVA_LONG, NANOS, time % NANOS_PER_SECOND);
        return this;
    }

    /** Nanoseconds from now to a deadline, 0 if it is past. The clock starts at boot, so now is never negative. */
    static long left(long deadlineNanos) {
        return Math.max(0, Math.max(0, deadlineNanos) - System.nanoTime());
    }

    long address() {
        return segment.address();
    }
}
