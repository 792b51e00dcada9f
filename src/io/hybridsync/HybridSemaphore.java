package io.hybridsync;

import static java.lang.ref.Reference.reachabilityFence;
import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.client.Opening;
import io.hybridsync.error.PermitLimitException;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A counting semaphore that the processes of one machine share: {@link java.util.concurrent.Semaphore} across processes.
 *
 * <p>Permits belong to nobody: any process may release what another has acquired, and the permits that a process holds when it
 * dies stay taken, as with POSIX semaphores and those of Windows NT; unless the semaphore is
 * {@link SemaphoreSpec#leased() leased}: then they come back, and only who holds them may release them. An acquire may overtake
 * waiters (barging), unless the semaphore is {@link SemaphoreSpec#fair() fair}.
 *
 * <p>An uncontended acquire or release is one compare-and-set in shared memory, no system call and no message. A waiter
 * spins for some microseconds, as long as that pays, and then sleeps; a virtual thread parks.
 *
 * <p>Memory effects: what a thread did before it released happens before what another does after the acquire that the
 * release enabled, in any process and for any memory that the two share.
 *
 * <p>Every method throws {@link io.hybridsync.error.ObjectClosedException} when the handle is closed,
 * {@link io.hybridsync.error.CorruptedObjectException} when something else wrote to the object's word,
 * {@link io.hybridsync.error.AccessDeniedException} when it acquires or releases through a handle that was opened with
 * {@link Access#QUERY}, and {@link io.hybridsync.error.BrokerUnavailableException} when the broker is needed and does not
 * answer, or stopped in the middle of a transaction on the object and did not go on within the domain's claim timeout.
 * Then nothing has changed; but what the broker was asked for of a {@link SemaphoreSpec#fair} or
 * {@link SemaphoreSpec#brokerOnly} semaphore and has not answered, a release is done when it goes on, or when the next broker
 * has taken over: it is not to be repeated. Permits that were acquired so are given back.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sem_overview.7.html">sem_overview(7)</a>
 */
public final class HybridSemaphore extends HybridObject {

    private final boolean fair;

    HybridSemaphore(Opening opening) {
        super(opening);
        this.fair = opening.isFair();
    }

    /**
     * Takes a permit, waiting for one as long as it takes.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then no permit was taken
     */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Takes that many permits at once, waiting until they are all there. A thread that waits for many can be overtaken for
     * ever by threads that need fewer.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then no permit was taken
     * @throws IllegalArgumentException when negative, or more than the maximum
     */
    public void acquire(int permits) throws InterruptedException {
        checkReachable(permits);
        Deadline.checkInterrupt();
        boolean acquired = await(permits, Deadline.NEVER);
        assert acquired;
    }

    /** Takes a permit, waiting for one as long as it takes; an interrupt stays pending. */
    public void acquireUninterruptibly() {
        acquireUninterruptibly(1);
    }

    /**
     * Takes that many permits at once, waiting until they are all there; an interrupt stays pending.
     *
     * @throws IllegalArgumentException when negative, or more than the maximum
     */
    public void acquireUninterruptibly(int permits) {
        checkReachable(permits);
        try {
            handle().awaitUninterruptibly(SemaphoreRule.ACQUIRE, permits, this);
        } finally {
            reachabilityFence(this);
        }
    }

    /** Takes a permit if one is there; true if it did. Does not wait or queue, nor look at the interrupt status. */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Takes that many permits if they are there; true if it did. Does not wait or queue, nor look at the interrupt status.
     * More than the maximum are never there.
     *
     * @throws IllegalArgumentException when negative
     */
    public boolean tryAcquire(int permits) {
        checkNotNegative(permits);
        return isReachable(permits) && attempt(SemaphoreRule.ACQUIRE, permits) != Rule.REFUSED;
    }

    /**
     * Takes a permit, waiting for one until the time has passed; true if it did. With no time it tries once.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then no permit was taken
     */
    public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, timeout, unit);
    }

    /**
     * Takes that many permits at once, waiting until they are all there or the time has passed; true if it did. With no
     * time it tries once; more than the maximum are never there, so that it does not wait for them.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then no permit was taken
     * @throws IllegalArgumentException when negative
     */
    public boolean tryAcquire(int permits, long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(unit, "unit");
        checkNotNegative(permits);
        Deadline.checkInterrupt();
        if (timeout <= 0 && !fair) {
            return tryAcquire(permits);
        }
        return isReachable(permits) && await(permits, Deadline.after(unit.toNanos(timeout)));
    }

    /**
     * Adds a permit, and lets waiters proceed.
     *
     * @throws PermitLimitException when there are as many as there may be; nothing changed
     * @throws IllegalStateException when it is leased and this process does not hold as many; nothing changed
     */
    public void release() {
        releaseAndGetPrevious(1);
    }

    /**
     * Adds that many permits, and lets waiters proceed. None at all is legal.
     *
     * @throws PermitLimitException when there would be more than there may be; nothing changed
     * @throws IllegalStateException when it is leased and this process does not hold as many; nothing changed
     * @throws IllegalArgumentException when negative
     */
    public void release(int permits) {
        releaseAndGetPrevious(permits);
    }

    /**
     * Adds that many permits, and lets waiters proceed.
     *
     * @return how many there were before
     * @throws PermitLimitException when there would be more than there may be; nothing changed
     * @throws IllegalStateException when it is leased and this process does not hold as many; nothing changed
     * @throws IllegalArgumentException when negative
     */
    public int releaseAndGetPrevious(int permits) {
        checkNotNegative(permits);
        int previous = attempt(SemaphoreRule.RELEASE, permits);
        if (previous == Rule.REFUSED) {
            throw new PermitLimitException("release of %d would raise the permits of %s over its maximum, %d"
                    .formatted(permits, this, maximum()));
        }
        return previous;
    }

    /** How many permits are there at this moment. */
    public int availablePermits() {
        try {
            return handle().value();
        } finally {
            reachabilityFence(this);
        }
    }

    /** Takes all permits that are there and says how many. */
    public int drainPermits() {
        int drained = attempt(SemaphoreRule.DRAIN, 0);
        return drained == Rule.REFUSED ? 0 : drained;
    }

    /** How many permits there may be. */
    public int maximum() {
        return handle().maximum();
    }

    /** Whether waiters are served strictly first in, first out. */
    public boolean isFair() {
        return fair;
    }

    /**
     * Takes a permit for a block: {@code try (var held = semaphore.hold()) { ... }}.
     *
     * @throws InterruptedException as {@link #acquire()}
     */
    public Held hold() throws InterruptedException {
        return hold(1);
    }

    /**
     * Takes that many permits for a block; closing what it returns releases them, once.
     *
     * @throws InterruptedException as {@link #acquire(int)}
     * @throws IllegalArgumentException when negative, or more than the maximum
     */
    public Held hold(int permits) throws InterruptedException {
        acquire(permits);
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (given.compareAndSet(false, true)) {
                giveBack(permits, given);
            }
        };
    }

    /** What was not given back may be so later, unless the broker has been asked for it: then it is done when it goes on. */
    private void giveBack(int permits, AtomicBoolean given) {
        try {
            release(permits);
        } catch (BrokerUnavailableException e) {
            given.set(handle().portion().isAtBroker());
            throw e;
        }
    }

    @Override
    void signal() {
        release();
    }

    @Override
    void checkSignal() {
        handle().checkHeld();
    }

    private int attempt(Rule rule, int permits) {
        try {
            return handle().attempt(rule, permits);
        } finally {
            reachabilityFence(this);
        }
    }

    private boolean await(int permits, long deadlineNanos) throws InterruptedException {
        try {
            return handle().await(SemaphoreRule.ACQUIRE, permits, deadlineNanos, this);
        } finally {
            reachabilityFence(this);
        }
    }

    /** Whether so many permits can ever be there; who asks in vain hears of a handle or an object that is of no use. */
    private boolean isReachable(int permits) {
        return permits <= maximum() || attempt(Rule.LOOK, 0) == Rule.REFUSED;
    }

    private void checkReachable(int permits) {
        checkNotNegative(permits);
        int maximum = maximum();
        if (permits > maximum) {
            throw new IllegalArgumentException(
                    "%d permits can never be there: the maximum of %s is %d".formatted(permits, this, maximum));
        }
    }

    private static void checkNotNegative(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits must not be negative, and is " + permits);
        }
    }
}
