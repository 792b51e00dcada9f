package io.hybridsync.slab;

/**
 * One word of shared memory and the futexes on its halves. Every access of the library to a word is one of these five
 * operations; a test's double of this class sees them all.
 *
 * <p>All accesses are volatile: what a process wrote before a successful {@link #compareAndSet} is visible to whoever loads
 * the word it wrote, also in other memory that the processes share.
 */
public abstract class Cell {

    /** Wakes everybody. */
    public static final int ALL = Integer.MAX_VALUE;

    /** No deadline. */
    public static final long FOREVER = Long.MAX_VALUE;

    /** Reads the word. */
    public abstract long load();

    /** Writes {@code next} if the word is {@code expected}; true if it did. */
    public abstract boolean compareAndSet(long expected, long next);

    /** Writes the word, whatever it was. For the broker, on places that no client operates on. */
    public abstract void store(long word);

    /**
     * Sleeps if the half is {@code expected}, atomically with respect to wakes that follow a change of it.
     *
     * @param half which half
     * @param expected what it must be for the thread to sleep
     * @param deadlineNanos when to give up, on the clock of {@link System#nanoTime}, or {@link #FOREVER}
     * @param interruptible whether an interrupt of the thread ends the sleep
     */
    public abstract Sleep await(Half half, int expected, long deadlineNanos, boolean interruptible);

    /** Wakes up to {@code count} threads, of all processes, that sleep on the half; returns how many it woke. */
    public abstract int wake(Half half, int count);
}
