package io.hybridsync.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The wait of a parked thread, virtual or platform, for futex words: {@link Sleeper} for those that must not sleep in
 * the kernel. A virtual thread does not pin its carrier; a platform thread is WAITING or TIMED_WAITING, and
 * {@link java.util.concurrent.locks.LockSupport#getBlocker} tells what for. A few daemon threads sleep in their place:
 * see {@link Dispatchers}.
 */
public final class Parking {

    private static final long IDLE_NANOS = 5_000_000_000L;

    private static final Dispatchers DISPATCHERS = new Dispatchers(Features.current(), IDLE_NANOS);

    private Parking() {}

    /**
     * Parks while the word has the expected value. The caller keeps the word's mapping reachable until this has
     * returned, and looks at the word once more after every return, before it reports a time-out or an interrupt.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}; Long.MAX_VALUE is for ever
     * @param interruptible whether an interrupt ends the wait
     * @param blocker what the thread is seen to wait for
     * @return 0 woken, perhaps spuriously; -EAGAIN the word has another value; -ETIMEDOUT; -EINTR, only if
     *     interruptible, the thread's interrupt status is set, and stays set for the caller to take
     */
    public static int await(
            long address, int expected, long deadlineNanos, boolean interruptible, @Nullable Object blocker) {
        return awaitAny(new long[] {address}, new int[] {expected}, 1, deadlineNanos, interruptible, blocker);
    }

    /**
     * Parks while each of some words, as many as you like, has its expected value, like {@link #await}. Several of the
     * words may have been woken: the caller passes on the wakes of those that it does not take.
     *
     * @param addresses the words
     * @param expected their values, in the same order
     * @param count how many of the two arrays to use
     * @return as {@link #await}
     */
    public static int awaitAny(
            long[] addresses,
            int[] expected,
            int count,
            long deadlineNanos,
            boolean interruptible,
            @Nullable Object blocker) {
        return DISPATCHERS.await(addresses, expected, count, deadlineNanos, interruptible, blocker);
    }
}
