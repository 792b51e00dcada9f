package io.hybridsync.error;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The 64-bit word of an object does not verify: something that is not this library wrote to it. Every operation on the
 * object, in every process, throws this exception from then on; {@code close()} works; other objects are untouched.
 * {@code SyncDomain.repair} makes a new object under its name; when every handle to it is closed, its name is free too.
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
    private final Writer[] writers;

    /**
     * A client that has the memory of the word mapped.
     *
     * @param client its id in the domain
     * @param pid its process as the kernel named it to the broker, 0 when unknown
     */
    public record Writer(int client, int pid) implements Serializable {
        @Override
        public String toString() {
            return "client %d (process %d)".formatted(client, pid);
        }
    }

    /**
     * @param object kind and name of the object
     * @param location slab, offset and generation of its word
     * @param word the word that was seen
     * @param hashFound the hash that the word carries, 28 bits
     * @param hashExpected the hash that its data and flags should carry there, 28 bits
     * @param writers who could have written it; empty when that is not known
     */
    public CorruptedObjectException(
            String object, String location, long word, int hashFound, int hashExpected, List<Writer> writers) {
        super("%s is corrupted: its word at %s is 0x%016x, %s. Something else wrote to the memory; %s could have. SyncDomain."
                        .formatted(object, location, word, hashes(hashFound, hashExpected), named(writers))
                + "repair makes a new object under its name, for handles that are opened from then on.");
        this.writers = writers.toArray(Writer[]::new);
        this.object = object;
        this.location = location;
        this.word = word;
        this.hashFound = hashFound;
        this.hashExpected = hashExpected;
    }

    private static String hashes(int found, int expected) {
        return found == expected
                ? "whose hash is right and whose value or flags are not"
                : "with hash 0x%07x where 0x%07x belongs".formatted(found, expected);
    }

    private static String named(List<Writer> writers) {
        return writers.isEmpty()
                ? "who has it mapped"
                : writers.stream().map(Writer::toString).collect(Collectors.joining(", "));
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

    /**
     * The clients that have the memory of the word mapped, so could have written it; empty when the broker could not be
     * asked. Anybody who may trace their processes could have, too.
     */
    public List<Writer> writers() {
        return List.of(writers);
    }
}
