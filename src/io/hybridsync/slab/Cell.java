package io.hybridsync.slab;

import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * One word of shared memory and the futexes on its halves. Every access of the library to a word is one of these
 * operations; a test's double of this class sees them all.
 *
 * <p>All accesses but {@link #storeRelease} are volatile: what a process wrote before a successful {@link #compareAndSet} is
 * visible to whoever loads the word it wrote, also in other memory that the processes share.
 */
public abstract class Cell {

    /** Wakes everybody. */
    public static final int ALL = Integer.MAX_VALUE;

    /** How many futexes a thread can sleep on at once: what futex_waitv takes, less the one that an interrupt wakes. */
    public static final int MOST_WATCHES = 127;

    /** No deadline. */
    public static final long FOREVER = Long.MAX_VALUE;

    /** Reads the word. */
    public abstract long load();

    /** Writes {@code next} if the word is {@code expected}; true if it did. */
    public abstract boolean compareAndSet(long expected, long next);

    /** Writes the word, whatever it was. For the broker, on places that no client operates on. */
    public abstract void store(long word);

    /** The same for a word that one thread writes: in the order of its stores, but not at once. */
    public void storeRelease(long word) {
        store(word);
    }

    /** Where the cell is, for {@link #storeReleaseAt}; 0 where it is in no memory of the machine. */
    public long position() {
        return 0;
    }

    /**
     * As {@link #storeRelease}, for who has no time to look into the cell for where it is.
     *
     * @param position of a cell, not 0; the caller keeps the cell reachable
     */
    public static void storeReleaseAt(long position, long word) {
        VarHandle.releaseFence();
        Memory.PLAIN.set(Memory.ALL, Memory.address(position), word);
    }

    /**
     * Sleeps if the half is {@code expected}, atomically with respect to wakes that follow a change of it.
     *
     * @param half which half
     * @param expected what it must be for the thread to sleep
     * @param patience how to sleep
     */
    public abstract Sleep await(Half half, int expected, Patience patience);

    /**
     * Sleeps if each of several futexes is what is expected of it. A wake of any of them ends it; others may have been woken
     * too, and their wakes spent.
     *
     * @param watches the futexes, of distinct words, this cell's among them; 1 to {@link #MOST_WATCHES}
     * @param patience how to sleep
     */
    public abstract Sleep awaitAny(List<Watch> watches, Patience patience);

    /** Wakes up to {@code count} threads, of all processes, that sleep on the half; returns how many it woke. */
    public abstract int wake(Half half, int count);

    /**
     * Returns if the calling thread can {@link #wake}.
     *
     * @throws StackOverflowError if it may have no stack for that
     */
    public void checkHeadroom() {}
}
