package io.hybridsync.kernel;

import java.lang.ref.Reference;

/**
 * Sleep on a 32-bit word while it has an expected value; wake who sleeps there. The kernel compares and queues in one
 * step, so a waker that changes the word first and wakes then loses nobody. Words are shared between processes (never
 * FUTEX_PRIVATE), addressed by their raw addresses: the caller keeps the mapping reachable until the call has returned.
 *
 * <p>Deadlines are absolute, in nanoseconds of {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC itself;
 * Long.MAX_VALUE is for ever. A return may be spurious: look at the word again. Nothing here is interruptible by
 * {@link Thread#interrupt}: see {@link Sleeper}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2)</a>
 * @see <a href="https://docs.kernel.org/userspace-api/futex2.html">futex_waitv</a>
 */
public final class Futex {

    /** How many words {@link #awaitAny} takes. */
    public static final int MAX_WORDS = Linux.FUTEX_WAITV_MAX;

    private Futex() {}

    /**
     * Sleeps while the word has the expected value.
     *
     * @return 0 woken; -EAGAIN the word has another value; -ETIMEDOUT; -EINTR a signal handler ran
     */
    public static int await(long address, int expected, long deadlineNanos) {
        Scratch scratch = Scratch.ofThread();
        try {
            long until = scratch.deadline(deadlineNanos);
            long result = SystemCall.FUTEX.call(
                    address, Linux.FUTEX_WAIT_BITSET, expected, until, 0, Linux.FUTEX_BITSET_MATCH_ANY);
            return answer(result, "futex_wait");
        } finally {
            Reference.reachabilityFence(scratch);
        }
    }

    /**
     * Wakes up to a number of threads that sleep on the word.
     *
     * @return how many were woken
     */
    public static int wake(long address, int count) {
        return answer(SystemCall.FUTEX.call(address, Linux.FUTEX_WAKE, count, 0), "futex_wake");
    }

    /**
     * Sleeps while each of some words has its expected value. Needs {@link Features#futexWaitv}.
     *
     * <p>A wake of any other word than the one reported may have been spent on this thread too: pass it on.
     *
     * @param addresses the words
     * @param expected their values, in the same order
     * @param count how many of the two arrays to use, at most {@link #MAX_WORDS}
     * @return the index of a word that was woken; -EAGAIN some word has another value; -ETIMEDOUT; -EINTR a signal
     *     handler ran
     */
    public static int awaitAny(long[] addresses, int[] expected, int count, long deadlineNanos) {
        if (count < 1 || count > MAX_WORDS) {
            throw new IllegalArgumentException("count is " + count + ", not 1 to " + MAX_WORDS);
        }
        return awaitAny(fill(addresses, expected, count, count), count, deadlineNanos);
    }

    /** The same with one word more, whose index is count. */
    static int awaitAnyOr(
            long[] addresses, int[] expected, int count, long last, int lastExpected, long deadlineNanos) {
        FutexWaitv words = fill(addresses, expected, count, count + 1);
        words.set(count, last, lastExpected);
        return awaitAny(words, count + 1, deadlineNanos);
    }

    private static FutexWaitv fill(long[] addresses, int[] expected, int count, int room) {
        FutexWaitv words = Scratch.ofThread().waiters(room);
        for (int i = 0; i < count; i++) {
            words.set(i, addresses[i], expected[i]);
        }
        return words;
    }

    /** The same for two words. */
    static int awaitEither(long first, int firstExpected, long second, int secondExpected, long deadlineNanos) {
        FutexWaitv words = Scratch.ofThread().waiters(2);
        words.set(0, first, firstExpected);
        words.set(1, second, secondExpected);
        return awaitAny(words, 2, deadlineNanos);
    }

    private static int awaitAny(FutexWaitv words, int count, long deadlineNanos) {
        Scratch scratch = Scratch.ofThread();
        try {
            long until = scratch.deadline(deadlineNanos);
            long result =
                    SystemCall.FUTEX_WAITV.call(words.address(), count, 0, until, Linux.CLOCK_MONOTONIC, 0);
            return answer(result, "futex_waitv");
        } finally {
            Reference.reachabilityFence(scratch);
            Reference.reachabilityFence(words);
        }
    }

    /** No array of arguments is made here: this is the hot path. */
    private static int answer(long result, String call) {
        if (result >= 0 || result == -Errno.EAGAIN || result == -Errno.ETIMEDOUT || result == -Errno.EINTR) {
            return (int) result;
        }
        throw Failure.of(result, call);
    }
}
