package io.hybridsync;

import static java.lang.ref.Reference.reachabilityFence;
import static java.util.Objects.requireNonNull;

import io.hybridsync.client.Opening;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.Mutex;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A reentrant mutex that the processes of one machine share: {@link java.util.concurrent.locks.ReentrantLock} across
 * processes, of which nobody hangs when an owner dies.
 *
 * <p>A thread owns it, platform or virtual, through whichever handle of its domain; it may lock it again, 2^31-1 times, and
 * unlocks it as often. Another thread may overtake waiters (barging), unless the mutex is {@link MutexSpec#fair() fair}.
 *
 * <h2>Owners that end</h2>
 *
 * When the owner's process dies, its thread ends, or the last handle of its domain is closed, the mutex is
 * <em>abandoned</em>: owned by nobody, with what it protects perhaps half done. With {@link Abandonment#REFUSE} whoever
 * locks it gets an {@link io.hybridsync.error.AbandonedMutexException} and owns nothing, until somebody's {@link #recover}
 * owns it. With {@link Abandonment#ADOPT} whoever locks it owns it, and {@link #acquiredAbandoned} tells.
 *
 * <pre>{@code
 * try {
 *     mutex.lock();
 * } catch (AbandonedMutexException e) {
 *     if (mutex.recover()) {
 *         repair();
 *     } else {
 *         ...  // somebody else was faster: lock again
 *     }
 * }
 * }</pre>
 *
 * <p>An uncontended lock or unlock is one compare-and-set in shared memory, no system call and no message; one by a thread
 * that owns it touches no shared memory. A waiter spins for some microseconds, as long as that pays, and then sleeps; a
 * virtual thread parks.
 *
 * <p>Memory effects: what a thread did before it unlocked happens before what another does after it has locked, in any
 * process and for any memory that the two share.
 *
 * <p>Every method throws {@link io.hybridsync.error.ObjectClosedException} when the handle is closed,
 * {@link io.hybridsync.error.CorruptedObjectException} when something else wrote to the object's word,
 * {@link io.hybridsync.error.AccessDeniedException} when it does more than ask through a handle that was opened with
 * {@link Access#QUERY}, and {@link io.hybridsync.error.BrokerUnavailableException} when the broker is needed and does not
 * answer, or stopped in the middle of a transaction on the object and did not go on within the domain's claim timeout. Then
 * nothing has changed; but a {@link MutexSpec#fair} or {@link MutexSpec#brokerOnly} mutex is not the thread's any more when
 * {@link #unlock} throws so: it is unlocked when the broker goes on, or when the next one has taken over. {@link #close} throws
 * {@link IllegalStateException} when it closed the domain's last handle while a thread of it owned the mutex, which is
 * abandoned then.
 */
public final class HybridMutex extends HybridObject implements Lock {

    private final Opening opening;
    private final Mutex mutex;
    private final boolean fair;

    HybridMutex(Opening opening) {
        super(opening);
        this.opening = opening;
        this.mutex = opening.mutex();
        this.fair = opening.isFair();
    }

    /**
     * Locks the mutex, waiting for it as long as it takes; an interrupt stays pending.
     *
     * @throws io.hybridsync.error.AbandonedMutexException when it is abandoned, and not one to be adopted
     * @throws Error when the thread has locked it 2^31-1 times; nothing changed
     */
    @Override
    public void lock() {
        try {
            mutex.lockUninterruptibly(this);
        } finally {
            reachabilityFence(this);
        }
    }

    /**
     * Locks the mutex, waiting for it as long as it takes.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then it was not locked
     * @throws io.hybridsync.error.AbandonedMutexException when it is abandoned, and not one to be adopted
     * @throws Error when the thread has locked it 2^31-1 times; nothing changed
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        Deadline.checkInterrupt();
        boolean locked = lock(Deadline.NEVER);
        assert locked;
    }

    /**
     * Locks the mutex if nobody owns it, or the calling thread does; true if it did. Does not wait, does not queue, and does
     * not look at the interrupt status.
     *
     * @throws io.hybridsync.error.AbandonedMutexException when it is abandoned, and not one to be adopted
     * @throws Error when the thread has locked it 2^31-1 times; nothing changed
     */
    @Override
    public boolean tryLock() {
        try {
            return mutex.tryLock();
        } finally {
            reachabilityFence(this);
        }
    }

    /**
     * Locks the mutex, waiting for it until the time has passed; true if it did. With no time it tries once.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then it was not locked
     * @throws io.hybridsync.error.AbandonedMutexException when it is abandoned, and not one to be adopted
     * @throws Error when the thread has locked it 2^31-1 times; nothing changed
     */
    @Override
    public boolean tryLock(long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(unit, "unit");
        Deadline.checkInterrupt();
        if (timeout <= 0 && !fair) {
            return tryLock();
        }
        return lock(Deadline.after(unit.toNanos(timeout)));
    }

    /**
     * Unlocks the mutex; with the last of the thread's locks another may have it.
     *
     * @throws IllegalMonitorStateException when the calling thread does not own it; nothing changed
     */
    @Override
    public void unlock() {
        try {
            mutex.unlock();
        } finally {
            reachabilityFence(this);
        }
    }

    /**
     * The mutex's condition without a name: one for all, in every process.
     *
     * <p>Who awaits a condition is queued at the broker before he unlocks the mutex; {@code signal} wakes the one who has
     * waited longest, over all processes; the signal of one whose process died goes to the next. When {@code await} returns or
     * throws, the thread owns the mutex again, as often as before, and takes it over if it was abandoned meanwhile:
     * {@link #acquiredAbandoned} tells; that takes as long as it takes, also when the broker is stopped. Without owning it the
     * thread comes back only when the mutex cannot be owned any more: the handle was closed, or the object is corrupted.
     *
     * <p>Its methods throw {@link IllegalMonitorStateException} when the calling thread does not own the mutex, and
     * {@link io.hybridsync.error.LimitExceededException} when the process has as many waits at the broker as it may have;
     * nothing changed then.
     */
    @Override
    public Condition newCondition() {
        return new SharedCondition(this, opening.condition(mutex));
    }

    /**
     * The mutex's condition of that name: the same in every process.
     *
     * @param name 1 to 1023 bytes of UTF-8 without NUL
     * @throws IllegalArgumentException when the name is none
     * @see #newCondition()
     */
    public Condition newCondition(String name) {
        return new SharedCondition(this, opening.condition(mutex, requireNonNull(name, "name")));
    }

    /**
     * Locks the mutex if it is abandoned. It is not abandoned any more then; what it protects is the caller's to repair.
     *
     * @return false when it is not abandoned; nothing changed
     */
    public boolean recover() {
        try {
            return mutex.recover();
        } finally {
            reachabilityFence(this);
        }
    }

    /** Whether an owner has ended without unlocking and nobody has owned the mutex since. */
    public boolean isAbandoned() {
        try {
            return mutex.isAbandoned();
        } finally {
            reachabilityFence(this);
        }
    }

    /** Whether the calling thread owns the mutex, and it had been abandoned when the thread came to own it. */
    public boolean acquiredAbandoned() {
        return mutex.isAdopted();
    }

    /** Whether the calling thread owns the mutex. */
    public boolean isHeldByCurrentThread() {
        return mutex.holds() > 0;
    }

    /** How many times the calling thread has locked the mutex and not unlocked it. */
    public int getHoldCount() {
        return mutex.holds();
    }

    /** Whether any thread of any process owns the mutex at this moment. */
    public boolean isLocked() {
        try {
            return mutex.isLocked();
        } finally {
            reachabilityFence(this);
        }
    }

    /** Whether waiters are served strictly first in, first out. */
    public boolean isFair() {
        return fair;
    }

    /**
     * Locks the mutex for a block: {@code try (var held = mutex.hold()) { ... }}; closing what it returns unlocks it, once. A
     * close that throws may be tried again: it does nothing if the mutex is not the thread's any more.
     *
     * @throws InterruptedException as {@link #lockInterruptibly}
     */
    public Held hold() throws InterruptedException {
        lockInterruptibly();
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (!given.get()) {
                unlock(given);
            }
        };
    }

    /** An unlock that the broker has not answered is one: another would be of what the thread locks later. */
    private void unlock(AtomicBoolean given) {
        try {
            unlock();
            given.set(true);
        } catch (BrokerUnavailableException e) {
            given.set(!mutex.isMine());
            throw e;
        }
    }

    @Override
    void signal() {
        unlock();
    }

    @Override
    void checkSignal() {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("the calling thread does not own " + this);
        }
    }

    private boolean lock(long deadlineNanos) throws InterruptedException {
        try {
            return mutex.lock(deadlineNanos, this);
        } finally {
            reachabilityFence(this);
        }
    }
}
