package io.hybridsync.word;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts by hand what the hash lets through: random words, at a location that changes every 2^20 words, of which one in 2^28
 * verifies by chance. Of 10^10 words 37 are expected, 37 +- 18 with three standard deviations.
 *
 * <pre>
 * java -cp target/classes:target/test-classes io.hybridsync.word.UndetectedWords [WORDS [SEED [THREADS]]]
 * </pre>
 *
 * Defaults: 10000000000 words, seed 1, 2 threads. Prints the number undetected; exit status 1 if it is outside the bounds.
 */
public final class UndetectedWords {

    private static final long WORDS_PER_LOCATION = 1 << 20;

    private UndetectedWords() {}

    /** See the class. */
    public static void main(String[] arguments) {
        long words = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000_000L;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
        long undetected = count(words, seed, threads);
        double expected = words / (double) (1 << 28);
        double bound = 3 * Math.sqrt(expected);
        System.out.printf("%d of %d random words verify; %.1f +- %.1f expected%n", undetected, words, expected, bound);
        System.exit(Math.abs(undetected - expected) <= bound ? 0 : 1);
    }

    private static long count(long words, long seed, int threads) {
        LongAdder undetected = new LongAdder();
        Thread[] workers = IntStream.range(0, threads)
                .mapToObj(i -> Thread.ofPlatform().start(() -> undetected.add(count(words / threads, seed + i))))
                .toArray(Thread[]::new);
        for (Thread worker : workers) {
            join(worker);
        }
        return undetected.sum();
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long count(long words, long seed) {
        long state = mix(seed);
        int base = 0;
        long undetected = 0;
        for (long i = 0; i < words; i++) {
            if (i % WORDS_PER_LOCATION == 0) {
                base = Word.base(state, (int) (i / WORDS_PER_LOCATION) * Long.BYTES, 1);
            }
            state += 0x9e37_79b9_7f4a_7c15L;
            if (Word.isValid(base, mix(state))) {
                undetected++;
            }
        }
        return undetected;
    }

    /** The output function of SplitMix64. */
    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
