package io.hybridsync;

import static java.lang.ref.Reference.reachabilityFence;
import static java.util.Objects.requireNonNull;

import io.hybridsync.client.Opening;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.Rule;
import java.util.concurrent.TimeUnit;

/**
 * An event that the processes of one machine share: threads wait until it is signaled. The counterpart of the event
 * objects of Windows NT.
 *
 * <p>A manual-reset event lets everybody pass from {@link #set} to {@link #reset}. An auto-reset event lets one thread pass
 * each time it is set, and that takes the signal; setting it twice before anybody has passed is setting it once.
 *
 * <p>{@link #pulse} lets those go who wait at that moment, of a manual-reset event all, of an auto-reset event one, and
 * never anybody who comes later. A thread waits from its first look at the event that finds it unsignaled, whether it is
 * asleep yet or not, and nobody who waits is passed over.
 *
 * <p>An operation on an event where nobody waits is one compare-and-set in shared memory, no system call and no message. A
 * waiter spins for some microseconds, as long as that pays, and then sleeps; a virtual thread parks.
 *
 * <p>Memory effects: what a thread did before it set or pulsed the event happens before what another does after the wait
 * that this ended, in any process and for any memory that the two share.
 *
 * <p>Every method throws {@link io.hybridsync.error.ObjectClosedException} when the handle is closed,
 * {@link io.hybridsync.error.CorruptedObjectException} when something else wrote to the object's word,
 * {@link io.hybridsync.error.AccessDeniedException} when it does more than ask through a handle that was opened with
 * {@link Access#QUERY}, and {@link io.hybridsync.error.BrokerUnavailableException} when the broker is needed and does not
 * answer, or stopped in the middle of a transaction on the object and did not go on within the domain's claim timeout.
 * Then nothing has changed; but what a {@link EventSpec#brokerOnly} event was asked for, by {@link #set}, {@link #reset} or
 * {@link #pulse}, is done when the broker goes on, or when the next one has taken over. A wait takes no signal then.
 *
 * @see <a href="https://learn.microsoft.com/en-us/windows/win32/sync/event-objects">event objects of Windows</a>
 */
public final class HybridEvent extends HybridObject {

    private final boolean autoReset;

    HybridEvent(Opening opening) {
        super(opening);
        this.autoReset = opening.isAutoReset();
    }

    /**
     * Signals the event, and lets waiters pass: of a manual-reset event all, of an auto-reset event one.
     *
     * @return whether it was signaled before
     */
    public boolean set() {
        return change(EventRule.setting(autoReset));
    }

    /**
     * Takes the signal back. Who waited when a manual-reset event was set passes all the same.
     *
     * @return whether it was signaled before
     */
    public boolean reset() {
        return change(EventRule.RESET);
    }

    /**
     * Lets those go who wait at this moment, of a manual-reset event all, of an auto-reset event one, and nobody who comes
     * later. The event is not signaled then; a signal that nobody had taken is taken back. Two pulses of an auto-reset event
     * between which nobody has gone are one.
     *
     * @return whether it was signaled before
     */
    public boolean pulse() {
        return change(EventRule.pulsing(autoReset));
    }

    /** Whether it is signaled at this moment. */
    public boolean isSet() {
        try {
            return isSet(handle().value());
        } finally {
            reachabilityFence(this);
        }
    }

    /** Whether a thread that passes takes the signal. */
    public boolean isAutoReset() {
        return autoReset;
    }

    /**
     * Waits until the event lets the thread pass, as long as it takes.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then it took no signal
     */
    public void await() throws InterruptedException {
        Deadline.checkInterrupt();
        await(Deadline.NEVER);
    }

    /**
     * Waits until the event lets the thread pass, or the time has passed; true if it did pass. With no time it tries once.
     *
     * @throws InterruptedException when the thread is interrupted on entry or while it waits; then it took no signal
     */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(unit, "unit");
        Deadline.checkInterrupt();
        if (timeout <= 0) {
            return attempt(EventRule.awaiting(autoReset), EventRule.NOT_WAITING) != Rule.REFUSED;
        }
        return await(Deadline.after(unit.toNanos(timeout)));
    }

    /** Waits until the event lets the thread pass, as long as it takes; an interrupt stays pending. */
    public void awaitUninterruptibly() {
        try {
            handle().awaitUninterruptibly(EventRule.awaiting(autoReset), EventRule.NOT_WAITING, this);
        } finally {
            reachabilityFence(this);
        }
    }

    @Override
    void signal() {
        set();
    }

    private boolean await(long deadlineNanos) throws InterruptedException {
        try {
            return handle().await(EventRule.awaiting(autoReset), EventRule.NOT_WAITING, deadlineNanos, this);
        } finally {
            reachabilityFence(this);
        }
    }

    private boolean change(EventRule rule) {
        return isSet(attempt(rule, 0));
    }

    private int attempt(EventRule rule, int argument) {
        try {
            return handle().attempt(rule, argument);
        } finally {
            reachabilityFence(this);
        }
    }

    private static boolean isSet(int value) {
        return (value & EventRule.SIGNALED) != 0;
    }
}
