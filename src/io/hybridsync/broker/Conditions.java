package io.hybridsync.broker;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of mutexes: who waits for which, in the order in which they came, over all clients. A queue comes with
 * its first wait and goes with its last, so at the latest with its mutex.
 *
 * <pre>
 *   a ticket is   Signal             Left   Withdraw    closed        client ends
 *   -----------   ----------------   ----   ---------   -----------   --------------------------
 *   waiting       TAKEN, signaled    -      WITHDRAWN   Failed        gone
 *   signaled      -                  gone   -           gone          gone, the next is signaled
 * </pre>
 *
 * <p>A signal to all is passed on to nobody: whoever waited then has had it. That the client owns the mutex is its own
 * affair, as its lock on the word is: whoever may signal may also lock.
 */
final class Conditions {

    private final Admission admission;
    private final Answers answers;
    private final Map<SharedObject, Map<String, Set<Ticket>>> queues = new HashMap<>();

    Conditions(Admission admission, Answers answers) {
        this.admission = admission;
        this.answers = answers;
    }

    void await(Session session, Message.ConditionAwait await) {
        Admission.requireNew(session, await.request());
        SharedObject object = mutex(session, await.request(), await.object());
        if (object == null) {
            return;
        }
        Ticket ticket = new Ticket(session, await.request(), object, await.condition());
        if (admission.admit(ticket)) {
            queues.computeIfAbsent(object, o -> new HashMap<>())
                    .computeIfAbsent(ticket.condition(), c -> new LinkedHashSet<>())
                    .add(ticket);
        }
    }

    void signal(Session session, Message.ConditionSignal signal) {
        SharedObject object = mutex(session, signal.request(), signal.object());
        if (object == null) {
            return;
        }
        List<Ticket> waiting = waiting(object, signal.condition());
        if (signal.all()) {
            waiting.forEach(ticket -> signal(ticket, false));
        } else if (!waiting.isEmpty()) {
            signal(waiting.getFirst(), true);
        }
        answers.done(session, signal.request());
    }

    void withdraw(Ticket ticket) {
        if (!ticket.isSignaled()) {
            end(ticket);
            answers.awaited(ticket, WaitOutcome.WITHDRAWN, -1, List.of());
        }
    }

    void left(Session session, Message.ConditionLeft left) {
        if (session.waits().withNumber(left.awaited()) instanceof Ticket ticket && ticket.isSignaled()) {
            end(ticket);
        }
    }

    /** The ticket is of no use any more. */
    void end(Ticket ticket) {
        admission.dismiss(ticket);
        leaveQueue(ticket);
    }

    /** A client has ended, and this ticket of it: who was signaled and will not come gives way to the next. */
    void passOn(Ticket ticket) {
        List<Ticket> waiting = waiting(ticket.object(), ticket.condition());
        if (ticket.wasSignaledAlone() && !waiting.isEmpty()) {
            signal(waiting.getFirst(), true);
        }
    }

    private List<Ticket> waiting(SharedObject object, String condition) {
        return List.copyOf(queues.getOrDefault(object, Map.of()).getOrDefault(condition, Set.of()));
    }

    private void signal(Ticket ticket, boolean alone) {
        leaveQueue(ticket);
        ticket.signal(alone);
        answers.awaited(ticket, WaitOutcome.TAKEN, 0, List.of());
    }

    private void leaveQueue(Ticket ticket) {
        queues.computeIfPresent(ticket.object(), (object, named) -> {
            named.computeIfPresent(ticket.condition(), (c, queue) -> queue.remove(ticket) && queue.isEmpty() ? null : queue);
            return named.isEmpty() ? null : named;
        });
    }

    private @Nullable SharedObject mutex(Session session, int request, long id) {
        SharedObject object = admission.usable(session, request, id);
        if (object != null && object.spec().kind() != Kind.MUTEX) {
            answers.failed(session, request, Code.PROTOCOL, object + " has no conditions");
            return null;
        }
        return object;
    }
}
