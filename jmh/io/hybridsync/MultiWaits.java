package io.hybridsync;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.hybridsync.kernel.Futex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;

/**
 * What waits for many cost, each beside the least that they could cost, in one run:
 *
 * <ul>
 *   <li>a hand-off to a thread that waits for any of many semaphores and back, beside the same with bare futexes: one thread
 *       in futex_waitv over as many words;
 *   <li>all of many semaphores at once, all there, beside one other question to the broker and its answer;
 *   <li>a hand-off to a virtual thread, to a platform thread that parks, and to one that sleeps in the kernel.
 * </ul>
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@multiwaits</pre>
 */
public final class MultiWaits {

    private static final int ROUNDS = 7;
    private static final int TRIPS = 2000;
    private static final int[] COUNTS = {1, 8, 64, 127};
    private static final VarHandle INT = JAVA_INT.varHandle();

    /** One trip of one side. */
    private interface Turn {
        void run() throws Exception;
    }

    private MultiWaits() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("hybrid-sync-jmh");
        try (SyncDomain domain = open(directory, Waiting.DIRECT);
                SyncDomain parked = open(directory, Waiting.PARKED)) {
            for (int count : COUNTS) {
                any(domain, count);
            }
            for (int count : COUNTS) {
                all(domain, count);
            }
            handOff(domain, parked);
        } finally {
            delete(directory);
        }
    }

    private static SyncDomain open(Path directory, Waiting waiting) {
        return SyncDomain.builder("waits").directory(directory).waiting(waiting).linger(Duration.ZERO).open();
    }

    private static void delete(Path directory) throws IOException, InterruptedException {
        while (Files.exists(directory.resolve("waits"))) {
            Thread.sleep(10);
        }
        Files.delete(directory);
    }

    private static void any(SyncDomain domain, int count) throws Exception {
        HybridSemaphore[] there = semaphores(domain, count, 0);
        HybridSemaphore last = there[count - 1];
        try (HybridSemaphore back = domain.createSemaphore(SemaphoreSpec.permits(0).maximum(1))) {
            double hybrid = micros(
                    Thread.ofPlatform().factory(),
                    () -> {
                        last.release();
                        back.acquire();
                    },
                    () -> {
                        WaitResult ignored = domain.awaitAny(there);
                        back.release();
                    });
            double bare = futexes(count);
            print("any of %d: %.1f us, futex_waitv %.1f us, ratio %.2f", count, hybrid, bare, hybrid / bare);
        }
        close(there);
    }

    private static double futexes(int count) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment words = arena.allocate(64L * (count + 1), 64);
            long[] addresses = IntStream.range(0, count).mapToLong(i -> words.address() + 64L * i).toArray();
            int[] zeroes = new int[count];
            long last = 64L * (count - 1);
            long back = 64L * count;
            return micros(
                    Thread.ofPlatform().factory(),
                    () -> {
                        signal(words, last);
                        while (!INT.compareAndSet(words, back, 1, 0)) {
                            int ignored = Futex.await(words.address() + back, 0, Long.MAX_VALUE);
                        }
                    },
                    () -> {
                        while (!INT.compareAndSet(words, last, 1, 0)) {
                            int ignored = Futex.awaitAny(addresses, zeroes, count, Long.MAX_VALUE);
                        }
                        signal(words, back);
                    });
        }
    }

    private static void signal(MemorySegment words, long offset) {
        INT.setVolatile(words, offset, 1);
        int ignored = Futex.wake(words.address() + offset, 1);
    }

    private static void all(SyncDomain domain, int count) throws Exception {
        HybridSemaphore[] some = semaphores(domain, count, 1_000_000);
        double[] all = new double[ROUNDS];
        double[] one = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            double first = time(() -> {
                WaitResult ignored = domain.awaitAll(some);
            });
            double second = time(() -> {
                Snapshot ignored = some[0].snapshot();
            });
            if (round >= 0) {
                all[round] = first;
                one[round] = second;
            }
        }
        print("all of %d: %.1f us, another question to the broker %.1f us, ratio %.2f",
                count, median(all), median(one), median(all) / median(one));
        close(some);
    }

    private static void handOff(SyncDomain domain, SyncDomain parked) throws Exception {
        double direct = pingPong(domain, Thread.ofPlatform().factory());
        double park = pingPong(parked, Thread.ofPlatform().factory());
        double virtual = pingPong(domain, Thread.ofVirtual().factory());
        print("hand-off and back: to a platform thread %.1f us, to one that parks %.1f us (%.2f), to a virtual one %.1f us (%.2f)",
                direct, park, park / direct, virtual, virtual / direct);
    }

    private static double pingPong(SyncDomain domain, ThreadFactory threads) throws Exception {
        try (HybridSemaphore there = domain.createSemaphore(SemaphoreSpec.permits(0).maximum(1));
                HybridSemaphore back = domain.createSemaphore(SemaphoreSpec.permits(0).maximum(1))) {
            return micros(
                    threads,
                    () -> {
                        there.release();
                        back.acquire();
                    },
                    () -> {
                        there.acquire();
                        back.release();
                    });
        }
    }

    /** The median time of a trip: one side here, the other in a thread of its own. */
    private static double micros(ThreadFactory threads, Turn here, Turn there) throws Exception {
        double[] rounds = new double[ROUNDS];
        Thread other = threads.newThread(() -> {
            try {
                for (int i = 0; i < (ROUNDS + 1) * TRIPS; i++) {
                    there.run();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        for (int round = -1; round < ROUNDS; round++) {
            double time = time(here);
            if (round >= 0) {
                rounds[round] = time;
            }
        }
        other.join();
        return median(rounds);
    }

    private static double time(Turn turn) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < TRIPS; i++) {
            turn.run();
        }
        return (System.nanoTime() - start) / 1e3 / TRIPS;
    }

    private static HybridSemaphore[] semaphores(SyncDomain domain, int count, int permits) {
        return IntStream.range(0, count)
                .mapToObj(i -> domain.createSemaphore(SemaphoreSpec.permits(permits)))
                .toArray(HybridSemaphore[]::new);
    }

    private static void close(HybridSemaphore[] semaphores) {
        List.of(semaphores).forEach(HybridSemaphore::close);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
