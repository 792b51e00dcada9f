package io.hybridsync.app;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.error.AbandonedMutexException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Threads that wait all the time, so that whoever joins or leaves does so while somebody waits, and releases wake somebody
 * in vain. One waits for more permits of the semaphore than there are. The other waits for the mutex: what it locks it
 * unlocks at once, and comes again. When an owner was killed it owns nothing, and leaves the repair to the others.
 */
final class StandingWaiters implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(1);

    private final HybridSemaphore semaphore;
    private final HybridMutex mutex;
    private final List<Throwable> ended = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;

    private StandingWaiters(HybridSemaphore semaphore, HybridMutex mutex) {
        this.semaphore = semaphore;
        this.mutex = mutex;
        this.threads = List.of(
                Thread.ofPlatform().daemon().unstarted(() -> waitFor(this::awaitPermits)),
                Thread.ofPlatform().daemon().unstarted(() -> waitFor(this::awaitMutex)));
    }

    /** Starts them; the semaphore's maximum is more than its permits. */
    static StandingWaiters of(HybridSemaphore semaphore, HybridMutex mutex) {
        StandingWaiters waiters = new StandingWaiters(semaphore, mutex);
        waiters.threads.forEach(Thread::start);
        return waiters;
    }

    /** What ends by an exception only. */
    private interface Endless {
        void run() throws InterruptedException;
    }

    private void waitFor(Endless what) {
        try {
            what.run();
            ended.add(new IllegalStateException("was given permits that are not there"));
        } catch (RuntimeException | InterruptedException e) {
            ended.add(e);
        }
        if (mutex.isHeldByCurrentThread()) {
            ended.add(new IllegalStateException("was interrupted and owns the mutex"));
        }
    }

    private void awaitPermits() throws InterruptedException {
        semaphore.acquire(semaphore.maximum());
    }

    private void awaitMutex() throws InterruptedException {
        while (true) {
            lockAndUnlock();
            Thread.sleep(PAUSE);
        }
    }

    private void lockAndUnlock() throws InterruptedException {
        try {
            mutex.lockInterruptibly();
        } catch (AbandonedMutexException e) {
            return;
        }
        mutex.unlock();
    }

    /** That none of them has come back. */
    void requireWaiting() throws DemoFailure {
        if (!ended.isEmpty()) {
            throw new DemoFailure("a thread that waits for what is not there: " + ended.getFirst());
        }
    }

    /** Interrupts them, and returns when they have ended, which they do by the interrupt alone. */
    void end() throws DemoFailure {
        close();
        for (Throwable end : ended) {
            if (!(end instanceof InterruptedException)) {
                throw new DemoFailure("a thread that was interrupted in its wait: " + end);
            }
        }
    }

    /** Interrupts them, and returns when they have ended. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
