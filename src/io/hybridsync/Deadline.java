package io.hybridsync;

/** One absolute point of the monotonic clock per wait, computed once. */
final class Deadline {

    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    /** That long from now, on the clock of {@link System#nanoTime}; a sum that overflows is {@link #NEVER}. */
    static long after(long nanos) {
        long deadline = System.nanoTime() + nanos;
        return deadline < 0 ? NEVER : deadline;
    }

    /** Throws if the thread's interrupt status is set, and clears it. */
    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted on entry");
        }
    }
}
