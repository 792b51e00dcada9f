package io.hybridsync.client;

import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.wire.Message;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this client has to say to the broker, in order; nobody who says something waits for it to be sent.
 *
 * <pre>
 *   state     a message                          a request
 *   open      is sent, now or when there is room the same; it is in the list until it is answered
 *   cut       waits, if the next broker is to    is in the list: the next broker is asked from there
 *             hear of it
 *   closed    goes nowhere                       is refused
 * </pre>
 *
 * <p>What there is no room for is sent by the connection's thread, which is called for that: the broker may have nothing to say
 * that would wake it. A thread that is begun only then might not be had. A send that fails because the peer is gone is no error:
 * the connection's thread will find the end of the connection, after everything that came before it, and cuts then.
 *
 * <p>Requests enter the list under the lock that cutting and opening take. So the next broker is asked everything that is not
 * answered, once, and what is asked later comes after that.
 *
 * <p>The lock is this object's monitor, held for no longer than a message takes that there is room for: a thread that has no
 * stack left leaves a monitor all the same, where it may not be able to unlock a lock. Whoever fails has said what he wanted to
 * say, or nothing of it; and what he has not sent the connection's thread is called for.
 */
final class Outbox {

    /** To one broker: its channel, or a model's. */
    interface Way {

        /** Sends one message, or nothing. */
        Delivery.Outcome send(Estate.Item item);

        /** Nothing comes or goes there any more. */
        void shutdown();
    }

    /** When to try again what the machine lacks something for. */
    private static final long PAUSE_NANOS = 4_000_000;

    private final Requests requests;
    private final Runnable call;

    /** Guarded by this object, as what follows. One is added with the last thing that may fail, or is not. */
    @SuppressWarnings("JdkObsolete") // an array has to grow when one is in it already
    private final Queue<Estate.Item> unsent = new LinkedList<>();

    /** Those of {@link #unsent} that say that an object was signaled. */
    private final Set<Message.Signaled> signals = new HashSet<>();

    /** To the broker; null while it is cut, and when it is closed. */
    private @Nullable Way way;

    /** What became of the first of them; SENT when there is none. */
    private Delivery.Outcome latest = Delivery.Outcome.SENT;

    /** Why nothing is sent any more. */
    private @Nullable SyncException closed;

    /**
     * A closed outbox opens with {@link #open}.
     *
     * @param requests where those stay that were asked
     * @param call makes the connection's thread come and {@link #flush}
     */
    Outbox(Requests requests, Runnable call) {
        this.requests = requests;
        this.call = call;
    }

    /**
     * Asks something.
     *
     * @return null; or why that is not possible any more
     */
    @Nullable SyncException ask(Request request) {
        SyncException why = note(request);
        if (why == null) {
            flush();
        }
        return why;
    }

    private synchronized @Nullable SyncException note(Request request) {
        if (closed == null) {
            requests.add(request);
            if (way != null) {
                unsent.add(Estate.Item.of(request.message()));
            }
            request.asked = true;
        }
        return closed;
    }

    /** Says something that has no answer. As long as one message that an object was signaled is unsent, another says no more. */
    void say(Message message) {
        say(message, null);
    }

    /** @param fd goes along; stays the caller's, who keeps it open until the broker has it */
    void say(Message message, @Nullable Fd fd) {
        note(message, fd);
        flush();
    }

    private synchronized void note(Message message, @Nullable Fd fd) {
        boolean heard = way != null || (closed == null && isForTheNext(message));
        if (!heard) {
            return;
        }
        if (!(message instanceof Message.Signaled signaled)) {
            unsent.add(new Estate.Item(message, fd));
        } else if (!signals.contains(signaled)) {
            // In this order: what there is no room to say must not keep others from saying it.
            unsent.add(new Estate.Item(message, fd));
            signals.add(signaled);
        }
    }

    /**
     * Not what was begun with the broker before, or comes with a request that is asked again. A signal may have come after the
     * next broker has looked at the object; who is back with his signal may have been handed over as not back.
     */
    private static boolean isForTheNext(Message message) {
        return message instanceof Message.Signaled
                || message instanceof Message.Corrupted
                || message instanceof Message.ConditionLeft;
    }

    /** Sends what there is room for now. */
    synchronized void flush() {
        boolean seenTo = false;
        try {
            Delivery.Outcome now = way == null ? Delivery.Outcome.SENT : sendBy(way);
            seenTo = isSeenTo(now) || !isSeenTo(latest);
            latest = now;
        } finally {
            if (!seenTo) {
                call.run();
            }
        }
    }

    /** Whether nobody has to come for what is left. */
    private static boolean isSeenTo(Delivery.Outcome outcome) {
        return outcome == Delivery.Outcome.SENT || outcome == Delivery.Outcome.GONE;
    }

    private Delivery.Outcome sendBy(Way open) {
        for (Estate.Item next = unsent.peek(); next != null; next = unsent.peek()) {
            Delivery.Outcome outcome = open.send(next);
            if (outcome != Delivery.Outcome.SENT) {
                return outcome;
            }
            unsent.remove();
            if (next.message() instanceof Message.Signaled signaled) {
                signals.remove(signaled);
            }
        }
        return Delivery.Outcome.SENT;
    }

    /** Whether something waits until the peer has read. */
    boolean needsRoom() {
        return latest() == Delivery.Outcome.NO_ROOM;
    }

    /** When to {@link #flush} whatever happens, on the clock of {@link System#nanoTime}. */
    long due() {
        return latest() == Delivery.Outcome.STARVED ? System.nanoTime() + PAUSE_NANOS : Long.MAX_VALUE;
    }

    private synchronized Delivery.Outcome latest() {
        return latest;
    }

    /** The connection has ended, and everything that came by it has been read. What was said may be lost; requests are not. */
    void cut() {
        stop(null);
    }

    /** There is a broker. It is asked first what the one before has not answered. */
    synchronized void open(Way next) {
        if (closed == null) {
            List<Estate.Item> said = List.copyOf(unsent);
            unsent.clear();
            requests.again().forEach(message -> unsent.add(Estate.Item.of(message)));
            unsent.addAll(said);
            way = next;
        }
        flush();
    }

    /** Whether requests are refused. */
    synchronized boolean isClosed() {
        return closed != null;
    }

    /** From now on nothing is sent, and requests are refused. The first reason stays. */
    void close(SyncException why) {
        stop(why);
    }

    private synchronized void stop(@Nullable SyncException why) {
        if (way != null) {
            way.shutdown();
        }
        way = null;
        latest = Delivery.Outcome.SENT;
        closed = closed == null ? why : closed;
        unsent.clear();
        signals.clear();
    }
}
