package io.hybridsync.kernel;

import java.lang.ref.Reference;

/**
 * The sleep of one thread on futex words, which {@link Thread#interrupt} can end.
 *
 * <p>An interruptible sleep waits for one word more than the caller's: the thread's own {@link CancelWord}. The order
 * makes it tight: read the cancel word, arm, sleep. An interrupt before arm is seen by arm, one after it calls wakeup;
 * either way the cancel word has changed from the value that the kernel compares. So an interrupt is never lost, and
 * as the verdict is taken from the thread's interrupt status and not from the word, never doubled.
 *
 * <p>Where the kernel has no futex_waitv the sleep is cut in slices, and the interrupt status is looked at in between.
 *
 * <p>An uninterruptible sleep is a plain futex call, which an interrupt does not touch: it neither spins nor takes the
 * status away.
 *
 * <p>Belongs to one thread, platform or virtual; a virtual thread pins its carrier while it sleeps.
 */
public final class Sleeper {

    /** How many words {@link #awaitAny} takes; one place of the kernel's is the cancel word's. */
    public static final int MOST_WORDS = Futex.MAX_WORDS - 1;

    private static final long SLICE_NANOS = 20_000_000;

    private static final ThreadLocal<Sleeper> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected Sleeper initialValue() {
            return new Sleeper(Features.current());
        }
    };

    private final Features features;
    private final CancelWord cancel;

    Sleeper(Features features) {
        this(features, new CancelWord());
    }

    Sleeper(Features features, CancelWord cancel) {
        this.features = features;
        this.cancel = cancel;
    }

    /** The calling thread's own. */
    public static Sleeper ofCurrentThread() {
        return OF_THREAD.get();
    }

    /**
     * Sleeps while the word has the expected value. The caller keeps the word's mapping reachable, and looks at the
     * word once more after every return, before it reports a time-out or an interrupt: the word may have been woken
     * too.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}; Long.MAX_VALUE is for ever
     * @param interruptible whether an interrupt ends the sleep
     * @return 0 woken, perhaps spuriously; -EAGAIN the word has another value; -ETIMEDOUT; -EINTR, only if
     *     interruptible, the thread's interrupt status is set, and stays set for the caller to take
     */
    public int await(long address, int expected, long deadlineNanos, boolean interruptible) {
        if (!interruptible) {
            return awaitUninterruptibly(address, expected, deadlineNanos);
        }
        if (Thread.currentThread().isInterrupted()) {
            return -Errno.EINTR;
        }
        return features.futexWaitv()
                ? awaitCancellable(address, expected, deadlineNanos)
                : awaitInSlices(address, expected, deadlineNanos);
    }

    /**
     * Sleeps while each of some words has its expected value, like {@link #await}. Needs {@link Features#futexWaitv}.
     * Several of the words may have been woken: the caller passes on the wakes of those that it does not take.
     *
     * @param addresses the words
     * @param expected their values, in the same order
     * @param count how many of the two arrays to use, at most {@link #MOST_WORDS}
     * @return 0 some word was woken, perhaps spuriously; -EAGAIN some word has another value; -ETIMEDOUT; -EINTR as in
     *     {@link #await}
     * @throws UnsupportedOperationException where the kernel cannot wait for several words
     */
    public int awaitAny(long[] addresses, int[] expected, int count, long deadlineNanos, boolean interruptible) {
        if (!features.futexWaitv()) {
            throw new UnsupportedOperationException("No futex_waitv: it needs Linux 5.16, and can be switched off.");
        }
        if (count < 1 || count > MOST_WORDS) {
            throw new IllegalArgumentException("count is " + count + ", not 1 to " + MOST_WORDS);
        }
        if (!interruptible) {
            return indexAsWoken(signalAsSpurious(Futex.awaitAny(addresses, expected, count, deadlineNanos)));
        }
        return Thread.currentThread().isInterrupted()
                ? -Errno.EINTR
                : awaitAnyCancellable(addresses, expected, count, deadlineNanos);
    }

    private int awaitAnyCancellable(long[] addresses, int[] expected, int count, long deadlineNanos) {
        int before = cancel.value();
        cancel.arm();
        try {
            int result = Futex.awaitAnyOr(addresses, expected, count, cancel.address(), before, deadlineNanos);
            return verdict(result, count, before);
        } finally {
            cancel.disarm();
            Reference.reachabilityFence(cancel);
        }
    }

    private static int awaitUninterruptibly(long address, int expected, long deadlineNanos) {
        return signalAsSpurious(Futex.await(address, expected, deadlineNanos));
    }

    private int awaitCancellable(long address, int expected, long deadlineNanos) {
        int before = cancel.value();
        cancel.arm();
        try {
            return verdict(Futex.awaitEither(address, expected, cancel.address(), before, deadlineNanos), 1, before);
        } finally {
            cancel.disarm();
            Reference.reachabilityFence(cancel);
        }
    }

    /** What the caller's own words did comes first; the rest is an interrupt, or the late wake-up of a former one. */
    private int verdict(int result, int words, int before) {
        boolean wordChanged = result == -Errno.EAGAIN && cancel.value() == before;
        boolean wordWoken = result >= 0 && result < words;
        if (wordWoken || wordChanged || result == -Errno.ETIMEDOUT) {
            return indexAsWoken(result);
        }
        return Thread.currentThread().isInterrupted() ? -Errno.EINTR : 0;
    }

    private static int indexAsWoken(int result) {
        return Math.min(result, 0);
    }

    private static int awaitInSlices(long address, int expected, long deadlineNanos) {
        for (;;) {
            long slice = Math.min(deadlineNanos, System.nanoTime() + SLICE_NANOS);
            int result = Futex.await(address, expected, slice);
            if (result == 0 || result == -Errno.EAGAIN) {
                return result;
            }
            if (Thread.currentThread().isInterrupted()) {
                return -Errno.EINTR;
            }
            if (slice == deadlineNanos) {
                return signalAsSpurious(result);
            }
        }
    }

    /** -EINTR means an interrupted thread to our callers; a signal handler that ran means nothing to them. */
    private static int signalAsSpurious(int result) {
        return result == -Errno.EINTR ? 0 : result;
    }
}
