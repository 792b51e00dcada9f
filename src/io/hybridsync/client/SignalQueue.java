package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.object.Handle;
import io.hybridsync.object.Mutex;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;

/**
 * The threads that wait for one condition of a mutex, of all clients: a queue at the broker.
 *
 * <p>The broker has a thread in its queue before the thread unlocks the mutex: a signal that is sent by the next owner comes
 * later, and finds it. So a wait that the broker refuses unlocks nothing. Who was signaled locks the mutex again and then says
 * that he has done so; should his client end or close the mutex before that, the broker gives his signal to the next.
 *
 * <p>When the mutex is the broker's own, and the broker does not answer that it is unlocked, it will be, before anything that
 * this client asks later: the thread goes on to wait as if it were, and never comes back without the mutex.
 *
 * <p>A signal that reaches somebody who has given up, or who cannot own the mutex any more, is passed on, as soon as the broker
 * has room for that. Until the broker has answered that it is done the signal counts as not used: should the client end or close
 * the mutex meanwhile it is not lost, but may reach two. Whoever waits for a condition has to expect that.
 */
public final class SignalQueue {

    private final Correspondence connection;
    private final Handle handle;
    private final Mutex mutex;
    private final long object;
    private final String name;
    private final boolean parked;

    SignalQueue(Correspondence connection, Handle handle, Mutex mutex, long object, String name, boolean parked) {
        this.connection = connection;
        this.handle = handle;
        this.mutex = mutex;
        this.object = object;
        this.name = name;
        this.parked = parked;
    }

    /**
     * Unlocks the mutex, waits for a signal, and locks it as often as before.
     *
     * @param deadlineNanos until when to wait, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
     * @param blocker what a parked thread is shown to wait for
     * @return false when the deadline passed first
     * @throws InterruptedException when the thread was interrupted before it was signaled; the interrupt status is cleared,
     *     the mutex locked
     * @throws IllegalMonitorStateException when the calling thread does not own the mutex; nothing changed
     */
    public boolean await(long deadlineNanos, Object blocker) throws InterruptedException {
        return await(new Patience(deadlineNanos, true, parked, blocker));
    }

    /** The same; an interrupt stays pending. */
    public void awaitUninterruptibly(Object blocker) {
        try {
            boolean _ = await(new Patience(Cell.FOREVER, false, parked, blocker));
        } catch (InterruptedException e) {
            throw new AssertionError("a wait that cannot be interrupted was", e);
        }
    }

    /**
     * Lets the thread go that has waited longest, or all.
     *
     * @throws IllegalMonitorStateException when the calling thread does not own the mutex; nothing changed
     */
    public void signal(boolean all) {
        mutex.checkOwned();
        Message.Done _ = connection.ask(
                number -> new Message.ConditionSignal(number, object, name, all), Message.Done.class);
    }

    private boolean await(Patience patience) throws InterruptedException {
        mutex.checkOwned();
        Correspondence.Vigil wait = connection.vigil(
                number -> new Message.ConditionAwait(number, object, name),
                handle::checkOpen,
                this::heard,
                this::passOn);
        Request asked = wait.request();
        int times = unlockWhenQueued(wait, asked);
        boolean signaled = false;
        boolean back = false;
        try {
            signaled = signaled(wait, patience);
            asked.busy = false;
        } catch (RuntimeException | InterruptedException e) {
            asked.busy = false;
            throw e;
        } finally {
            asked.failed |= asked.busy;
            try {
                mutex.relock(times, requireNonNull(patience.blocker()));
                back = true;
            } finally {
                leave(wait, signaled, back);
            }
        }
        return signaled;
    }

    private int unlockWhenQueued(Correspondence.Vigil wait, Request asked) {
        try {
            wait.begin();
            Message.Done _ = connection.ask(Message.Sync::new, Message.Done.class);
            wait.checkAccepted();
            return mutex.unlockAll();
        } catch (RuntimeException | Error e) {
            asked.failed = true;
            wait.abandon();
            throw e;
        }
    }

    private boolean signaled(Correspondence.Vigil wait, Patience patience) throws InterruptedException {
        Handle.Stay stay = new Handle.Stay();
        try {
            handle.enter(stay);
            return wait.await(patience).outcome() == WaitOutcome.TAKEN;
        } finally {
            stay.over = true;
            handle.leave(stay);
        }
    }

    private void leave(Correspondence.Vigil wait, boolean signaled, boolean back) {
        if (signaled && back) {
            connection.left(wait.request().number());
        } else if (signaled) {
            signalNext(wait.request().number());
        }
    }

    /** By the connection's thread, which hands over what is not used yet. */
    private void heard(Message.Answer answer) {
        if (isSignal(answer)) {
            connection.signaled(new Message.HandSignal(answer.request(), object, name));
        }
    }

    private static boolean isSignal(Message.Answer answer) {
        return answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN;
    }

    /** An answer came when nobody waited for it any more. */
    private void passOn(Message.Answer answer) {
        if (isSignal(answer)) {
            signalNext(answer.request());
        }
    }

    /** Only when that is done the signal is used. */
    private void signalNext(int wait) {
        connection.askAside(
                "passing on a signal",
                number -> new Message.ConditionSignal(number, object, name, false),
                () -> connection.left(wait));
    }

    /** The condition's name. */
    @Override
    public String toString() {
        return name.isEmpty() ? "the condition" : "condition \"" + name + '"';
    }
}
