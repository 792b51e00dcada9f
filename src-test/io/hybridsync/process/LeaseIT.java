package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that acquire and release leased permits are killed with SIGKILL at any moment, one or several, while a third is
 * stopped now and then. Then those who are left rest and say what they hold: all else is free, no more and no less.
 *
 * <p>{@code -Dlease.seed=N} gives the same choices again, {@code -Dlease.rounds=N} kills more of them. The {@link Watchdog}
 * ends a hang.
 */
class LeaseIT {

    /** The semaphores: in memory of those who have it open, in memory of all, at the broker. */
    static final List<String> NAMES = List.of("shared", "also shared", "global", "at the broker");

    /** Rest, for good. */
    static final String END = "end";

    /** How many permits each has. */
    static final int TOTAL = 6;

    private static final String DOMAIN = "lease";
    private static final int MINE = 1;
    private static final int ROUNDS = 8;
    private static final int HOLDERS = 3;
    private static final int LONGEST_LIFE_MILLIS = 120;

    @TempDir
    Path directory;

    private final List<Child> children = new ArrayList<>();
    private final List<Child> living = new ArrayList<>();
    private final AtomicLong steps = new AtomicLong();
    private int started;

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void whatTheDeadHeldComesBackExactly() throws Exception {
        long seed = Long.getLong("lease.seed", System.nanoTime());
        System.out.println("lease.seed=" + seed);
        Random random = new Random(seed);
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                        .directory(directory)
                        .linger(Duration.ZERO)
                        .claimTimeout(Duration.ofHours(1))
                        .open();
                Watchdog _ = Watchdog.start(DOMAIN, steps::get, Thread.currentThread()::interrupt)) {
            List<HybridSemaphore> semaphores = create(domain);
            for (HybridSemaphore semaphore : semaphores) {
                semaphore.acquire(MINE);
            }
            int killed = 0;
            for (int round = 0; round < Integer.getInteger("lease.rounds", ROUNDS); round++) {
                killed += round(random, semaphores, round % 3 == 1);
                steps.incrementAndGet();
            }
            for (Child child : living) {
                assertThat(held(child.ask(END))).hasSameSizeAs(NAMES);
                assertThat(child.waitFor()).isZero();
            }
            living.clear();
            check(semaphores, List.of());
            System.out.printf("lease: %d processes killed%n", killed);
        }
    }

    /** Creates the semaphores. */
    static List<HybridSemaphore> create(SyncDomain domain) {
        SemaphoreSpec leased = SemaphoreSpec.permits(TOTAL).leased();
        List<SemaphoreSpec> specs = List.of(leased, leased.compact(), leased.global(), leased.brokerOnly());
        List<HybridSemaphore> semaphores = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            semaphores.add(domain.createSemaphore(NAMES.get(i), specs.get(i)));
        }
        return semaphores;
    }

    private int round(Random random, List<HybridSemaphore> semaphores, boolean stopping) throws Exception {
        while (living.size() < HOLDERS) {
            start(random);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
        Child stopped = living.getLast();
        if (stopping) {
            signal(stopped, "STOP");
        }
        int victims = 1 + random.nextInt(HOLDERS - 1);
        for (int i = 0; i < victims; i++) {
            living.removeFirst().kill();
        }
        if (stopping) {
            List<HybridSemaphore> lent = lend(semaphores);
            signal(stopped, "CONT");
            for (HybridSemaphore semaphore : lent) {
                semaphore.acquire(MINE);
            }
        }
        List<int[]> rest = new ArrayList<>();
        for (Child child : living) {
            rest.add(held(child.ask("rest")));
        }
        check(semaphores, rest);
        living.forEach(child -> child.say("go"));
        return victims;
    }

    private void start(Random random) {
        Child child = Child.start(
                Leaseholder.class, directory.toString(), DOMAIN, "" + random.nextLong(), "" + ++started);
        children.add(child);
        living.add(child);
        assertThat(child.hear()).isEqualTo(Leaseholder.BUSY);
    }

    private static void signal(Child child, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + child.process().pid()).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Whoever is stopped, wherever: nobody else is kept from anything. Those that somebody else has got by then. */
    private static List<HybridSemaphore> lend(List<HybridSemaphore> semaphores) {
        semaphores.forEach(semaphore -> semaphore.release(MINE));
        return semaphores.stream().filter(semaphore -> !semaphore.tryAcquire(MINE)).toList();
    }

    /** From "[2, 0, 1, 0]". */
    private static int[] held(String text) {
        return Arrays.stream(text.substring(1, text.length() - 1).split(", ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private void check(List<HybridSemaphore> semaphores, List<int[]> rest) {
        for (int i = 0; i < semaphores.size(); i++) {
            int index = i;
            int expected = TOTAL - MINE - rest.stream().mapToInt(held -> held[index]).sum();
            awaitPermits(semaphores.get(i), expected);
        }
    }

    /** Waits until that many permits are there; for the watchdog to interrupt. */
    static void awaitPermits(HybridSemaphore semaphore, int expected) {
        int there = semaphore.availablePermits();
        while (there != expected) {
            assertThat(Thread.currentThread().isInterrupted())
                    .as("%s: %d permits instead of %d", semaphore, there, expected)
                    .isFalse();
            LockSupport.parkNanos(1_000_000);
            there = semaphore.availablePermits();
        }
    }
}
