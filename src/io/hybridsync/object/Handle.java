package io.hybridsync.object;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One open reference to an object. Handles of one client to one object share its {@link Portion}; each is closed on its
 * own, and closing one ends the waits that were begun through it and no others.
 */
public final class Handle {

    private static final long DRAIN_NANOS = 50_000;
    private static final long LONGEST_DRAIN_NANOS = 5_000_000;

    /** One wait of the calling thread. Whatever fails on the way, at the end of a stack say, it is over when it is said to be. */
    public static final class Stay {

        private final Thread thread = Thread.currentThread();

        /** The thread waits no longer; written without a call. */
        public volatile boolean over;
    }

    private final Portion portion;
    private final Set<Stay> waiting = ConcurrentHashMap.newKeySet();
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

    /**
     * Throws what an operation would throw that finds something wrong with the handle or the object.
     *
     * @throws ObjectClosedException when this handle is closed
     * @throws AccessDeniedException when it may only ask
     * @throws io.hybridsync.error.CorruptedObjectException when the word does not verify
     */
    public void check() {
        Portion open = portion();
        open.verify(open.patience(Cell.FOREVER, false, this));
    }

    /** The private portion, to ask. */
    private Portion readable() {
        if (closed) {
            throw closed();
        }
        return portion;
    }

    /** Which thread of this client owns it, if it is a mutex. */
    Ownership ownership() {
        return Objects.requireNonNull(readable().nature().ownership(), "not a mutex");
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Throws what makes a release of one permit impossible that has not to do with how many there are.
     *
     * @throws IllegalStateException when it is leased and this client holds none
     */
    public void checkHeld() {
        portion().checkHeld();
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
        long result = portion().apply(rule, argument);
        return result < 0 ? Rule.REFUSED : (int) result;
    }

    /**
     * Applies a rule as soon as the value permits it.
     *
     * @param deadlineNanos until when to wait, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
     * @param blocker what a parked thread is shown to wait for
     * @return false when the deadline passed first
     * @throws InterruptedException when the thread was interrupted first; the interrupt status is cleared
     */
    public boolean await(Rule rule, int argument, long deadlineNanos, Object blocker) throws InterruptedException {
        long first = portion().applyNow(rule, argument);
        return first >= 0 || await(Want.refused(this, rule, argument, first), deadlineNanos, true, blocker) == Ending.TAKEN;
    }

    /** Applies a rule as soon as the value permits it; an interrupt stays pending. */
    public void awaitUninterruptibly(Rule rule, int argument, Object blocker) {
        long first = portion().applyNow(rule, argument);
        if (first < 0) {
            Ending _ = awaitUninterruptibly(Want.refused(this, rule, argument, first), blocker);
        }
    }

    Ending awaitUninterruptibly(Want want, Object blocker) {
        want.portion().checkHeadroom();
        return awaitWithHeadroom(want, blocker);
    }

    /** The same by a thread that has looked before whether it has the stack for it. */
    Ending awaitWithHeadroom(Want want, Object blocker) {
        try {
            return run(want, Cell.FOREVER, false, blocker);
        } catch (InterruptedException e) {
            throw new AssertionError("a sleep that cannot be interrupted was", e);
        }
    }

    Ending await(Want want, long deadlineNanos, boolean interruptible, Object blocker) throws InterruptedException {
        want.portion().checkHeadroom();
        return run(want, deadlineNanos, interruptible, blocker);
    }

    private Ending run(Want want, long deadlineNanos, boolean interruptible, Object blocker) throws InterruptedException {
        Patience patience = want.portion().patience(deadlineNanos, interruptible, blocker);
        Stay stay = new Stay();
        try {
            enter(stay);
            return want.portion().isAtBroker() ? awaitAtBroker(want, patience) : new Wait(want, patience).run();
        } finally {
            stay.over = true;
            leave(stay);
        }
    }

    private static Ending awaitAtBroker(Want want, Patience patience) throws InterruptedException {
        want.begin(patience);
        Authority.Grant grant = want.portion().authority().await(false, List.of(want), null, patience);
        if (grant.ending() == Ending.TAKEN) {
            want.taken(!grant.abandoned().isEmpty());
            return want.ending();
        }
        return grant.ending();
    }

    /** A thread begins to wait through this handle, until it has said that this is over. */
    public void enter(Stay stay) {
        waiting.add(stay);
    }

    /** It is over. */
    public void leave(Stay stay) {
        waiting.remove(stay);
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

    /**
     * Wakes until nobody waits: one wake is not enough for a thread that is about to sleep. One that waits at the broker has
     * to hear from the broker first.
     */
    private void drain() {
        for (long pause = DRAIN_NANOS; isWaitedFor(); pause = Math.min(2 * pause, LONGEST_DRAIN_NANOS)) {
            portion.wakeAll();
            waiting.forEach(stay -> LockSupport.unpark(stay.thread));
            LockSupport.parkNanos(pause);
        }
    }

    /** Looks at each: how many there are a thread may have failed to count. */
    private boolean isWaitedFor() {
        waiting.removeIf(stay -> stay.over);
        return waiting.iterator().hasNext();
    }

    /** Throws if the handle is closed. */
    public void checkOpen() {
        if (closed) {
            throw closed();
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
