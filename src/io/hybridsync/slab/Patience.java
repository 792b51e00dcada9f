package io.hybridsync.slab;

import org.jspecify.annotations.Nullable;

/**
 * How a thread sleeps.
 *
 * @param deadlineNanos when it gives up, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
 * @param interruptible whether an interrupt of the thread ends the sleep
 * @param parked whether it parks while another thread sleeps for it, as virtual threads always do
 * @param blocker what it waits for, for people who look at a thread that is parked
 */
public record Patience(long deadlineNanos, boolean interruptible, boolean parked, @Nullable Object blocker) {

    /** The same with another deadline. */
    public Patience until(long newDeadlineNanos) {
        return new Patience(newDeadlineNanos, interruptible, parked, blocker);
    }

    /** Whether the deadline has passed. */
    public boolean isOver() {
        return leftNanos() <= 0;
    }

    /** How long until the deadline; negative when it has passed. */
    public long leftNanos() {
        return deadlineNanos == Cell.FOREVER ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }
}
