package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.integrity.Spot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that wait for one, any and all of many objects, and open and close them, are stopped with SIGSTOP at any moment
 * and go on a while later. A stopped process is not a dead one: what it has taken stays its own, nobody is told that an owner
 * has ended, and in the end all is there again.
 *
 * <p>{@code -Dstop.seed=N} gives the same choices again, {@code -Dstop.millis=N} makes it so long. The {@link Watchdog} of
 * each process ends a hang.
 */
class StopIT {

    private static final String DOMAIN = "stop";
    private static final int PROCESSES = 3;
    private static final long MILLIS = 4000;
    private static final int SHORTEST_STOP_MILLIS = 200;
    private static final int LONGEST_STOP_MILLIS = 2000;
    private static final int LONGEST_RUN_MILLIS = 200;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void whoeverIsStoppedLosesNothing() throws Exception {
        Random random = new Random(seed());
        long millis = Long.getLong("stop.millis", MILLIS);
        Path file = files.resolve("ledger");
        MixLedger ledger = new MixLedger(file);
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            List<HybridObject> objects =
                    IntStream.range(0, Mix.OBJECTS).mapToObj(i -> Mix.create(domain, i)).toList();
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Child.start(MixChild.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + millis, "" + i));
            }
            while (ledger.progress() == 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            int stops = stopUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), random);
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(MixChild.DONE));
            assertThat(children).allSatisfy(child -> assertThat(child.waitFor()).isZero());
            System.out.printf("stop: %d stops, %d done%n", stops, ledger.progress());
            assertThat(objects).allSatisfy(object -> assertThat(Mix.isComplete(object)).isTrue());
            assertThat(IntStream.range(0, Mix.OBJECTS)).allSatisfy(i -> assertThat(ledger.error(i)).isEmpty());
            assertThat(domain.objects()).hasSize(Mix.OBJECTS);
        }
    }

    /** Whoever has found it tells all others himself: he wakes those who sleep. The broker comes to know later. */
    @Test
    void whoFindsACorruptedWordTellsOthersAlsoWhileTheBrokerStandsStill() throws Exception {
        try (SyncDomain direct = open(Waiting.DIRECT);
                SyncDomain parked = open(Waiting.PARKED);
                HybridSemaphore semaphore = direct.createSemaphore("spoilt", SemaphoreSpec.permits(0));
                HybridSemaphore other = parked.openSemaphore("spoilt")) {
            List<FutureTask<?>> sleepers = new ArrayList<>();
            for (HybridSemaphore one : List.of(semaphore, other)) {
                sleepers.add(new FutureTask<>(one::acquireUninterruptibly, null));
            }
            Thread.ofPlatform().daemon().start(sleepers.getFirst());
            ClientLimitsIT.await(() -> semaphore.snapshot().waiters());
            Thread last = Thread.ofPlatform().daemon().start(sleepers.getLast());
            ClientLimitsIT.await(() -> last.getState() == Thread.State.WAITING);
            Spot spot = Spot.of(semaphore);
            long broker = Residue.brokers(directory).getFirst().pid();
            Limit.run("kill", "-STOP", "" + broker);
            try {
                spot.store(spot.load() ^ 1);
                assertThatThrownBy(semaphore::release).isInstanceOf(CorruptedObjectException.class);
                for (FutureTask<?> sleeper : sleepers) {
                    assertThatThrownBy(() -> sleeper.get(20, TimeUnit.SECONDS))
                            .hasRootCauseInstanceOf(CorruptedObjectException.class);
                }
            } finally {
                Limit.run("kill", "-CONT", "" + broker);
            }
            assertThatThrownBy(() -> parked.openSemaphore("spoilt")).isInstanceOf(CorruptedObjectException.class);
        }
        Residue.assertOnly(directory, DOMAIN + "/broker.log");
        Files.delete(directory.resolve(DOMAIN).resolve("broker.log"));
        Files.delete(directory.resolve(DOMAIN));
    }

    private SyncDomain open(Waiting waiting) {
        return SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).waiting(waiting).open();
    }

    private static long seed() {
        long seed = Long.getLong("stop.seed", System.nanoTime());
        System.out.println("stop.seed=" + seed);
        return seed;
    }

    private int stopUntil(long end, Random random) throws IOException, InterruptedException {
        int stops = 0;
        while (System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_RUN_MILLIS));
            List<Child> some = children.subList(0, 1 + random.nextInt(children.size()));
            for (Child child : some) {
                signal("STOP", child);
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(SHORTEST_STOP_MILLIS, LONGEST_STOP_MILLIS));
            for (Child child : some) {
                signal("CONT", child);
            }
            stops += some.size();
        }
        return stops;
    }

    /** Sends a signal, by its name. */
    static void signal(String signal, Child child) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, "" + child.process().pid())
                .redirectErrorStream(true)
                .start();
        int _ = kill.waitFor();
    }
}
