package io.hybridsync.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes kill themselves before and after the accesses of their operations, or stand still there for a while. The number
 * of accesses is counted first, so that no point is forgotten; then a choice of the points, each scene in turn, is gone
 * through.
 *
 * <p>{@code -Dchaos.seed=N} makes the same choice again, {@code -Dchaos.kills=N} kills so often: as often as there are points,
 * and each has been one's last; {@code -Dchaos.stops=N} stops so often; {@code -Dchaos.scene=REGEX} takes some scenes only.
 */
class KillPointsIT {

    private static final int KILLS = 100;
    private static final int STOPS = 24;
    private static final int AT_A_TIME = 3;
    private static final int STOPPED_AT_A_TIME = 6;
    private static final long SHORTEST_STOP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    private static Path directory;

    @TempDir
    private static Path files;

    private static @Nullable Theatre opened;
    private static @Nullable Census counted;

    /** Once: it takes as long as all the kills. */
    @BeforeAll
    static void count() throws Exception {
        long start = System.nanoTime();
        Theatre theatre = new Theatre(directory, files, false);
        opened = theatre;
        Census census = new Census(theatre);
        counted = census;
        System.out.printf("chaos: counted in %.1f s; %s%n", (System.nanoTime() - start) / 1e9, census);
    }

    @AfterAll
    static void nothingIsLeft() throws IOException {
        theatre().close();
        Theatre.assertNothingIsLeft(directory);
    }

    private static Theatre theatre() {
        return requireNonNull(opened);
    }

    private static List<Point> choice(int count, Random random) {
        return requireNonNull(counted).choice(count, random);
    }

    @Test
    void whoeverDiesWhereverLeavesNothingWrongBehind() throws Exception {
        Random random = new Random(seed());
        int kills = Integer.getInteger("chaos.kills", KILLS);
        Company company = new Company(theatre(), choice(kills, random), AT_A_TIME);
        long start = System.nanoTime();
        company.run((point, victim) -> new Trial(point.scene(), theatre()).kill(victim, point.order()));
        System.out.printf("chaos: %d kills, %d of them after the operation; %.1f s%n",
                kills, company.missed(), (System.nanoTime() - start) / 1e9);
        assertThat(company.missed()).as("who died somewhere else").isLessThanOrEqualTo(kills / 2);
    }

    @Test
    void whoeverStandsStillWhereverHoldsNobodyUp() throws Exception {
        Random random = new Random(seed());
        int stops = Integer.getInteger("chaos.stops", STOPS);
        long seed = random.nextLong();
        Company company = new Company(theatre(), choice(stops, random), STOPPED_AT_A_TIME);
        long start = System.nanoTime();
        company.run((point, victim) -> {
            long nanos = new Random(seed + point.toString().hashCode()).nextLong(SHORTEST_STOP_NANOS, LONGEST_STOP_NANOS);
            return new Trial(point.scene(), theatre()).stop(victim, point.order(), nanos);
        });
        System.out.printf("chaos: %d stops, %d of them did not come about; %.1f s%n",
                stops, company.missed(), (System.nanoTime() - start) / 1e9);
        assertThat(company.missed()).as("who did not stand still").isLessThanOrEqualTo(stops / 2);
    }

    private static long seed() {
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        System.out.println("chaos.seed=" + seed);
        return seed;
    }
}
