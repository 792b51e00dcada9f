package io.hybridsync.integrity;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was planted and what became of it, by sort, against the bound: of the wrong words, one in 2^28 verifies by chance.
 * A sort may be better than that, and most are, for the hash never misses a change within one byte. None may be worse,
 * beyond what chance explains.
 *
 * <p>Confined to one thread; sums can be added up.
 */
final class Tally {

    /** So unlikely that it is not chance. */
    private static final double NO_CHANCE = 1e-6;

    private static final double BOUND = 1.0 / (1 << 28);

    private final Map<Sort, long[]> counts = new EnumMap<>(Sort.class);

    /** Counts wrong words of a sort, and how many of them nobody noticed. */
    void count(Sort sort, long planted, long undetected) {
        long[] count = counts.computeIfAbsent(sort, key -> new long[2]);
        count[0] += planted;
        count[1] += undetected;
    }

    void addAll(Tally other) {
        other.counts.forEach((sort, count) -> count(sort, count[0], count[1]));
    }

    long planted(Sort sort) {
        return counts.getOrDefault(sort, new long[2])[0];
    }

    long undetected(Sort sort) {
        return counts.getOrDefault(sort, new long[2])[1];
    }

    /** All wrong words that were not replays. */
    long planted() {
        return counts.keySet().stream().filter(sort -> sort != Sort.REPLAYED).mapToLong(this::planted).sum();
    }

    /** Those of them that nobody noticed. */
    long undetected() {
        return counts.keySet().stream().filter(sort -> sort != Sort.REPLAYED).mapToLong(this::undetected).sum();
    }

    /** Whether no sort was undetected more often than the bound allows. */
    boolean isWithinTheBound() {
        return counts.keySet().stream().allMatch(this::isWithinTheBound);
    }

    private boolean isWithinTheBound(Sort sort) {
        return sort == Sort.REPLAYED || !isTooMany(undetected(sort), planted(sort) * BOUND);
    }

    /** Whether words of that sort verify as often as the bound says: neither more nor less than chance explains. */
    boolean isAtTheBound(Sort sort) {
        double expected = planted(sort) * BOUND;
        return isWithinTheBound(sort) && atMost(undetected(sort), expected) >= NO_CHANCE;
    }

    /** Whether so many, where others are expected, are more than chance explains: events that are rare and independent. */
    static boolean isTooMany(long found, double expected) {
        return found > 0 && 1 - atMost(found - 1, expected) < NO_CHANCE;
    }

    /** The probability of at most so many: Poisson's. */
    private static double atMost(long found, double expected) {
        double sum = 0;
        double logarithm = -expected;
        for (long k = 0; k <= found; k++) {
            sum += Math.exp(logarithm);
            logarithm += Math.log(expected) - Math.log(k + 1.0);
        }
        return Math.min(sum, 1);
    }

    /** One line for each sort. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((sort, count) -> {
            String note = sort == Sort.REPLAYED
                    ? "valid there once: seen by what they mean, or not at all"
                    : "%.2f expected%s".formatted(count[0] * BOUND, isWithinTheBound(sort) ? "" : ": TOO MANY");
            String name = sort.name().toLowerCase(Locale.ROOT);
            text.append("  %-9s %,15d planted %,15d detected %,6d undetected, %s%n"
                    .formatted(name, count[0], count[0] - count[1], count[1], note));
        });
        return text.toString();
    }
}
