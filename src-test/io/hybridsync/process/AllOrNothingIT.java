package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody takes many objects at once, over and over, while others look at one and then at another: as long as he gives
 * nothing back, whoever sees the one taken sees the other taken.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class AllOrNothingIT {

    private static final int OBJECTS = 16;
    private static final long MILLIS = 1000;

    @TempDir
    Path directory;

    @Test
    void whoTriesNeverFindsAPartTaken() throws Exception {
        look(object -> {
            boolean got = switch (object) {
                case HybridSemaphore semaphore -> semaphore.tryAcquire();
                case HybridMutex mutex -> mutex.tryLock();
                case HybridEvent event -> isThere(event);
            };
            if (got) {
                giveBack(object);
            }
            return !got;
        });
    }

    @Test
    void whoLooksNeverFindsAPartTaken() throws Exception {
        look(object -> switch (object) {
            case HybridSemaphore semaphore -> semaphore.availablePermits() == 0;
            case HybridMutex mutex -> mutex.isLocked();
            case HybridEvent event -> !event.isSet();
        });
    }

    private static boolean isThere(HybridEvent event) {
        try {
            return event.await(0, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    private static HybridObject create(SyncDomain domain, int index) {
        return switch (index % 3) {
            case 0 -> domain.createSemaphore(SemaphoreSpec.permits(1).maximum(1));
            case 1 -> domain.createMutex(MutexSpec.unlocked());
            default -> domain.createEvent(EventSpec.autoReset().signaled());
        };
    }

    private static void giveBack(HybridObject object) {
        switch (object) {
            case HybridSemaphore semaphore -> semaphore.release();
            case HybridMutex mutex -> mutex.unlock();
            case HybridEvent event -> event.set();
        }
    }

    private void look(Predicate<HybridObject> isTaken) throws Exception {
        try (SyncDomain domain =
                SyncDomain.builder("all").directory(directory).linger(Duration.ZERO).claimTimeout(Duration.ofHours(1)).open()) {
            List<HybridObject> all = IntStream.range(0, OBJECTS)
                    .mapToObj(i -> create(domain, i))
                    .toList();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            AtomicLong gifts = new AtomicLong();
            FutureTask<Long> taker = new FutureTask<>(() -> takeAndGiveBack(domain, all, gifts, end));
            Thread.ofPlatform().start(taker);
            long parts = 0;
            long seen = 0;
            for (int i = 0; !taker.isDone(); i++) {
                HybridObject one = all.get(i % OBJECTS);
                HybridObject other = all.get(i / OBJECTS % OBJECTS);
                long before = gifts.get();
                boolean taken = isTaken.test(one);
                boolean otherTaken = isTaken.test(other);
                if (before % 2 == 0 && gifts.get() == before && taken) {
                    parts += otherTaken ? 0 : 1;
                    seen++;
                }
            }
            System.out.printf("taken at once: %d times, seen %d times, in part %d times%n", taker.get(), seen, parts);
            assertThat(parts).isZero();
            assertThat(seen).isPositive();
        }
        Residue.assertNone(directory);
    }

    /** @param gifts odd while something is given back */
    private static long takeAndGiveBack(SyncDomain domain, List<HybridObject> all, AtomicLong gifts, long end)
            throws InterruptedException {
        long times = 0;
        while (System.nanoTime() - end < 0) {
            assertThat(domain.awaitAll(all.toArray(HybridObject[]::new)).acquired()).isTrue();
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
            }
            gifts.incrementAndGet();
            all.forEach(AllOrNothingIT::giveBack);
            gifts.incrementAndGet();
            times++;
        }
        return times;
    }
}
