package io.hybridsync.integrity;

import io.hybridsync.word.Word;
import java.util.Random;

/** How a word goes wrong. */
enum Sort {
    /** One bit is another one. */
    FLIP {
        @Override
        long spoil(Random random, int base, long word) {
            return word ^ (1L << random.nextInt(Long.SIZE));
        }
    },

    /** Two bits or more are others. */
    FLIPS {
        @Override
        long spoil(Random random, int base, long word) {
            long bits = 0;
            for (int count = 2 + random.nextInt(8); Long.bitCount(bits) < count; ) {
                bits |= 1L << random.nextInt(Long.SIZE);
            }
            return word ^ bits;
        }
    },

    /** One half is that of another word that was valid there. */
    TORN {
        @Override
        long spoil(Random random, int base, long word) {
            int data = random.nextBoolean() ? random.nextInt(8) : random.nextInt();
            long other = Word.pack(base, data == Word.data(word) ? data ^ 1 : data, random.nextInt(16));
            return random.nextBoolean() ? (other & LOW) | (word & ~LOW) : (word & LOW) | (other & ~LOW);
        }
    },

    /** Two objects have each other's words. */
    SWAPPED,

    /** It is a copy of another object's word. */
    COPIED,

    /** It was valid there, when the place was another object's. */
    OUTDATED,

    /** All of its page is zero. */
    ZEROED {
        @Override
        long spoil(Random random, int base, long word) {
            return 0;
        }
    },

    /** All its bits are random. */
    RANDOM {
        @Override
        long spoil(Random random, int base, long word) {
            return random.nextLong();
        }
    },

    /** It is what it was before: valid. Only the meaning can tell, so the bound does not hold for it. */
    REPLAYED;

    private static final long LOW = 0xffff_ffffL;

    /**
     * A wrong word instead of a right one, as far as that follows from the word alone. May be the same word by chance.
     *
     * @param base of the word's place
     */
    long spoil(Random random, int base, long word) {
        throw new UnsupportedOperationException(name() + " takes more than one word");
    }
}
