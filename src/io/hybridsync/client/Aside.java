package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Daemon;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the connection's thread has to see to and must not wait for. Each thing is done once, by a short-lived thread that does
 * nothing else meanwhile; where there are many such threads already, or none is to be had, it waits for its turn.
 *
 * <p>What fails for a limit has changed nothing, and others may take less soon, as of the broker's heap: it is tried again until
 * it is done, or fails otherwise. Nobody else would see to it, and what was to be given back would be lost to all. Who runs into a
 * limit for good has to notice that himself.
 *
 * <p>Thread-safe. But only the connection's thread comes again when {@link #tend} says so.
 */
final class Aside {

    /** How many threads there may be at a time. */
    static final int MOST = 32;

    /** When to try again to begin a thread, or what has failed for a limit. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * @param end is run when it will not be tried again
     * @param again whether it was tried before
     */
    private record Task(String what, Runnable body, Runnable end, boolean again) {

        /** Does it; false if it is to be tried again. */
        boolean isOver() {
            boolean over = true;
            try {
                body.run();
            } catch (LimitExceededException e) {
                over = false;
                if (!again) {
                    Log.write(Level.WARNING, () -> what + " is tried again: " + e.getMessage());
                }
            } finally {
                if (over) {
                    end.run();
                }
            }
            return over;
        }

        Task anotherTime() {
            return new Task(what, body, end, true);
        }
    }

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
     * @param end is run after it, when it is done or has failed, and is not going to be tried again
     */
    void run(String what, Runnable body, Runnable end) {
        synchronized (this) {
            due.add(new Task(what, body, end, false));
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
        Task again = null;
        for (Task next = next(again); next != null; next = next(again)) {
            again = run(next) ? null : next.anotherTime();
            if (again != null) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** What is to be done next; null when the thread is to end. What is to be tried again comes after what has waited meanwhile. */
    private synchronized @Nullable Task next(@Nullable Task again) {
        if (again != null) {
            due.add(again);
        }
        Task next = due.poll();
        threads -= next == null ? 1 : 0;
        return next;
    }

    /** False if it is to be tried again. What fails in a way that nobody expects must not keep the rest from being done. */
    private static boolean run(Task task) {
        try {
            return task.isOver();
        } catch (SyncException e) {
            Log.write(Level.WARNING, () -> task.what + " failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            Log.write(Level.ERROR, () -> task.what + " failed: " + e);
        }
        return true;
    }
}
