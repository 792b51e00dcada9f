package io.hybridsync.error;

/**
 * The 64-bit word of an object does not verify: something that is not this library wrote to it. Every operation on the
 * object, in every process, throws this exception from then on; {@code close()} works; other objects are untouched.
 * When every handle to it is closed, a new object can be created under its name.
 *
 * <p>The hash has 28 bits and detects accidents, not adversaries: one wrong word in 2^28 passes, and so does a replayed
 * earlier word of the same place.
 */
public final class CorruptedObjectException extends SyncException {

    private static final long serialVersionUID = 1L;

    private final String object;
    private final String location;
    private final long word;
    private final int hashFound;
    private final int hashExpected;

    /**
     * @param object kind and name of the object
     * @param location slab, offset and generation of its word
     * @param word the word that was seen
     * @param hashFound the hash that the word carries, 28 bits
     * @param hashExpected the hash that its data and flags should carry there, 28 bits
     */
    public CorruptedObjectException(String object, String location, long word, int hashFound, int hashExpected) {
        super("%s is corrupted: its word at %s is 0x%016x, with hash 0x%07x where 0x%07x belongs. Something else wrote to"
                        .formatted(object, location, word, hashFound, hashExpected)
                + " the memory. Close every handle to it; then a new object can be created under its name.");
        this.object = object;
        this.location = location;
        this.word = word;
        this.hashFound = hashFound;
        this.hashExpected = hashExpected;
    }

    /** Kind and name of the object. */
    public String object() {
        return object;
    }

    /** Slab, offset and generation of the word. */
    public String location() {
        return location;
    }

    /** The word that was seen by the first operation of this process that found it bad. */
    public long word() {
        return word;
    }

    /** The hash that the word carries, 28 bits. */
    public int hashFound() {
        return hashFound;
    }

    /** The hash that the word's data and flags should carry at its location, 28 bits. */
    public int hashExpected() {
        return hashExpected;
    }
}
