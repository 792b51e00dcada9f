package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A process of {@link LeaseIT} whose threads acquire and release leased permits, their own and each other's. Told to rest, it
 * says how many it holds of each semaphore. Arguments: directory, domain, seed, number.
 */
public final class Leaseholder {

    /** What it says when all its threads run. */
    static final String BUSY = "busy";

    private static final int THREADS = 3;
    private static final int EXIT_WRONG = 4;

    private final SyncDomain domain;
    private final List<HybridSemaphore> semaphores;

    /** What is held of each, less what is about to be released. */
    private final AtomicIntegerArray held = new AtomicIntegerArray(LeaseIT.NAMES.size());

    /** The threads, and who tells them. */
    private final Phaser resting = new Phaser(THREADS + 1);

    private volatile boolean rest;

    private Leaseholder(SyncDomain domain) {
        this.domain = domain;
        this.semaphores = LeaseIT.NAMES.stream().map(domain::openSemaphore).toList();
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        Random random = new Random(Long.parseLong(arguments[2]));
        int number = Integer.parseInt(arguments[3]);
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .waiting(number % 2 == 0 ? Waiting.DIRECT : Waiting.PARKED)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            new Leaseholder(domain).serve(random, number);
        }
    }

    private void serve(Random random, int number) throws IOException {
        for (int i = 0; i < THREADS; i++) {
            Random mine = new Random(random.nextLong());
            (i == THREADS - 1 ? Thread.ofVirtual() : Thread.ofPlatform().daemon())
                    .uncaughtExceptionHandler((thread, e) -> wrong(number, e))
                    .start(() -> work(mine));
        }
        System.out.println(BUSY);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            rest = true;
            resting.arriveAndAwaitAdvance();
            System.out.println(held);
            if (line.equals(LeaseIT.END)) {
                return;
            }
            in.readLine();
            rest = false;
            resting.arriveAndAwaitAdvance();
        }
    }

    private static void wrong(int number, Throwable e) {
        System.err.println("process " + number);
        e.printStackTrace();
        Runtime.getRuntime().halt(EXIT_WRONG);
    }

    private void work(Random random) {
        for (;;) {
            if (rest) {
                resting.arriveAndAwaitAdvance();
                resting.arriveAndAwaitAdvance();
            }
            try {
                step(random, random.nextInt(semaphores.size()));
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts", e);
            }
        }
    }

    private void step(Random random, int index) throws InterruptedException {
        HybridSemaphore semaphore = semaphores.get(index);
        int permits = 1 + random.nextInt(2);
        switch (random.nextInt(8)) {
            case 0 -> took(index, semaphore.tryAcquire(permits) ? permits : 0);
            case 1, 2 -> took(index, semaphore.tryAcquire(permits, 2, TimeUnit.MILLISECONDS) ? permits : 0);
            case 3 -> takeAll(index, (index + 1) % semaphores.size());
            default -> giveBack(index, semaphore, permits);
        }
    }

    private void takeAll(int one, int other) throws InterruptedException {
        if (domain.awaitAll(Duration.ofMillis(2), semaphores.get(one), semaphores.get(other)).acquired()) {
            took(one, 1);
            took(other, 1);
        }
    }

    private void took(int index, int permits) {
        held.getAndAdd(index, permits);
    }

    /** Whoever has acquired them. */
    private void giveBack(int index, HybridSemaphore semaphore, int permits) {
        for (int there = held.get(index); there >= permits; there = held.get(index)) {
            if (held.compareAndSet(index, there, there - permits)) {
                semaphore.release(permits);
                return;
            }
        }
    }
}
