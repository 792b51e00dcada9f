package io.hybridsync.broker;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done later, on the clock of {@link System#nanoTime}. Confined to one thread. */
final class Timers {

    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private record Timer(long atNanos, Runnable task) {}

    private final PriorityQueue<Timer> timers = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos - b.atNanos));

    void at(long nanos, Runnable task) {
        timers.add(new Timer(nanos, task));
    }

    /** When the next one is due. */
    long next() {
        Timer timer = timers.peek();
        return timer == null ? NEVER : timer.atNanos;
    }

    /** Takes the next one if it is due, else null. */
    @Nullable Runnable due(long nowNanos) {
        Timer timer = timers.peek();
        if (timer == null || timer.atNanos - nowNanos > 0) {
            return null;
        }
        timers.remove();
        return timer.task;
    }
}
