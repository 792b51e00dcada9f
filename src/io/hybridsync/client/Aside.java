package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Daemon;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the connection's thread has to see to and must not wait for. Each thing is done once, by a short-lived thread that does
 * nothing else meanwhile; where there are many such threads already, or none is to be had, it waits for its turn.
 *
 * <p>Thread-safe. But only the connection's thread comes again when {@link #tend} says so.
 */
final class Aside {

    /** How many threads there may be at a time. */
    static final int MOST = 32;

    /** When to try again to begin a thread. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private record Task(String what, Runnable body) {}

    private final Consumer<Thread> start;

    /** Guarded by this object, as what follows. */
    private final Queue<Task> due = new ArrayDeque<>();

    private int threads;
    private boolean scarce;

    Aside() {
        this(Daemon::start);
    }

    /** @param start begins a thread, or throws LimitExceededException */
    Aside(Consumer<Thread> start) {
        this.start = start;
    }

    /**
     * Does something soon. That it cannot be done is told in the log.
     *
     * @param what it is, for the log
     */
    void run(String what, Runnable body) {
        synchronized (this) {
            due.add(new Task(what, body));
        }
        long _ = tend();
    }

    /**
     * Begins a thread for what waits, if it may.
     *
     * @return when to try again, on the clock of {@link System#nanoTime}
     */
    long tend() {
        String what = begin();
        if (what == null) {
            return Long.MAX_VALUE;
        }
        try {
            start.accept(Daemon.named("hybrid-sync: " + what, this::work));
            begun(true);
            return Long.MAX_VALUE;
        } catch (LimitExceededException e) {
            if (begun(false)) {
                Log.write(Level.WARNING, () -> what + " has to wait: " + e.getMessage());
            }
            return System.nanoTime() + PAUSE_NANOS;
        }
    }

    /** What the next thread is for; null if there is to be none. */
    private synchronized @Nullable String begin() {
        Task next = threads == MOST ? null : due.peek();
        threads += next == null ? 0 : 1;
        return next == null ? null : next.what;
    }

    /** Whether that has changed anything for the worse. */
    private synchronized boolean begun(boolean done) {
        boolean worse = !done && !scarce;
        threads -= done ? 0 : 1;
        scarce = !done;
        return worse;
    }

    private void work() {
        for (Task next = next(); next != null; next = next()) {
            run(next);
        }
    }

    /** What is to be done next; null when the thread is to end. */
    private synchronized @Nullable Task next() {
        Task next = due.poll();
        threads -= next == null ? 1 : 0;
        return next;
    }

    /** What fails in a way that nobody expects must not keep the rest from being done. */
    private static void run(Task task) {
        try {
            task.body.run();
        } catch (SyncException e) {
            Log.write(Level.WARNING, () -> task.what + " failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            Log.write(Level.ERROR, () -> task.what + " failed: " + e);
        }
    }
}
