package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a wait for all of some objects is overtaken: processes take and give back one of them at a time, as fast as they
 * can, and one thread waits for all.
 *
 * <p>There is no bound that a clock could give: as long as at any moment some object is taken, the wait goes on. What is
 * certain is that nothing but that delays it. Whoever gives back the object at which the wait is subscribed tells the broker,
 * which locks word after word; who wants one of those that are locked waits until the attempt is over. So an attempt fails
 * only at an object further on in the list that somebody has just then. Of B threads that have an object for a part d of
 * their time, any of N at random, each is met with a probability of d at most, whatever N is; so an attempt succeeds with
 * (1 - d)^B or more, and attempts come as often as the object is given back.
 *
 * <p>So it is bounded here: by the attempts, and by the {@link Watchdog}.
 */
class BargingIT {

    private static final String DOMAIN = "barging";
    private static final int PROCESSES = 2;
    private static final long MILLIS = 2000;
    private static final int MOST_TURNS = 2000;

    @TempDir
    Path directory;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void whoWaitsForAllGetsHisTurnWhileOthersTakeOneByOne() throws Exception {
        AtomicLong turns = new AtomicLong();
        List<Long> nanos = new ArrayList<>();
        try (SyncDomain domain =
                        SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).claimTimeout(Duration.ofHours(1)).open();
                Watchdog _ = Watchdog.start(DOMAIN, turns::get, () -> children.forEach(Child::close))) {
            HybridSemaphore[] all = IntStream.range(0, Barger.OBJECTS)
                    .mapToObj(i -> domain.createSemaphore(Barger.name(i), SemaphoreSpec.permits(1).maximum(1)))
                    .toArray(HybridSemaphore[]::new);
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Child.start(Barger.class, directory.toString(), DOMAIN, "" + i));
            }
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(Barger.BARGING));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            do {
                long start = System.nanoTime();
                assertThat(domain.awaitAll(all).acquired()).isTrue();
                nanos.add(System.nanoTime() - start);
                for (HybridSemaphore semaphore : all) {
                    semaphore.release();
                }
            } while (turns.incrementAndGet() < MOST_TURNS && System.nanoTime() - end < 0);
            long overtaken = children.stream().mapToLong(child -> Long.parseLong(child.ask("enough"))).sum();
            report(nanos, overtaken);
            assertThat(overtaken).isPositive();
            assertThat(children).allSatisfy(child -> assertThat(child.waitFor()).isZero());
            assertThat(all).allSatisfy(semaphore -> assertThat(semaphore.availablePermits()).isEqualTo(1));
        }
    }

    private static void report(List<Long> nanos, long overtaken) {
        Collections.sort(nanos);
        System.out.printf(
                "barging: %d turns for all of %d objects while single ones were taken %d times; median %.2f ms, nine of"
                        + " ten within %.2f ms, longest %.2f ms%n",
                nanos.size(), Barger.OBJECTS, overtaken, nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 9 / 10) / 1e6, nanos.getLast() / 1e6);
    }
}
