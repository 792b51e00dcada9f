package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The signals of conditions that the broker before had told, and what becomes of them in a take-over.
 *
 * <pre>
 *   the client of a {@link SignalNotes note}         the signal
 *   -------------------------------------   -------------------------------------------------------
 *   waits for it still, and asks again      was not told: whoever has signaled asks again, too
 *   says that it is not back with it        is the client's, as before; another one's if it ends
 *   does not say so, and has the mutex open was used
 *   has not got the mutex open any more     the next one's who waits
 *   is dead, or late, or there is no room   the next one's who waits
 * </pre>
 *
 * <p>All notes are this broker's own before it gives its journal to anybody, and go when they are decided on: so they are known
 * if it dies in the middle of it.
 */
final class UnusedSignals {

    private final Conditions conditions;
    private final SignalNotes notes;
    private final Catalog catalog;
    private final IntFunction<@Nullable Session> clients;
    private final List<Noted> inherited = new ArrayList<>();
    private final List<Noted> orphans = new ArrayList<>();
    private boolean more;

    private record Noted(SignalNotes.Note note, int place) {}

    /** @param clients the session of a client; null for those that have none */
    UnusedSignals(
            Conditions conditions, SignalNotes notes, Catalog catalog, IntFunction<@Nullable Session> clients) {
        this.conditions = conditions;
        this.notes = notes;
        this.catalog = catalog;
        this.clients = clients;
    }

    /** Notes down what the broker before has. */
    void inherit(Slab journal) {
        Journal.signals(journal).forEach(note -> inherited.add(new Noted(note, notes.add(note))));
        more = Journal.hasMoreSignals(journal);
        if (more) {
            notes.addUnnoted();
        }
    }

    /** When objects have been taken over, and nobody waits yet: those who are not back are known as before. */
    void restore() {
        for (Noted next : inherited) {
            Session session = clients.apply(next.note.client());
            SharedObject object = session == null || !session.isHeir() ? null : session.handles().get(next.note.object());
            if (session == null || object == null) {
                orphan(next);
            } else {
                restore(next, session, object);
            }
        }
    }

    private void restore(Noted next, Session session, SharedObject object) {
        Message.HandSignal signal = session.unusedSignal(next.note.request());
        if (signal == null || !isOf(next.note, signal)) {
            notes.remove(next.place);
        } else if (!conditions.restore(session, object, signal, next.place)) {
            orphan(next);
        }
    }

    private void orphan(Noted next) {
        notes.disown(next.place);
        orphans.add(next);
    }

    private static boolean isOf(SignalNotes.Note note, Message.HandSignal signal) {
        return signal.object() == note.object() && SignalNotes.hash(signal.condition()) == note.condition();
    }

    /** When those wait again who did: signals of those who will not come are theirs. */
    void passOn() {
        for (Noted next : orphans) {
            SharedObject object = catalog.withId(next.note.object());
            if (object == null) {
                notes.remove(next.place);
            } else {
                conditions.passOn(object, next.note.condition(), next.place);
            }
        }
        if (more) {
            conditions.signalEverybody();
            notes.remove(SignalNotes.UNNOTED);
        }
    }
}
