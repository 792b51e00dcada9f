package io.hybridsync.integrity;

import io.hybridsync.word.Word;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Wrong words alone, verified as fast as they can be made. So many that some pass: the bound is not only kept, it is
 * measured. Places are random; so are the words that go wrong, half of them small values as most words are.
 */
final class Sieve {

    private static final int WORDS_PER_PLACE = 1 << 18;
    private static final int SPOILED_PER_PLACE = 1 << 10;

    private final Tally tally = new Tally();
    private final RandomGenerator random;
    private final Random choices;
    private long state;

    Sieve(long seed) {
        choices = new Random(seed);
        random = choices;
        state = choices.nextLong();
    }

    /** Goes on as long as it may, at least once. */
    Tally run(BooleanSupplier goesOn) {
        do {
            place();
        } while (goesOn.getAsBoolean());
        return tally;
    }

    private void place() {
        long slab = random.nextLong();
        int offset = random.nextInt(1 << 20) * Long.BYTES;
        int generation = random.nextInt();
        int base = Word.base(slab, offset, generation);
        if (Word.isValid(base, 0)) {
            return;  // Such a place is never handed out.
        }
        randomWords(base);
        int elsewhere = Word.base(slab, random.nextInt(1 << 20) * Long.BYTES, generation);
        int earlier = Word.base(slab, offset, generation - 1 - random.nextInt(3));
        for (int i = 0; i < SPOILED_PER_PLACE; i++) {
            int data = random.nextBoolean() ? random.nextInt(8) : random.nextInt();
            int flags = random.nextInt(4) == 0 ? random.nextInt(16) : 0;
            long word = Word.pack(base, data, flags);
            for (Sort sort : new Sort[] {Sort.FLIP, Sort.FLIPS, Sort.TORN}) {
                verify(sort, base, word, sort.spoil(choices, base, word));
            }
            verify(Sort.COPIED, base, word, Word.pack(elsewhere, data ^ (i & 3), flags));
            verify(Sort.OUTDATED, base, word, Word.pack(earlier, data, flags));
            verify(Sort.ZEROED, base, word, 0);
        }
    }

    private void verify(Sort sort, int base, long right, long wrong) {
        if (wrong != right) {
            tally.count(sort, 1, Word.isValid(base, wrong) ? 1 : 0);
        }
    }

    /** The most of them: SplitMix64, since a slower source of words would be what is measured. */
    private void randomWords(int base) {
        int undetected = 0;
        for (int i = 0; i < WORDS_PER_PLACE; i++) {
            state += 0x9e37_79b9_7f4a_7c15L;
            long z = (state ^ (state >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
            undetected += Word.isValid(base, z ^ (z >>> 31)) ? 1 : 0;
        }
        tally.count(Sort.RANDOM, WORDS_PER_PLACE, undetected);
    }
}
