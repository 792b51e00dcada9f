package io.hybridsync.object;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.slab.Cell;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One open reference to an object. Handles of one client to one object share its {@link Portion}; each is closed on its
 * own, and closing one ends the waits that were begun through it and no others.
 */
public final class Handle {

    private static final long DRAIN_NANOS = 50_000;

    private final Portion portion;
    private final AtomicInteger waits = new AtomicInteger();
    private volatile boolean closed;

    /** The portion, as long as the handle may operate on it: null when it is closed, and when it may only ask. */
    private volatile @Nullable Portion operable;

    /** An open handle that may do everything. */
    public Handle(Portion portion) {
        this(portion, false);
    }

    /**
     * An open handle.
     *
     * @param query whether it may only ask
     */
    public Handle(Portion portion, boolean query) {
        this.portion = portion;
        this.operable = query ? null : portion;
    }

    /**
     * The private portion, to operate on.
     *
     * @throws ObjectClosedException when this handle is closed
     * @throws AccessDeniedException when it may only ask
     */
    public Portion portion() {
        Portion open = operable;
        if (open == null) {
            throw closed ? closed() : denied();
        }
        return open;
    }

    /** The private portion, to ask. */
    private Portion readable() {
        if (closed) {
            throw closed();
        }
        return portion;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** The present value. */
    public int value() {
        return readable().value();
    }

    /** The largest value. */
    public int maximum() {
        return readable().maximum();
    }

    /**
     * Applies a rule once; never waits for a signal.
     *
     * @return the value that it was applied to, or {@link Rule#REFUSED}
     */
    public int attempt(Rule rule, int argument) {
        return portion().attempt(rule, argument);
    }

    /**
     * Applies a rule as soon as the value permits it.
     *
     * @param deadlineNanos until when to wait, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
     * @return false when the deadline passed first
     * @throws InterruptedException when the thread was interrupted first; the interrupt status is cleared
     */
    public boolean await(Rule rule, int argument, long deadlineNanos) throws InterruptedException {
        return portion().attemptNow(rule, argument) || await(new Wait(this, rule, argument, deadlineNanos, true));
    }

    /** Applies a rule as soon as the value permits it; an interrupt stays pending. */
    public void awaitUninterruptibly(Rule rule, int argument) {
        if (portion().attemptNow(rule, argument)) {
            return;
        }
        try {
            await(new Wait(this, rule, argument, Cell.FOREVER, false));
        } catch (InterruptedException e) {
            throw new AssertionError("a sleep that cannot be interrupted was", e);
        }
    }

    private boolean await(Wait wait) throws InterruptedException {
        waits.getAndIncrement();
        try {
            return wait.run();
        } finally {
            waits.getAndDecrement();
        }
    }

    /**
     * Closes the handle: from now on every operation through it throws {@link ObjectClosedException}, and so do those that
     * wait; returns when they have left. A second call does nothing.
     *
     * @return whether this call closed it
     */
    public boolean close() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            operable = null;
        }
        drain();
        return true;
    }

    /** Wakes until nobody waits: one wake is not enough for a thread that is about to sleep. */
    private void drain() {
        while (waits.get() != 0) {
            portion.wakeAll();
            LockSupport.parkNanos(DRAIN_NANOS);
        }
    }

    ObjectClosedException closed() {
        return new ObjectClosedException("this handle to " + portion.title() + " is closed");
    }

    private AccessDeniedException denied() {
        return new AccessDeniedException("this handle to " + portion.title()
                + " was opened to ask only; open the object with full access to operate on it or wait for it");
    }
}
