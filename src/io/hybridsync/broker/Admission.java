package io.hybridsync.broker;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.wire.Code;
import org.jspecify.annotations.Nullable;

/**
 * What a client may operate on and wait for: objects that it has open to do so, and as much as quota and budget permit.
 * What is refused is answered here.
 */
final class Admission {

    private final Options options;
    private final Budget budget;
    private final Answers answers;

    Admission(Options options, Budget budget, Answers answers) {
        this.options = options;
        this.budget = budget;
        this.answers = answers;
    }

    /** The object if the client has it open, for more than to look, and it is not corrupted; else null. */
    @Nullable SharedObject usable(Session session, int request, long id) {
        SharedObject object = readable(session, request, id);
        if (object != null && !session.hasFullAccess(object)) {
            String message = object + " was opened to be looked at only: open it with full access to operate on it";
            answers.failed(session, request, Code.ACCESS, message);
            return null;
        }
        return object;
    }

    /** The object if the client has it open and it is not corrupted; else null. */
    @Nullable SharedObject readable(Session session, int request, long id) {
        SharedObject object = session.handles().get(id);
        if (object == null) {
            answers.notOpen(session, request, id);
            return null;
        }
        if (object.isCorrupted()) {
            answers.corrupted(session, request, object);
            return null;
        }
        return object;
    }

    /**
     * Answers to waits come when they come, so their numbers have to be different.
     *
     * @throws ProtocolException when a wait of the client has this number
     */
    static void requireNew(Session session, int request) {
        if (session.waits().withNumber(request) != null) {
            throw new ProtocolException("it has two waits with the number " + request);
        }
    }

    /** Takes a wait in; false if that is refused. */
    boolean admit(Pending pending) {
        Session session = pending.session();
        if (session.waits().size() >= options.waitsPerClient()) {
            String message = "%s has %d waits at the broker, its quota".formatted(session, session.waits().size());
            answers.failed(session, pending.request(), Code.LIMIT, message);
            return false;
        }
        if (!budget.take(pending.bytes())) {
            String message = "the broker's heap is full: wait for less, or give the broker more (-Xmx)";
            answers.failed(session, pending.request(), Code.LIMIT, message);
            return false;
        }
        session.waits().add(pending);
        return true;
    }

    /** Takes a wait in that a broker before has admitted; false if there is no room. */
    boolean admitAgain(Pending pending) {
        boolean room = budget.take(pending.bytes());
        if (room) {
            pending.session().waits().add(pending);
        }
        return room;
    }

    /** A wait is over. */
    void dismiss(Pending pending) {
        pending.session().waits().remove(pending);
        budget.giveBack(pending.bytes());
    }
}
