package io.hybridsync.broker;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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
 * <p>A signal to one is noted down where the next broker finds it, before it is told: {@link SignalNotes}. The note goes when
 * the signal was used, or when the next one has it.
 *
 * <p>A signal to all is passed on to nobody: whoever waited then has had it. That the client owns the mutex is its own
 * affair, as its lock on the word is: whoever may signal may also lock.
 */
final class Conditions {

    private final Admission admission;
    private final Turns turns;
    private final Delays delays;
    private final Answers answers;
    private final SignalNotes notes;
    private final Map<SharedObject, Map<String, Set<Ticket>>> queues = new HashMap<>();

    /** The notes of signals of those who have ended that the first of a queue cannot be told now. */
    private final Map<Queue, Deque<Integer>> undelivered = new HashMap<>();

    private record Queue(SharedObject object, String condition) {}

    Conditions(Admission admission, Turns turns, Delays delays, Answers answers, SignalNotes notes) {
        this.admission = admission;
        this.turns = turns;
        this.delays = delays;
        this.answers = answers;
        this.notes = notes;
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
            delays.delay(session, signal.request(), signal);
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
            forget(ticket);
        }
    }

    /** Its signal, if it had one, is nobody's. */
    void forget(Ticket ticket) {
        if (ticket.wasSignaledAlone()) {
            notes.remove(ticket.note());
        }
    }

    /**
     * A client that the broker before has signaled is not back yet.
     *
     * @param note of that signal
     * @return false when there is no room to remember that
     */
    boolean restore(Session session, SharedObject object, Message.HandSignal signal, int note) {
        Ticket ticket = new Ticket(session, signal.request(), 0, object, signal.condition());
        ticket.signalAlone(note);
        return admission.admitAgain(ticket);
    }

    /** The ticket is of no use any more. */
    void end(Ticket ticket) {
        admission.dismiss(ticket);
        leaveQueue(ticket);
    }

    /** This ticket has ended with its client, or its handle: who was signaled and will not come gives way to the next. */
    void passOn(Ticket ticket) {
        if (ticket.wasSignaledAlone()) {
            passOn(new Queue(ticket.object(), ticket.condition()), List.of(ticket.note()));
        }
    }

    /** The same for the ticket of a client that ended before this broker began. */
    void passOn(SharedObject object, long condition, int note) {
        queues.getOrDefault(object, Map.of()).keySet().stream()
                .filter(name -> SignalNotes.hash(name) == condition)
                .findFirst()
                .ifPresentOrElse(name -> passOn(new Queue(object, name), List.of(note)), () -> notes.remove(note));
    }

    /** Everybody is signaled, for nobody knows who should be. */
    void signalEverybody() {
        List<Queue> all = new ArrayList<>();
        queues.forEach((object, named) -> named.keySet().forEach(name -> all.add(new Queue(object, name))));
        for (Queue queue : all) {
            passOn(queue, waiting(queue).stream().map(ticket -> notes.addUnnoted()).toList());
        }
    }

    private void passOn(Queue queue, List<Integer> more) {
        more.forEach(notes::disown);
        undelivered.computeIfAbsent(queue, q -> new ArrayDeque<>()).addAll(more);
        deliver(queue);
    }

    /** To those who wait now, in turn. A signal for which nobody is left is not kept for those who come later. */
    private void deliver(Queue queue) {
        Deque<Integer> owed = undelivered.getOrDefault(queue, new ArrayDeque<>());
        Deque<Ticket> waiting = new ArrayDeque<>(waiting(queue));
        while (!owed.isEmpty() && !waiting.isEmpty() && signal(waiting.element(), true)) {
            waiting.remove();
            notes.remove(owed.remove());
        }
        while (owed.size() > waiting.size()) {
            notes.remove(owed.removeLast());
        }
        if (owed.isEmpty()) {
            undelivered.remove(queue);
        } else {
            delays.owe(queue, () -> deliver(queue));
        }
    }

    private List<Ticket> waiting(Queue queue) {
        return waiting(queue.object(), queue.condition());
    }

    private List<Ticket> waiting(SharedObject object, String condition) {
        return List.copyOf(queues.getOrDefault(object, Map.of()).getOrDefault(condition, Set.of()));
    }

    /** False when the client cannot be told now: then it is not signaled. */
    private boolean signal(Ticket ticket, boolean alone) {
        return alone ? signalAlone(ticket) : signalWithAll(ticket);
    }

    private boolean signalWithAll(Ticket ticket) {
        boolean told = answers.signaled(ticket);
        if (told) {
            leaveQueue(ticket);
            ticket.signalWithAll();
        }
        return told;
    }

    private boolean signalAlone(Ticket ticket) {
        int note = notes.add(SignalNotes.Note.of(ticket));
        boolean told = false;
        try {
            told = answers.signaled(ticket);
        } finally {
            if (!told) {
                notes.remove(note);
            }
        }
        if (told) {
            leaveQueue(ticket);
            ticket.signalAlone(note);
        }
        return told;
    }

    private void leaveQueue(Ticket ticket) {
        queues.computeIfPresent(ticket.object(), (object, named) -> {
            named.computeIfPresent(ticket.condition(), (c, queue) -> {
                queue.remove(ticket);
                return queue.isEmpty() ? null : queue;
            });
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
