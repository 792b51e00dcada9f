package io.hybridsync.client;

import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread at the broker: a request that is answered some day, exactly once.
 *
 * <p>Time-outs, interrupts and closed handles are this side's affair. Whichever comes first withdraws the wait, and then the
 * one answer decides: the broker may have taken what was waited for before it heard of it. Then it is taken, and the
 * interrupt stays pending; never both, never neither.
 *
 * <p>The interrupt status is put aside while the thread is parked, for parking does not block with it set, and is put back
 * unless the wait ends by it.
 *
 * <p>A broker that does not answer in time what was withdrawn is given up. Should it have taken something after all, its late
 * answer says so, and {@code undo} takes that back. A wait that was not withdrawn survives its broker: the next one is asked
 * for it, with the place that it had in its queue.
 *
 * <p>A thread that fails while it asks or waits, as one that has no stack left, will make use of nothing: {@link Request}. It
 * leaves the queue at once if it can say so, otherwise when it is its turn.
 */
final class BrokerWait implements Correspondence.Vigil {

    private final Connection connection;
    private final Runnable checkOpen;
    private final Request asked;

    /** What ends the wait unless it is answered otherwise; null as long as it was not withdrawn. */
    private @Nullable Exception reason;

    private boolean withdrawn;
    private long deadlineNanos;
    private boolean interrupted;

    /**
     * @param request gives the message for a request number
     * @param checkOpen throws when a handle was closed through which it is waited
     * @param heard is told the answer first, by the connection's thread
     * @param undo takes back, by the connection's thread, what was taken when nobody waits any more
     */
    BrokerWait(
            Connection connection,
            IntFunction<? extends Message> request,
            Runnable checkOpen,
            Consumer<Message.Answer> heard,
            Consumer<Message.Answer> undo) {
        this.connection = connection;
        this.checkOpen = checkOpen;
        this.asked = connection.prepare(request, heard, undo);
    }

    @Override
    public Request request() {
        return asked;
    }

    @Override
    public void begin() {
        try {
            connection.begin(asked);
        } catch (Error e) {
            abandon();
            throw e;
        }
    }

    @Override
    public boolean isGivenUp() {
        return asked.isGivenUp();
    }

    @Override
    public void checkAccepted() {
        if (asked.answer().isDone()) {
            Message.Awaited _ = Connection.cast(connection.answer(asked), Message.Awaited.class);
        }
    }

    @Override
    public void abandon() {
        asked.failed = true;
        if (asked.asked) {
            connection.withdraw(asked);
        }
    }

    @Override
    public Message.Awaited await(Patience patience) throws InterruptedException {
        Thread waiter = Thread.currentThread();
        try {
            var _ = asked.answer().whenComplete((answer, failure) -> LockSupport.unpark(waiter));
            deadlineNanos = patience.deadlineNanos();
            return result(answer(patience));
        } catch (Error e) {
            abandon();
            throw e;
        } finally {
            if (interrupted) {
                waiter.interrupt();
            }
        }
    }

    private Message.Answer answer(Patience patience) {
        while (!asked.answer().isDone()) {
            interrupted |= Thread.interrupted();
            if (!withdrawn) {
                withdrawIfOver(patience);
            } else if (deadlineNanos - System.nanoTime() <= 0) {
                return connection.giveUp(asked);
            }
            park(patience.blocker());
        }
        return connection.answer(asked);
    }

    private void withdrawIfOver(Patience patience) {
        if (patience.interruptible() && interrupted) {
            withdraw(new InterruptedException("while waiting at the broker"));
        } else if (patience.isOver()) {
            withdraw(null);
        } else {
            try {
                checkOpen.run();
            } catch (ObjectClosedException e) {
                withdraw(e);
            }
        }
    }

    private void withdraw(@Nullable Exception why) {
        withdrawn = true;
        reason = why;
        deadlineNanos = System.nanoTime() + connection.timeoutNanos();
        connection.withdraw(asked);
    }

    /** Looks once more: to send a message may park as well, and use up the permit that came with the answer. */
    private void park(@Nullable Object blocker) {
        if (asked.answer().isDone()) {
            return;
        }
        if (deadlineNanos == Cell.FOREVER) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, deadlineNanos - System.nanoTime());
        }
    }

    private Message.Awaited result(Message.Answer answer) throws InterruptedException {
        Message.Awaited awaited = Connection.cast(answer, Message.Awaited.class);
        if (awaited.outcome() != WaitOutcome.WITHDRAWN) {
            return awaited;
        }
        if (!withdrawn) {
            throw new ProtocolException("the broker says that a wait was withdrawn which was not");
        }
        if (reason instanceof InterruptedException e) {
            interrupted = false;
            throw e;
        }
        if (reason instanceof ObjectClosedException e) {
            throw e;
        }
        return awaited;
    }
}
