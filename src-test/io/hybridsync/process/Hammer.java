package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that takes and gives back permits of several semaphores at random: sizes, timeouts, interrupts. In the end it
 * holds none. As a victim it only ever asks for more permits than there are, so that it waits and holds nothing: it can be
 * killed at any moment. Arguments: directory, domain, seed, milliseconds, "worker" or "victim".
 */
public final class Hammer {

    /** How many semaphores there are. */
    public static final int SEMAPHORES = 8;

    /** How many permits each has. */
    public static final int PERMITS = 4;

    private static final int THREADS = 2;

    private final List<HybridSemaphore> semaphores = new ArrayList<>();
    private final long endNanos;
    private final boolean victim;

    private Hammer(SyncDomain domain, long millis, boolean victim) {
        for (int i = 0; i < SEMAPHORES; i++) {
            semaphores.add(domain.openSemaphore(name(i)));
        }
        this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        this.victim = victim;
    }

    /** The name of the i-th semaphore. */
    public static String name(int i) {
        return "semaphore " + i;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .open()) {
            Hammer hammer = new Hammer(domain, Long.parseLong(arguments[3]), arguments[4].equals("victim"));
            System.out.println("hammering");
            hammer.run(new Random(Long.parseLong(arguments[2])));
            System.out.println("done");
        }
    }

    private void run(Random random) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random own = new Random(random.nextLong());
            threads.add(Thread.ofPlatform().start(() -> hammer(own)));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            Thread unlucky = threads.get(random.nextInt(THREADS));
            unlucky.join(random.nextInt(1, 5));
            unlucky.interrupt();
        }
    }

    private void hammer(Random random) {
        while (System.nanoTime() < endNanos) {
            HybridSemaphore semaphore = semaphores.get(random.nextInt(SEMAPHORES));
            int permits = victim ? PERMITS + 1 : random.nextInt(1, PERMITS + 1);
            if (take(semaphore, permits, random)) {
                if (random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextInt(50_000));
                }
                semaphore.release(permits);
            }
        }
    }

    private boolean take(HybridSemaphore semaphore, int permits, Random random) {
        try {
            return switch (random.nextInt(victim ? 2 : 4)) {
                case 0 -> semaphore.tryAcquire(permits, random.nextInt(2000), TimeUnit.MICROSECONDS);
                case 1 -> semaphore.tryAcquire(permits, 20, TimeUnit.MILLISECONDS);
                case 2 -> semaphore.tryAcquire(permits);
                default -> {
                    semaphore.acquire(permits);
                    yield true;
                }
            };
        } catch (InterruptedException e) {
            return false;
        }
    }
}
