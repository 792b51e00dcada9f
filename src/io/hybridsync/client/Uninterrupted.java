package io.hybridsync.client;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits that an interrupt does not end; it stays pending. */
final class Uninterrupted {

    /** Something that takes time. */
    @FunctionalInterface
    private interface Wait<T> {
        T run() throws InterruptedException, ExecutionException, TimeoutException;
    }

    private Uninterrupted() {}

    /**
     * Waits for a result.
     *
     * @param deadlineNanos until when, on the clock of {@link System#nanoTime}; Long.MAX_VALUE for ever
     * @throws ExecutionException what there is instead of a result
     * @throws TimeoutException when the deadline passed first
     */
    static <T> T get(Future<T> future, long deadlineNanos) throws ExecutionException, TimeoutException {
        return run(() -> deadlineNanos == Long.MAX_VALUE
                ? future.get()
                : future.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    /** A result that comes within some time; null when it does not, or there will be none. */
    static <T> @Nullable T getOrNull(Future<T> future, long nanos) {
        try {
            return get(future, System.nanoTime() + nanos);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    /** Waits until a thread has ended, unless it is the calling one. */
    static void join(@Nullable Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            Thread _ = run(() -> {
                thread.join();
                return thread;
            });
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a thread's end", e);
        }
    }

    private static <T> T run(Wait<T> wait) throws ExecutionException, TimeoutException {
        boolean interrupted = false;
        try {
            for (;;) {
                try {
                    return wait.run();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
