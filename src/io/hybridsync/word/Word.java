package io.hybridsync.word;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The shared portion of an object: one 64-bit word.
 *
 * <pre>
 *   63                              36 35    32 31 30                           0
 *  +----------------------------------+--------+--+------------------------------+
 *  |              hash:28             | flags:4| W|           value:31           |
 *  +----------------------------------+--------+--+------------------------------+
 *  |&lt;----------- flags half (a futex) --------&gt;|&lt;----- data half (a futex) -----&gt;|
 * </pre>
 *
 * <p>The hash is FNV-1a (32 bit) over the four data bytes, little endian, and one flag byte, started from a base; the base
 * is FNV-1a over the word's location: slab id (8 bytes), offset (4), generation (4), each little endian. The low 28 bits
 * are kept. So a valid word that was copied to another place, or is left from an earlier use of the place, is not valid
 * there. A word is wrong and undetected with probability 2^-28; it is a guard against accidents, not against adversaries.
 *
 * <p>W is WAITERS: somebody may be asleep on the data half, so a release has to wake. It means the same for every kind.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9923">The FNV Non-Cryptographic Hash Algorithm</a>
 */
public final class Word {

    /** Flag: the broker is in a transaction on the word; everybody else waits. Only the broker sets and clears it. */
    public static final int LOCKED = 1;

    /** Flag: the object lives elsewhere now; the word is a tombstone. Only the broker sets and clears it. */
    public static final int MOVED = 2;

    /** Flag: somebody found the word not to verify. Anyone may set it, only the broker clears it. */
    public static final int CORRUPTED = 4;

    /** Flag: somebody waits at the broker, tell it when you signal. Only the broker sets and clears it; clients keep it. */
    public static final int WAKE_BROKER = 8;

    /** Data bit 31: somebody may be asleep on the data half. */
    public static final int WAITERS = 1 << 31;

    /** The data bits that are the object's value: all but {@link #WAITERS}. */
    public static final int VALUE = ~WAITERS;

    private static final List<String> FLAG_NAMES = List.of("LOCKED", "MOVED", "CORRUPTED", "WAKE_BROKER");

    private static final int OFFSET_BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;
    private static final int PRIME_3 = 0x3ee6b34b;
    private static final int PRIME_4 = 0x502c3f11;
    private static final int HASH_SHIFT = 36;
    private static final int HASH_MASK = (1 << 28) - 1;
    private static final int FLAGS_SHIFT = 32;
    private static final int FLAGS_MASK = 0xf;

    private Word() {}

    /** The base of all hashes of words at a location. Offset in bytes. */
    public static int base(long slab, int offset, int generation) {
        int hash = fnv(fnv(OFFSET_BASIS, (int) slab), (int) (slab >>> 32));
        return fnv(fnv(hash, offset), generation);
    }

    /** The valid word with this data and these flags under a base. */
    public static long pack(int base, int data, int flags) {
        return ((long) hash(base, data, flags) << HASH_SHIFT) | ((long) flags << FLAGS_SHIFT) | (data & 0xffff_ffffL);
    }

    /** Whether the word's hash is the one that belongs to its data and flags under the base. */
    public static boolean isValid(int base, long word) {
        return hashOf(word) == hash(base, data(word), flags(word));
    }

    /** The word's data: {@link #WAITERS} and the value. */
    public static int data(long word) {
        return (int) word;
    }

    /** The word's four flags. */
    public static int flags(long word) {
        return ((int) (word >>> FLAGS_SHIFT)) & FLAGS_MASK;
    }

    /** The names of flags that are set, for people. */
    public static List<String> flagNames(int flags) {
        return IntStream.range(0, FLAG_NAMES.size())
                .filter(bit -> (flags & (1 << bit)) != 0)
                .mapToObj(FLAG_NAMES::get)
                .toList();
    }

    /** The hash that the word carries, right or wrong: 28 bits. */
    public static int hashOf(long word) {
        return (int) (word >>> HASH_SHIFT);
    }

    /** The upper half, hash and flags, as the futex on the flags half compares it. */
    public static int flagsHalf(long word) {
        return (int) (word >>> FLAGS_SHIFT);
    }

    /** The hash that belongs to this data and these flags under a base: 28 bits. */
    public static int hash(int base, int data, int flags) {
        return ((fnv(base, data) ^ flags) * PRIME) & HASH_MASK;
    }

    /** FNV-1a over four bytes, little endian. A run of zero bytes is one multiplication by a power of the prime. */
    private static int fnv(int hash, int bytes) {
        int h = hash ^ (bytes & 0xff);
        if (bytes >>> 8 == 0) {
            return h * PRIME_4;
        }
        h = (h * PRIME) ^ ((bytes >>> 8) & 0xff);
        if (bytes >>> 16 == 0) {
            return h * PRIME_3;
        }
        h = (h * PRIME) ^ ((bytes >>> 16) & 0xff);
        return ((h * PRIME) ^ (bytes >>> 24)) * PRIME;
    }
}
