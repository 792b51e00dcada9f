package io.hybridsync.word;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * What holds for every word.
 *
 * <p>That a flipped bit is always detected needs no luck: to take in a byte is to xor it and to multiply by an odd number,
 * both of which are one-to-one on the low 28 bits. So two words that differ in one byte of data, or in the flags, or in one
 * byte of their location, never have the same hash.
 */
class WordPropertyTest {

    private static final int LOW_28_BITS = (1 << 28) - 1;

    @Property
    void unpackingReturnsWhatWasPacked(
            @ForAll int base, @ForAll("data") int data, @ForAll @IntRange(max = 15) int flags) {
        long word = Word.pack(base, data, flags);
        assertThat(Word.data(word)).isEqualTo(data);
        assertThat(Word.flags(word)).isEqualTo(flags);
        assertThat(Word.hashOf(word)).isEqualTo(Word.hash(base, data, flags)).isBetween(0, LOW_28_BITS);
        assertThat(Word.flagsHalf(word)).isEqualTo((Word.hashOf(word) << 4) | flags);
        assertThat(Word.isValid(base, word)).isTrue();
    }

    @Property
    void theHashIsFnv1aOverTheBytes(@ForAll int base, @ForAll("data") int data, @ForAll @IntRange(max = 15) int flags) {
        byte[] bytes = little(5).putInt(data).put((byte) flags).array();
        assertThat(Word.hash(base, data, flags)).isEqualTo(fnv1a(base, bytes) & LOW_28_BITS);
    }

    @Property
    void theBaseIsFnv1aOverTheLocation(@ForAll("longs") long slab, @ForAll("data") int offset, @ForAll("data") int generation) {
        byte[] bytes = little(16).putLong(slab).putInt(offset).putInt(generation).array();
        assertThat(Word.base(slab, offset, generation)).isEqualTo(fnv1a(0x811c9dc5, bytes));
        assertThat(new Location(slab, offset, generation).base()).isEqualTo(Word.base(slab, offset, generation));
    }

    @Property
    void everyFlippedBitIsDetected(@ForAll int base, @ForAll("data") int data, @ForAll @IntRange(max = 15) int flags) {
        long word = Word.pack(base, data, flags);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(Word.isValid(base, word ^ (1L << bit))).as("bit %d of %016x", bit, word).isFalse();
        }
    }

    /** All 256 values of each byte, and all flags, from one state: all hashes differ. */
    @Property(tries = 200)
    void everyChangeOfOneByteIsDetected(@ForAll int base, @ForAll int data, @ForAll @IntRange(max = 15) int flags) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            Set<Integer> hashes = new HashSet<>();
            for (int value = 0; value < 256; value++) {
                hashes.add(Word.hash(base, (data & ~(0xff << shift)) | (value << shift), flags));
            }
            assertThat(hashes).as("byte at bit %d", shift).hasSize(256);
        }
        Set<Integer> hashes = new HashSet<>();
        for (int value = 0; value < 16; value++) {
            hashes.add(Word.hash(base, data, value));
        }
        assertThat(hashes).hasSize(16);
    }

    /** A word that is copied elsewhere is detected unless the two bases agree in 28 bits; then no word tells them apart. */
    @Property
    void aWordIsValidElsewhereOnlyIfTheBasesAgree(
            @ForAll int base, @ForAll int other, @ForAll("data") int data, @ForAll @IntRange(max = 15) int flags) {
        boolean agree = ((base ^ other) & LOW_28_BITS) == 0;
        assertThat(Word.isValid(other, Word.pack(base, data, flags))).isEqualTo(agree);
        assertThat(Word.isValid(base ^ 0x7000_0000, Word.pack(base, data, flags))).isTrue();
    }

    @Property
    void aPlaceThatDiffersInOneByteIsAnotherPlace(
            @ForAll("longs") long slab,
            @ForAll int offset,
            @ForAll int generation,
            @ForAll @IntRange(min = 1, max = 255) int change,
            @ForAll @IntRange(max = 15) int at,
            @ForAll("data") int data) {
        ByteBuffer bytes = little(16).putLong(slab).putInt(offset).putInt(generation);
        bytes.put(at, (byte) (bytes.get(at) ^ change));
        int there = Word.base(bytes.getLong(0), bytes.getInt(8), bytes.getInt(12));
        assertThat(Word.isValid(there, Word.pack(Word.base(slab, offset, generation), data, 0))).isFalse();
    }

    /** Any data, and often such with bytes that are zero, for which the computation takes a shorter way. */
    @Provide
    Arbitrary<Integer> data() {
        Arbitrary<Integer> gaps = Arbitraries.of(0xff, 0xff00, 0xff_0000, 0xff00_0000, 0xffff, 0xff00ff, 0xff_ff00, 0xff0000ff);
        Arbitrary<Integer> any = Arbitraries.integers();
        return Arbitraries.oneOf(any, gaps.flatMap(mask -> any.map(value -> value & mask)));
    }

    /** Any slab id, and often such of which a half is small. */
    @Provide
    Arbitrary<Long> longs() {
        Arbitrary<Long> any = Arbitraries.longs();
        return Arbitraries.oneOf(any, any.map(value -> value & 0xff_0000_00ffL));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** FNV-1a as it is published: for each byte, xor, then multiply by the prime, modulo 2^32. */
    private static int fnv1a(int start, byte[] bytes) {
        long hash = Integer.toUnsignedLong(start);
        for (byte next : bytes) {
            hash = ((hash ^ Byte.toUnsignedLong(next)) * 16_777_619L) % (1L << 32);
        }
        return (int) hash;
    }
}
