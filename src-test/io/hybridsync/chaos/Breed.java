package io.hybridsync.chaos;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;

/** Objects that nobody can have at first, of one kind, in one kind of place. */
enum Breed {
    SEMAPHORE,
    SEMAPHORE_COMPACT,
    SEMAPHORE_GLOBAL,
    MUTEX,
    EVENT;

    /** Makes one: without permits, locked by the calling thread, or not signaled. */
    HybridObject create(SyncDomain domain, String name) {
        return switch (this) {
            case SEMAPHORE, SEMAPHORE_COMPACT, SEMAPHORE_GLOBAL -> domain.createSemaphore(name, semaphore());
            case MUTEX -> domain.createMutex(name, MutexSpec.locked());
            case EVENT -> domain.createEvent(name, EventSpec.manualReset());
        };
    }

    /** Opens one. */
    HybridObject open(SyncDomain domain, String name) {
        return switch (this) {
            case SEMAPHORE, SEMAPHORE_COMPACT, SEMAPHORE_GLOBAL -> domain.openSemaphore(name);
            case MUTEX -> domain.openMutex(name);
            case EVENT -> domain.openEvent(name);
        };
    }

    /** Makes a new one under the name of a corrupted one, as {@link #create} makes it. */
    void repair(SyncDomain domain, String name) {
        switch (this) {
            case SEMAPHORE, SEMAPHORE_COMPACT, SEMAPHORE_GLOBAL -> domain.repair(name, semaphore());
            case MUTEX -> domain.repair(name, MutexSpec.locked());
            case EVENT -> domain.repair(name, EventSpec.manualReset());
        }
    }

    private SemaphoreSpec semaphore() {
        SemaphoreSpec none = SemaphoreSpec.permits(0).maximum(5);
        return switch (this) {
            case SEMAPHORE_COMPACT -> none.compact();
            case SEMAPHORE_GLOBAL -> none.global();
            default -> none;
        };
    }

    /** Waits until one can have it. */
    static void await(HybridObject object) throws InterruptedException {
        switch (object) {
            case HybridSemaphore semaphore -> semaphore.acquire();
            case HybridMutex mutex -> mutex.lock();
            case HybridEvent event -> event.await();
        }
    }

    /** An operation that does nothing to what nobody can have. */
    static void tryOut(HybridObject object) {
        boolean _ = switch (object) {
            case HybridSemaphore semaphore -> semaphore.tryAcquire();
            case HybridMutex mutex -> mutex.isLocked();
            case HybridEvent event -> event.isSet();
        };
    }

    /** Lets somebody have it. */
    static void give(HybridObject object) {
        switch (object) {
            case HybridSemaphore semaphore -> semaphore.release();
            case HybridMutex mutex -> mutex.unlock();
            case HybridEvent event -> event.set();
        }
    }
}
