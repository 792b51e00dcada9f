package io.hybridsync.broker;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of mutexes: who waits for which, in the order in which they came, over all clients. A queue comes with
 * its first wait and goes with its last, so at the latest with its mutex.
 *
 * <pre>
 *   a ticket is   Signal             Left   Withdraw    closed                       client ends
 *   -----------   ----------------   ----   ---------   --------------------------   --------------------------
 *   waiting       TAKEN, signaled    -      WITHDRAWN   Failed                       gone
 *   signaled      -                  gone   -           gone, the next is signaled   gone, the next is signaled
 * </pre>
 *
 * <p>A signal is told before it is answered, and counts when it is told: a broker that dies takes none with it. Who cannot be
 * told now delays the signal ({@link Delays}), which then may reach some who came after it: they have to expect that.
 *
 * <p>What a broker has told, and to whom, the next one does not know: if the client dies before it is back, and the broker has
 * died between the two, the signal is lost with it.
 *
 * <p>A signal to all is passed on to nobody: whoever waited then has had it. That the client owns the mutex is its own
 * affair, as its lock on the word is: whoever may signal may also lock.
 */
final class Conditions {

    private final Admission admission;
    private final Turns turns;
    private final Delays delays;
    private final Answers answers;
    private final Map<SharedObject, Map<String, Set<Ticket>>> queues = new HashMap<>();

    /** How many signals of those who have ended the first of a queue cannot be told now. */
    private final Map<Queue, Integer> undelivered = new HashMap<>();

    private record Queue(SharedObject object, String condition) {}

    Conditions(Admission admission, Turns turns, Delays delays, Answers answers) {
        this.admission = admission;
        this.turns = turns;
        this.delays = delays;
        this.answers = answers;
    }

    void await(Session session, Message.ConditionAwait await) {
        Admission.requireNew(session, await.request());
        SharedObject object = mutex(session, await.request(), await.object());
        if (object == null) {
            return;
        }
        long number = turns.of(session, await.request());
        Ticket ticket = new Ticket(session, await.request(), number, object, await.condition());
        if (admission.admit(ticket)) {
            queues.computeIfAbsent(object, o -> new HashMap<>())
                    .computeIfAbsent(ticket.condition(), c -> new TreeSet<>(Comparator.comparingLong(Ticket::number)))
                    .add(ticket);
            answers.queued(ticket, number);
        }
    }

    void signal(Session session, Message.ConditionSignal signal) {
        SharedObject object = mutex(session, signal.request(), signal.object());
        if (object == null) {
            return;
        }
        List<Ticket> waiting = waiting(object, signal.condition());
        List<Ticket> meant = signal.all() ? waiting : waiting.stream().limit(1).toList();
        if (meant.stream().allMatch(ticket -> signal(ticket, !signal.all()))) {
            answers.done(session, signal.request());
        } else {
            delays.delay(session, signal);
        }
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

    /** This ticket has ended with its client, or its handle: who was signaled and will not come gives way to the next. */
    void passOn(Ticket ticket) {
        if (ticket.wasSignaledAlone()) {
            passOn(new Queue(ticket.object(), ticket.condition()), 1);
        }
    }

    /** Those who wait now, in turn. A signal for which nobody is left is not kept for those who come later. */
    private void passOn(Queue queue, int more) {
        List<Ticket> waiting = waiting(queue.object(), queue.condition());
        int signals = Math.min(undelivered.getOrDefault(queue, 0) + more, waiting.size());
        int told = 0;
        while (told < signals && signal(waiting.get(told), true)) {
            told++;
        }
        if (told < signals) {
            undelivered.put(queue, signals - told);
            delays.owe(queue, () -> passOn(queue, 0));
        } else {
            undelivered.remove(queue);
        }
    }

    private List<Ticket> waiting(SharedObject object, String condition) {
        return List.copyOf(queues.getOrDefault(object, Map.of()).getOrDefault(condition, Set.of()));
    }

    /** False when the client cannot be told now: then it is not signaled. */
    private boolean signal(Ticket ticket, boolean alone) {
        boolean told = answers.signaled(ticket);
        if (told) {
            leaveQueue(ticket);
            ticket.signal(alone);
        }
        return told;
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
