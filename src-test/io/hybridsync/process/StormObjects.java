package io.hybridsync.process;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.WaitResult;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the threads of {@link StormTest} wait for: an object of each kind that many want and few can have, in all ways. */
final class StormObjects {

    static final int PERMITS = 3;

    private static final int LONGEST_MICROS = 500;

    private final SyncDomain domain;
    private final HybridSemaphore semaphore;
    private final HybridMutex mutex;
    private final HybridEvent event;
    private final AtomicInteger permits = new AtomicInteger();
    private final AtomicInteger owners = new AtomicInteger();
    private final AtomicInteger passes = new AtomicInteger();

    StormObjects(SyncDomain domain, boolean brokerOnly) {
        this.domain = domain;
        SemaphoreSpec permitSpec = SemaphoreSpec.permits(PERMITS).maximum(PERMITS);
        MutexSpec mutexSpec = MutexSpec.unlocked();
        EventSpec eventSpec = EventSpec.autoReset().signaled();
        semaphore = domain.createSemaphore(brokerOnly ? permitSpec.brokerOnly() : permitSpec);
        mutex = domain.createMutex(brokerOnly ? mutexSpec.brokerOnly() : mutexSpec);
        event = domain.createEvent(brokerOnly ? eventSpec.brokerOnly() : eventSpec);
    }

    /** Whether nothing is taken any more. */
    boolean isComplete() {
        return semaphore.availablePermits() == PERMITS && !mutex.isLocked() && event.isSet();
    }

    /** Waits in one way, and gives back what it took; whether it took anything. */
    boolean take(Random random) throws InterruptedException {
        int micros = random.nextInt(LONGEST_MICROS);
        return switch (random.nextInt(5)) {
            case 0 -> takePermits(random, random.nextInt(1, PERMITS), micros);
            case 1 -> takeMutex(random, micros);
            case 2 -> takeEvent(random, micros);
            case 3 -> takeAny(random, micros);
            default -> takeAll(random, micros);
        };
    }

    private boolean takePermits(Random random, int count, int micros) throws InterruptedException {
        switch (random.nextInt(3)) {
            case 0 -> semaphore.acquire(count);
            case 1 -> semaphore.acquireUninterruptibly(count);
            default -> {
                if (!semaphore.tryAcquire(count, micros, TimeUnit.MICROSECONDS)) {
                    return false;
                }
            }
        }
        returnPermits(count);
        return true;
    }

    private boolean takeMutex(Random random, int micros) throws InterruptedException {
        switch (random.nextInt(3)) {
            case 0 -> mutex.lockInterruptibly();
            case 1 -> mutex.lock();
            default -> {
                if (!mutex.tryLock(micros, TimeUnit.MICROSECONDS)) {
                    return false;
                }
            }
        }
        returnMutex();
        return true;
    }

    private boolean takeEvent(Random random, int micros) throws InterruptedException {
        switch (random.nextInt(3)) {
            case 0 -> event.await();
            case 1 -> event.awaitUninterruptibly();
            default -> {
                if (!event.await(micros, TimeUnit.MICROSECONDS)) {
                    return false;
                }
            }
        }
        returnEvent();
        return true;
    }

    private boolean takeAny(Random random, int micros) throws InterruptedException {
        List<HybridObject> all = List.of(mutex, event, semaphore);
        WaitResult result = random.nextBoolean()
                ? domain.awaitAny(mutex, event, semaphore)
                : domain.awaitAny(Duration.ofNanos(1000L * micros), mutex, event, semaphore);
        if (result.acquired()) {
            giveBack(all.get(result.index()));
        }
        return result.acquired();
    }

    private boolean takeAll(Random random, int micros) throws InterruptedException {
        List<HybridObject> all = List.of(semaphore, mutex, event);
        WaitResult result = random.nextBoolean()
                ? domain.awaitAll(semaphore, mutex, event)
                : domain.awaitAll(Duration.ofNanos(1000L * micros), event, mutex, semaphore);
        if (result.acquired()) {
            all.forEach(this::giveBack);
        }
        return result.acquired();
    }

    private void giveBack(HybridObject object) {
        switch (object) {
            case HybridSemaphore s -> returnPermits(1);
            case HybridMutex m -> returnMutex();
            case HybridEvent e -> returnEvent();
        }
    }

    private void returnPermits(int count) {
        requireAtMost(PERMITS, permits.addAndGet(count));
        permits.addAndGet(-count);
        semaphore.release(count);
    }

    private void returnMutex() {
        requireAtMost(1, owners.incrementAndGet());
        if (mutex.getHoldCount() != 1) {
            throw new IllegalStateException("locked " + mutex.getHoldCount() + " times");
        }
        owners.decrementAndGet();
        mutex.unlock();
    }

    private void returnEvent() {
        requireAtMost(1, passes.incrementAndGet());
        passes.decrementAndGet();
        if (event.set()) {
            throw new IllegalStateException("set while somebody had it");
        }
    }

    private static void requireAtMost(int most, int taken) {
        if (taken > most) {
            throw new IllegalStateException(taken + " have what there is " + most + " of");
        }
    }
}
