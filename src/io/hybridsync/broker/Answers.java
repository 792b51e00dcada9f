package io.hybridsync.broker;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What clients are answered. */
final class Answers {

    private static final int MOST_WRITERS = 64;

    private final Effects effects;
    private final IntUnaryOperator pids;

    /** @param pids the process of a client, 0 when unknown */
    Answers(Effects effects, IntUnaryOperator pids) {
        this.effects = effects;
        this.pids = pids;
    }

    void done(Session session, int request) {
        effects.send(session.connection(), new Message.Done(request));
    }

    void failed(Session session, int request, Code code, String message) {
        effects.send(session.connection(), new Message.Failed(request, code, message));
    }

    void corrupted(Session session, int request, SharedObject object) {
        effects.send(session.connection(), new Message.FailedCorrupted(
                request,
                object.spec().kind(),
                object.name(),
                object.badPlace(),
                object.badWord(),
                writersOf(object)));
    }

    void writers(Session session, int request, SharedObject object) {
        effects.send(session.connection(), new Message.Writers(request, writersOf(object)));
    }

    private List<Writer> writersOf(SharedObject object) {
        return object.writers().ids().stream()
                .limit(MOST_WRITERS)
                .map(client -> new Writer(client, pids.applyAsInt(client)))
                .toList();
    }

    void notOpen(Session session, int request, long object) {
        failed(session, request, Code.CLOSED, "the client does not have object 0x%x open".formatted(object));
    }

    void operated(Session session, int request, long result) {
        effects.send(session.connection(), new Message.Operated(request, result));
    }

    /** A wait is pending, at this place among all waits. */
    void queued(Pending pending, long ticket) {
        effects.send(pending.session().connection(), new Message.Queued(pending.request(), ticket));
    }

    /** A wait for a condition is over; false when the client cannot be told now. */
    boolean signaled(Ticket ticket) {
        Message.Awaited awaited = new Message.Awaited(ticket.request(), WaitOutcome.TAKEN, 0, List.of());
        return effects.tell(ticket.session().connection(), awaited);
    }

    /** @param abandoned which of the mutexes that were taken were abandoned */
    void awaited(Pending pending, WaitOutcome outcome, int index, List<Integer> abandoned) {
        Message.Awaited awaited = new Message.Awaited(pending.request(), outcome, index, abandoned);
        effects.send(pending.session().connection(), awaited);
    }
}
