package io.hybridsync.app;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the demo's processes share, without names. The events are opened through a client of their own, so that the domain's
 * migrations are those of the semaphore and the mutex alone.
 */
final class DemoObjects implements AutoCloseable {

    private final int permits;
    private final SyncDomain domain;
    private final SyncDomain events;
    private final HybridSemaphore readers;
    private final HybridMutex mutex;
    private final HybridEvent start;
    private final DoneEvents done;

    /**
     * @param name of the domain
     * @param permits how many may read at a time
     * @param lives how many workers there will be
     * @param last how many of them are there at the end
     */
    DemoObjects(String name, int permits, int lives, int last) {
        this.permits = permits;
        this.domain = open(name);
        this.events = open(name);
        // one more than there are is the maximum, so that it can be waited for and never comes
        this.readers = domain.createSemaphore(SemaphoreSpec.permits(permits).maximum(permits + 1));
        this.mutex = domain.createMutex(MutexSpec.unlocked());
        this.start = events.createEvent(EventSpec.manualReset());
        this.done = new DoneEvents(events, lives, last);
    }

    private static SyncDomain open(String name) {
        return SyncDomain.builder(name).linger(Duration.ZERO).open();
    }

    SyncDomain domain() {
        return domain;
    }

    /** Limits who reads. */
    HybridSemaphore readers() {
        return readers;
    }

    /** Protects the shared files. */
    HybridMutex mutex() {
        return mutex;
    }

    /** Starts the work. */
    HybridEvent start() {
        return start;
    }

    DoneEvents done() {
        return done;
    }

    /** What the n-th worker is told. */
    DemoWorker.Orders orders(int life, Path directory, int share, boolean sabotage) {
        return new DemoWorker.Orders(
                domain.name(), readers.token(), mutex.token(), start.token(), done.of(life).token(), directory, share, sabotage);
    }

    /** That all permits are there, and nobody owns the mutex. */
    void requireFree() throws DemoFailure {
        if (readers.availablePermits() != permits) {
            throw new DemoFailure("at the end %s has %d permits, not %d"
                    .formatted(readers, readers.availablePermits(), permits));
        }
        if (mutex.isLocked() || mutex.isAbandoned()) {
            throw new DemoFailure("at the end %s is %s".formatted(mutex, mutex.isLocked() ? "locked" : "abandoned"));
        }
    }

    @Override
    public void close() {
        events.close();
        domain.close();
    }
}
