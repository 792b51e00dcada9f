package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Eight JVMs, eight semaphores, random sizes, timeouts and interrupts, and waiters that are killed with SIGKILL. */
@Timeout(120)
class HammerIT {

    private static final int WORKERS = 5;
    private static final int VICTIMS = 3;
    private static final int MILLIS = 6000;

    @TempDir
    Path directory;

    @Test
    void sumsAreExactAndNobodyHangsWhenWaitersAreKilled() throws Exception {
        long seed = Long.getLong("hammer.seed", System.nanoTime());
        System.out.println("hammer.seed=" + seed);
        Random random = new Random(seed);
        List<HybridSemaphore> semaphores = new ArrayList<>();
        List<Child> workers = new ArrayList<>();
        int kills = 0;
        try (SyncDomain domain =
                SyncDomain.builder("hammer").directory(directory).linger(Duration.ZERO).open()) {
            for (int i = 0; i < Hammer.SEMAPHORES; i++) {
                semaphores.add(domain.createSemaphore(
                        Hammer.name(i), SemaphoreSpec.permits(Hammer.PERMITS).maximum(Hammer.PERMITS + 1)));
            }
            for (int i = 0; i < WORKERS; i++) {
                workers.add(start(random, "worker"));
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            while (System.nanoTime() < end) {
                kills += killVictims(random);
            }
            for (Child worker : workers) {
                assertThat(worker.hear()).isEqualTo("hammering");
                assertThat(worker.hear()).isEqualTo("done");
                assertThat(worker.waitFor()).isZero();
            }
            assertThat(semaphores).allSatisfy(s -> assertThat(s.availablePermits()).isEqualTo(Hammer.PERMITS));
            assertThat(kills).isGreaterThanOrEqualTo(VICTIMS);
        } finally {
            workers.forEach(Child::close);
        }
        Residue.assertNone(directory);
    }

    private int killVictims(Random random) throws InterruptedException {
        List<Child> victims = new ArrayList<>();
        try {
            for (int i = 0; i < VICTIMS; i++) {
                victims.add(start(random, "victim"));
            }
            for (Child victim : victims) {
                assertThat(victim.hear()).isEqualTo("hammering");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
                victim.kill();
            }
        } finally {
            victims.forEach(Child::close);
        }
        return VICTIMS;
    }

    private Child start(Random random, String role) {
        int millis = role.equals("victim") ? 60_000 : MILLIS;
        return Child.start(Hammer.class, directory.toString(), "hammer", "" + random.nextLong(), "" + millis, role);
    }
}
