package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Daemon;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
 * <p>When it is closed, what is under way is waited for: with the connection over, it ends soon.
 *
 * <p>Thread-safe. But only the connection's thread comes again when {@link #tend} says so.
 */
final class Aside implements AutoCloseable {

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

    /** How many have something to do. */
    private int threads;

    /** Those, and some that have ended, or not even begun. */
    private final List<Thread> begun = new ArrayList<>();

    private boolean scarce;
    private boolean closed;

    Aside() {
        this(Daemon::start);
    }

    /** @param start begins a thread, or throws LimitExceededException */
    Aside(Consumer<Thread> start) {
        this.start = start;
    }

    /**
     * Does something soon, unless this is closed. That it cannot be done is told in the log.
     *
     * @param what it is, for the log
     * @param end is run after it, when it is done or has failed, and is not going to be tried again
     */
    void run(String what, Runnable body, Runnable end) {
        synchronized (this) {
            if (closed) {
                return;
            }
            due.add(new Task(what, body, end, false));
        }
        long _ = tend();
    }

    /**
     * Begins a thread for what waits, if it may.
     *
     * @return when to try again, on the clock of {@link System#nanoTime}
     */
    synchronized long tend() {
        Task next = closed || threads == MOST ? null : due.peek();
        if (next == null) {
            return Long.MAX_VALUE;
        }
        Thread thread = Daemon.named("hybrid-sync: " + next.what, this::work);
        begun.removeIf(one -> !one.isAlive());
        begun.add(thread);
        try {
            start.accept(thread);
        } catch (LimitExceededException e) {
            if (!scarce) {
                Log.write(Level.WARNING, () -> next.what + " has to wait: " + e.getMessage());
            }
            scarce = true;
            return System.nanoTime() + PAUSE_NANOS;
        }
        threads++;
        scarce = false;
        return Long.MAX_VALUE;
    }

    /** Waits until its threads have ended. What none has begun with is not done, nor tried again, nor are the ends of that. */
    @Override
    public void close() {
        List<Thread> last;
        synchronized (this) {
            closed = true;
            due.clear();
            last = List.copyOf(begun);
        }
        last.forEach(Uninterrupted::join);
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
        if (again != null && !closed) {
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
