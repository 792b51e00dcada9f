package io.hybridsync.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that each fill a place with one process after the other, and what went wrong with any of them. */
final class Places implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();

    void start(int places, Callable<?> filling) {
        for (int i = 0; i < places; i++) {
            running.add(threads.submit(filling));
        }
    }

    boolean isDone() {
        return running.stream().allMatch(Future::isDone);
    }

    /** Waits for that, which they bring about; throws what went wrong with the first that failed. */
    void await(CountDownLatch latch) throws DemoFailure, InterruptedException {
        while (!latch.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            for (Future<?> place : running) {
                if (place.isDone()) {
                    outcome(place);
                }
            }
        }
    }

    /** Waits for all; throws what went wrong with the first that failed. */
    void join() throws DemoFailure, InterruptedException {
        for (Future<?> place : running) {
            outcome(place);
        }
    }

    private static void outcome(Future<?> place) throws DemoFailure, InterruptedException {
        try {
            place.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof DemoFailure failure ? failure : new DemoFailure("a watcher: " + e.getCause());
        }
    }

    /** Interrupts them, and returns when they have ended. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
