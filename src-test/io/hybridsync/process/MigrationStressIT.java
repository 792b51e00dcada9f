package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.process.StressStep.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects that are opened and closed by processes that come and go, while threads of others operate on them and sleep on
 * them. Pairs of a thread here and a process there follow a random script (see {@link StressStep}), each step is compared
 * with it, and in the end all permits are where they were.
 *
 * <p>{@code -Dstress.seed=N} gives the same scripts again, {@code -Dstress.minutes=N} makes it longer, {@code
 * -Dstress.pairs=N} wider, {@code -Dstress.children=N} lets more pairs have a child at a time:
 *
 * <pre>mvn -B -ntp verify -DskipTests -Dit.test=MigrationStressIT -Dstress.pairs=64 -Dstress.minutes=10</pre>
 *
 * The {@link Watchdog} ends a hang, however long the run may take.
 */
class MigrationStressIT {

    private static final String DOMAIN = "stress";
    private static final int SECONDS = 6;
    private static final int MORE_SECONDS = 13;

    @TempDir
    Path directory;

    /** What all pairs have in common. */
    record Run(
            Path directory, long seed, int pairs, Map<Kind, LongAdder> counts, Stall ownStall, Stall childrenStall) {

        /** What every child is told. */
        List<String> arguments() {
            return List.of(directory.toString(), DOMAIN, "" + seed, "" + pairs);
        }

        /** Counts a step that was done. */
        void count(Kind kind) {
            counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
        }

        /** How many steps of some kinds were done. */
        long done(Kind... kinds) {
            return Arrays.stream(kinds).mapToLong(kind -> counts.getOrDefault(kind, new LongAdder()).sum()).sum();
        }

        /** How many steps were done. */
        long steps() {
            return counts.values().stream().mapToLong(LongAdder::sum).sum();
        }
    }

    @Test
    void everyStepOfEveryPairGoesAsTheScriptSays() throws Exception {
        Run run = new Run(
                directory,
                Long.getLong("stress.seed", System.nanoTime()),
                Integer.getInteger("stress.pairs", 32),
                new ConcurrentHashMap<>(),
                new Stall(),
                new Stall());
        System.out.println("stress.seed=" + run.seed());
        try (SyncDomain domain =
                SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open()) {
            List<HybridSemaphore> semaphores = create(domain, run.pairs());
            followScripts(run, semaphores);
            for (int i = 0; i < semaphores.size(); i++) {
                assertThat(semaphores.get(i).availablePermits()).as(StressScript.name(i)).isEqualTo(permits(i, run.pairs()));
            }
            assertThat(domain.objects()).hasSize(semaphores.size());
            report(run, domain.migrations());
        }
        assertThat(run.counts()).containsOnlyKeys(Kind.values());
        Residue.assertNone(directory);
    }

    private static void report(Run run, long moves) {
        System.out.println("stress: " + new TreeMap<>(run.counts()));
        System.out.printf(Locale.ROOT,
                "stress: %d opens, %d closes, %d moves followed by the parent; longest operation that waits for nobody:"
                        + " %.1f ms in the parent, %.1f ms in a child%n",
                run.done(Kind.OPEN, Kind.MOVE), run.done(Kind.CLOSE, Kind.MOVE), moves,
                run.ownStall().longestNanos() / 1e6, run.childrenStall().longestNanos() / 1e6);
        assertThat(run.ownStall().longestNanos()).isPositive();
        assertThat(run.childrenStall().longestNanos()).isPositive();
        assertThat(moves).isGreaterThan(run.done(Kind.MOVE));
    }

    private static List<HybridSemaphore> create(SyncDomain domain, int pairs) {
        List<HybridSemaphore> semaphores = new ArrayList<>();
        for (int i = 0; i < StressScript.semaphores(pairs); i++) {
            int maximum = StressScript.isOwn(i, pairs) ? StressScript.OWN_MAXIMUM : StressScript.SHARED_PERMITS;
            SemaphoreSpec spec = SemaphoreSpec.permits(permits(i, pairs)).maximum(maximum);
            semaphores.add(domain.createSemaphore(StressScript.name(i), spec));
        }
        return semaphores;
    }

    private static int permits(int semaphore, int pairs) {
        return StressScript.isOwn(semaphore, pairs) ? 0 : StressScript.SHARED_PERMITS;
    }

    /**
     * All pairs have a turn; then again, until the time is over. Few at a time, for a JVM is much for a small machine:
     * those who come after the time have one child only, and who comes much later none, so that the whole is bounded.
     */
    private static void followScripts(Run run, List<HybridSemaphore> semaphores) throws Exception {
        Semaphore places = new Semaphore(Integer.getInteger("stress.children", 3), true);
        long end = System.nanoTime() + duration().toNanos();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("pair ", 0).factory());
        try (Watchdog _ = Watchdog.start(DOMAIN, run::steps, threads::shutdownNow)) {
            List<Future<?>> pairs = new ArrayList<>();
            for (int i = 0; i < run.pairs(); i++) {
                StressPair pair = new StressPair(run, semaphores, i);
                pairs.add(threads.submit(() -> takeTurns(pair, places, end)));
            }
            for (Future<?> pair : pairs) {
                pair.get();
            }
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static Duration duration() {
        int minutes = Integer.getInteger("stress.minutes", 0);
        return minutes > 0 ? Duration.ofMinutes(minutes) : Duration.ofSeconds(SECONDS);
    }

    private static Void takeTurns(StressPair pair, Semaphore places, long end) throws InterruptedException {
        do {
            places.acquire();
            try {
                takeTurn(pair, System.nanoTime() - end);
            } finally {
                places.release();
            }
        } while (System.nanoTime() - end < 0);
        return null;
    }

    private static void takeTurn(StressPair pair, long lateNanos) throws InterruptedException {
        if (lateNanos < 0) {
            pair.turn(StressPair.LIVES_PER_TURN);
        } else if (lateNanos < TimeUnit.SECONDS.toNanos(MORE_SECONDS)) {
            pair.turn(1);
        } else {
            System.out.println("stress: no time left for a turn of " + Thread.currentThread().getName());
        }
    }
}
