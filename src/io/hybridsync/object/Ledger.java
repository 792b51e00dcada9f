package io.hybridsync.object;

/**
 * How a client tells its broker what it holds of leased semaphores: memory that the two share with nobody else, which the
 * client writes and the broker reads. It is a row of entries, each in a line of its own.
 *
 * <pre>
 *   offset   0                          8                                                  64
 *           +--------------------------+-------------------+------------------+- - - - - -+
 *           | object:64, 0 for no one  |   inflight:32     |     held:32      |           |
 *           +--------------------------+-------------------+------------------+- - - - - -+
 * </pre>
 *
 * held is signed, and in the upper half of the word: permits that one thread acquired and another released are counted in
 * two entries, and only the sum of an object's entries means anything. inflight is how many operations are under way that
 * held does not say yet. One store changes both: {@link Lease} tells when.
 */
public final class Ledger {

    /** The bytes of one entry. */
    public static final int ENTRY_BYTES = 64;

    /** Where an entry has the id of its object. */
    public static final int OBJECT = 0;

    /** Where an entry has its word. */
    public static final int WORD = 8;

    /** How many entries an object has: that of its first thread, and that of all others. */
    public static final int ENTRIES = 2;

    private static final int HELD_SHIFT = 32;

    private Ledger() {}

    /** How many permits an entry says are held. */
    public static int held(long word) {
        return (int) (word >> HELD_SHIFT);
    }

    /** Whether operations are under way that the entry does not count yet. */
    public static boolean isUnderWay(long word) {
        return (int) word != 0;
    }

    /** What a change of what is held adds to a word. */
    static long held(int change) {
        return (long) change << HELD_SHIFT;
    }
}
