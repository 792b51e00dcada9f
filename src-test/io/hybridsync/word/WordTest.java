package io.hybridsync.word;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordTest {

    private static final long WORDS = 10_000_000;
    private static final int SLICE_BITS = 16;
    private static final int HASH_BITS = 28;

    @Test
    void theVectorsOfTheSpecification() {
        int base = Word.base(1, 64, 1);
        assertThat(base).isEqualTo(0x2ce20d95);
        assertThat(Word.pack(base, 5, 0)).isEqualTo(0xae344b0000000005L);

        int other = Word.base(0x1_0000_0002L, 4096, 7);
        assertThat(other).isEqualTo(0xb30c41b1);
        assertThat(Word.pack(other, Word.WAITERS, Word.WAKE_BROKER)).isEqualTo(0xfc7f8eb880000000L);
    }

    @Test
    void aLocationSaysWhereItIs() {
        assertThat(new Location(0x1_0000_0002L, 4096, 7)).hasToString("slab 0x100000002, offset 4096, generation 7");
    }

    @Test
    void kindsHaveNumbers() {
        for (Kind kind : Kind.values()) {
            assertThat(Kind.ofCode(kind.code())).isSameAs(kind);
        }
        assertThat(Kind.ofCode(0)).isNull();
        assertThat(Kind.ofCode(4)).isNull();
    }

    /**
     * Each 16 bits of the hash, wherever they begin, over random words: chi-square with 65535 degrees of freedom, mean 65535,
     * standard deviation 362. The bound is five of them to either side: of 13 slices one would be outside by chance in one of
     * 10^5 seeds; the seed is fixed.
     */
    @Test
    void everySliceOfTheHashIsUniform() {
        int slices = HASH_BITS - SLICE_BITS + 1;
        int[][] seen = new int[slices][1 << SLICE_BITS];
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < WORDS; i++) {
            long word = random.nextLong();
            int hash = Word.hash(random.nextInt(), Word.data(word), Word.flags(word));
            for (int slice = 0; slice < slices; slice++) {
                seen[slice][(hash >>> slice) & ((1 << SLICE_BITS) - 1)]++;
            }
        }
        double freedom = (1 << SLICE_BITS) - 1;
        double deviation = Math.sqrt(2 * freedom);
        for (int slice = 0; slice < slices; slice++) {
            assertThat(chiSquare(seen[slice])).as("bits from %d", slice)
                    .isBetween(freedom - 5 * deviation, freedom + 5 * deviation);
        }
    }

    /** One pair of places in 2^28 has the same base; of a million pairs none should, and one more would be no surprise. */
    @Test
    void aValidWordIsNotValidAtAnotherPlace() {
        SplittableRandom random = new SplittableRandom(2);
        int undetected = 0;
        for (int i = 0; i < 1_000_000; i++) {
            long slab = (1L + random.nextInt(1000)) << 32 | random.nextInt(1000);
            int offset = random.nextInt(1 << 17) * Long.BYTES;
            int generation = random.nextInt(1 << 20);
            long word = Word.pack(Word.base(slab, offset, generation), random.nextInt(), 0);
            int there = switch (i % 3) {
                case 0 -> Word.base(slab + 1 + random.nextInt(1 << 16), offset, generation);
                case 1 -> Word.base(slab, offset ^ (Long.BYTES << random.nextInt(10)), generation);
                default -> Word.base(slab, offset, generation + 1 + random.nextInt(1 << 20));
            };
            undetected += Word.isValid(there, word) ? 1 : 0;
        }
        assertThat(undetected).isLessThanOrEqualTo(1);
    }

    private static double chiSquare(int[] counts) {
        double expected = WORDS / (double) counts.length;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
