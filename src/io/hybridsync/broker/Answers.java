package io.hybridsync.broker;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.util.List;

/** What clients are answered. */
final class Answers {

    private final Effects effects;

    Answers(Effects effects) {
        this.effects = effects;
    }

    void done(Session session, int request) {
        effects.send(session.connection(), new Message.Done(request));
    }

    void failed(Session session, int request, Code code, String message) {
        effects.send(session.connection(), new Message.Failed(request, code, message));
    }

    void corrupted(Session session, int request, SharedObject object) {
        effects.send(session.connection(), new Message.FailedCorrupted(
                request, object.spec().kind(), object.name(), object.location(), object.badWord()));
    }

    void notOpen(Session session, int request, long object) {
        failed(session, request, Code.CLOSED, "the client does not have object 0x%x open".formatted(object));
    }

    void operated(Session session, int request, long result) {
        effects.send(session.connection(), new Message.Operated(request, result));
    }

    /** @param abandoned which of the mutexes that were taken were abandoned */
    void awaited(Pending pending, WaitOutcome outcome, int index, List<Integer> abandoned) {
        Message.Awaited awaited = new Message.Awaited(pending.request(), outcome, index, abandoned);
        effects.send(pending.session().connection(), awaited);
    }
}
