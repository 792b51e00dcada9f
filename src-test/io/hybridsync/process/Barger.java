package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * A process that takes and gives back one of several semaphores at a time as fast as it can, until it hears anything; then
 * it says how often. Arguments: directory, domain, seed.
 */
public final class Barger {

    /** How many semaphores there are, of one permit each. */
    static final int OBJECTS = 16;

    /** What it says when it has begun. */
    static final String BARGING = "barging";

    private static final int LONGEST_HOLD_SPINS = 50;

    private Barger() {}

    static String name(int index) {
        return "semaphore " + index;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO).claimTimeout(Duration.ofHours(1))
                .open()) {
            List<HybridSemaphore> semaphores = IntStream.range(0, OBJECTS)
                    .mapToObj(i -> domain.openSemaphore(name(i)))
                    .toList();
            AtomicBoolean enough = new AtomicBoolean();
            long[] times = new long[1];
            Thread thread = Thread.ofPlatform()
                    .start(() -> times[0] = barge(semaphores, new Random(Long.parseLong(arguments[2])), enough));
            System.out.println(BARGING);
            int _ = System.in.read();
            enough.set(true);
            thread.join();
            System.out.println(times[0]);
        }
    }

    private static long barge(List<HybridSemaphore> semaphores, Random random, AtomicBoolean enough) {
        long times = 0;
        while (!enough.get()) {
            HybridSemaphore semaphore = semaphores.get(random.nextInt(OBJECTS));
            if (semaphore.tryAcquire()) {
                for (int spins = random.nextInt(LONGEST_HOLD_SPINS); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                semaphore.release();
                times++;
            }
        }
        return times;
    }
}
