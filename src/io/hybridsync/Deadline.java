package io.hybridsync;

import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** One absolute point of the monotonic clock per wait, computed once. */
final class Deadline {

    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Deadline() {}

    /**
     * That long from now, on the clock of {@link System#nanoTime}; a sum that overflows is {@link #NEVER}, no time at all
     * is now.
     */
    static long after(long nanos) {
        long now = System.nanoTime();
        long deadline = now + Math.max(0, nanos);
        return deadline < now ? NEVER : deadline;
    }

    /** The same for any duration. */
    static long after(Duration duration) {
        return after(duration.isNegative() ? 0 : duration.compareTo(LONGEST) >= 0 ? Long.MAX_VALUE : duration.toNanos());
    }

    /** That date, as it is far away now. */
    @SuppressWarnings("JavaUtilDate") // what Condition takes
    static long at(Date date) {
        long now = System.currentTimeMillis();
        return after(date.getTime() <= now ? 0 : TimeUnit.MILLISECONDS.toNanos(date.getTime() - now));
    }

    /** Throws if the thread's interrupt status is set, and clears it. */
    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted on entry");
        }
    }
}
