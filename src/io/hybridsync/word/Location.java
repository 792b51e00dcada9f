package io.hybridsync.word;

/**
 * Where a word is: the identity that goes into the base of its hash.
 *
 * @param slab the slab's id: 64 bits, never reused; the upper half is the incarnation of the broker that made it
 * @param offset bytes from the start of the slab
 * @param generation changes with every reuse of the place
 */
public record Location(long slab, int offset, int generation) {

    /** The word is the broker's own, and operations on it are messages. No slab has this id. */
    public static final Location BROKER = new Location(0, 0, 0);

    /** The base of the hashes of all words at this location. */
    public int base() {
        return Word.base(slab, offset, generation);
    }

    @Override
    public String toString() {
        return equals(BROKER) ? "the broker" : "slab 0x%x, offset %d, generation %d".formatted(slab, offset, generation);
    }
}
