package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that own mutexes, release semaphores, and wait for one, any, all, and for signals, are killed with SIGKILL at
 * any moment. Whoever next owns what they owned is told, whoever waits goes on by what they gave, and their signals go to
 * the next.
 *
 * <p>{@code -Dkill.seed=N} gives the same choices again, {@code -Dkill.rounds=N} kills more of them. The {@link Watchdog}
 * ends a hang.
 */
class KillIT {

    private static final String DOMAIN = "kill";
    private static final int ROUNDS = 5;
    private static final int VICTIMS = 2;
    private static final int LONGEST_LIFE_MILLIS = 150;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> children = new ArrayList<>();
    private final Stall longest = new Stall(0);
    private final AtomicLong steps = new AtomicLong();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void whatTheDeadHadAndGaveAndHeardGoesToTheLiving() throws Exception {
        Random random = new Random(seed());
        Path file = files.resolve("ledger");
        KillLedger ledger = new KillLedger(file);
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            Survivors survivors = new Survivors(domain, ledger, random);
            try (Watchdog _ = Watchdog.start(DOMAIN, steps::get, Thread.currentThread()::interrupt)) {
                kill(random, file, survivors);
                survivors.end();
            }
            assertThat(ledger.told()).isPositive();
            System.out.printf("kill: %s; all went on within %.1f ms%n", survivors, longest.longestNanos() / 1e6);
        }
    }

    private static long seed() {
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("kill.seed=" + seed);
        return seed;
    }

    private void kill(Random random, Path file, Survivors survivors) throws Exception {
        int rounds = Integer.getInteger("kill.rounds", ROUNDS);
        for (int round = 1; round <= rounds; round++) {
            List<Child> victims = new ArrayList<>();
            for (int i = 0; i < VICTIMS; i++) {
                victims.add(Child.start(Victim.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + (VICTIMS * round + i)));
            }
            children.addAll(victims);
            for (Child victim : victims) {
                assertThat(victim.hear()).isEqualTo(Victim.BUSY);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                victim.kill();
            }
            long dead = System.nanoTime();
            survivors.awaitSigns();
            longest.ended(dead);
            steps.incrementAndGet();
        }
    }
}
