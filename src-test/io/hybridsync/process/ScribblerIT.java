package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.CorruptedObjectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process writes random bytes over all the memory of the library that it has, without end. Who shares an object with it
 * gets the one exception and is never stuck; nobody else notices anything, and the broker goes on.
 */
@Timeout(60)
class ScribblerIT {

    private static final int PAIRS = 20_000;
    private static final int NEW_OBJECTS = 50;

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertOnly(directory, "scribble/broker.log");
    }

    private SyncDomain domain() {
        return SyncDomain.builder("scribble")
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofMillis(200))
                .open();
    }

    @Test
    void whoSharesNothingWithItNoticesNothing() throws Exception {
        try (SyncDomain one = domain();
                SyncDomain two = domain()) {
            HybridSemaphore semaphore = one.createSemaphore("shared semaphore", SemaphoreSpec.permits(0));
            HybridMutex mutex = one.createMutex("shared mutex", MutexSpec.locked());
            HybridEvent event = one.createEvent("shared event", EventSpec.manualReset());
            HybridSemaphore ours = one.createSemaphore("ours", SemaphoreSpec.permits(3));
            HybridSemaphore same = two.openSemaphore("ours");
            HybridMutex lock = two.createMutex("our lock", MutexSpec.unlocked());
            List<FutureTask<Object>> waiting = List.of(
                    waiting(two.openSemaphore("shared semaphore")::acquire),
                    waiting(two.openMutex("shared mutex")::lockInterruptibly),
                    waiting(two.openEvent("shared event")::await));
            HybridMutex alsoLock = one.openMutex("our lock");
            FutureTask<Integer> rival = new FutureTask<>(() -> pairs(same, lock));
            try (Child scribbler = Child.start(Scribbler.class, directory.toString(), "scribble", "1")) {
                assertThat(scribbler.hear()).matches(Scribbler.BUSY + " [1-9]\\d* 3");
                Thread.ofPlatform().start(rival);
                assertThatThrownBy(semaphore::release).isInstanceOf(CorruptedObjectException.class);
                assertThatThrownBy(mutex::unlock).isInstanceOf(CorruptedObjectException.class);
                assertThatThrownBy(event::set).isInstanceOf(CorruptedObjectException.class);
                for (FutureTask<Object> waiter : waiting) {
                    assertThatThrownBy(waiter::get).hasRootCauseInstanceOf(CorruptedObjectException.class);
                }
                assertThat(pairs(ours, alsoLock) + rival.get()).isEqualTo(2 * PAIRS);
                newObjectsCanBeHad(one, two);
                assertThatThrownBy(() -> two.openSemaphore("shared semaphore"))
                        .isInstanceOf(CorruptedObjectException.class);
                assertThat(scribbler.process().isAlive()).isTrue();
            }
            assertThat(ours.availablePermits()).isEqualTo(3);
            assertThat(lock.isLocked()).isFalse();
            assertThatThrownBy(semaphore::tryAcquire).isInstanceOf(CorruptedObjectException.class);
            newObjectsCanBeHad(one, two);
        }
    }

    private interface Wait {
        void await() throws InterruptedException;
    }

    private static FutureTask<Object> waiting(Wait wait) {
        Callable<Object> call = () -> {
            wait.await();
            return "passed";
        };
        FutureTask<Object> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static int pairs(HybridSemaphore semaphore, HybridMutex mutex) {
        int count = 0;
        for (int i = 0; i < PAIRS; i++) {
            semaphore.acquireUninterruptibly();
            semaphore.release();
            mutex.lock();
            try {
                count++;
            } finally {
                mutex.unlock();
            }
        }
        return count;
    }

    /** The broker lives, and what it hands out is good. */
    private static void newObjectsCanBeHad(SyncDomain one, SyncDomain two) throws InterruptedException {
        for (int i = 0; i < NEW_OBJECTS; i++) {
            try (HybridSemaphore here = one.createSemaphore("new", SemaphoreSpec.permits(0));
                    HybridSemaphore there = two.openSemaphore("new")) {
                there.release();
                here.acquire();
            }
        }
    }
}
