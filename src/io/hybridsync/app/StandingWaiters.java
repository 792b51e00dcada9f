package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Threads that wait all the time, each for more permits of a semaphore than there are: whoever joins or leaves does so
 * while somebody is asleep on the semaphores, and each release wakes somebody in vain.
 */
final class StandingWaiters implements AutoCloseable {

    private final List<Throwable> ended = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;

    private StandingWaiters(Stream<HybridSemaphore> semaphores) {
        this.threads = semaphores.map(semaphore -> Thread.ofPlatform().daemon().unstarted(() -> await(semaphore)))
                .toList();
    }

    /** Starts one for each; each semaphore's maximum is more than its permits. */
    static StandingWaiters of(HybridSemaphore... semaphores) {
        StandingWaiters waiters = new StandingWaiters(Stream.of(semaphores));
        waiters.threads.forEach(Thread::start);
        return waiters;
    }

    private void await(HybridSemaphore semaphore) {
        try {
            semaphore.acquire(semaphore.maximum());
            ended.add(new IllegalStateException("was given permits that are not there"));
        } catch (RuntimeException | InterruptedException e) {
            ended.add(e);
        }
    }

    /** That none of them has come back. */
    void requireWaiting() throws DemoFailure {
        if (!ended.isEmpty()) {
            throw new DemoFailure("a thread that waits for what is not there: " + ended.getFirst());
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
