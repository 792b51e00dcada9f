package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the broker before was about to do when it died, and is done now: see {@link Journal}. Clients may hand over the
 * journals of several brokers; only the last one has done anything since it gave its own to everybody.
 */
final class Redo {

    private final Journal.@Nullable Entry entry;
    private final List<Journal.Entry> debts = new ArrayList<>();

    private Redo(Journal.@Nullable Entry entry, List<Journal.Entry> before) {
        this.entry = entry;
        if (entry != null) {
            debts.add(entry);
        }
        before.stream().filter(debt -> !isSame(debt, entry)).forEach(debts::add);
    }

    /** A broker that takes over has what it inherited in its record, too, until it does something itself. */
    private static boolean isSame(Journal.Entry debt, Journal.@Nullable Entry entry) {
        return entry != null && entry.client() == debt.client() && entry.request() == debt.request();
    }

    /** What the journals say that were handed over. */
    static Redo of(Legacy legacy) {
        Slab last = legacy.journals().stream()
                .max(Comparator.comparingLong(Journal::incarnation))
                .orElse(null);
        return last == null ? new Redo(null, List.of()) : new Redo(Journal.read(last), Journal.debts(last));
    }

    /** Does it to the words that clients share: those that are still locked for it. */
    void run(Legacy legacy) {
        if (entry == null) {
            return;
        }
        for (Journal.Change change : entry.changes()) {
            Slab slab = legacy.shared(change.place());
            if (slab != null && isMeant(change)) {
                slab.cell(change.place().offset()).compareAndSet(change.lock(), change.next());
                Whereabouts.wake(slab.cell(change.place().offset()));
            }
        }
    }

    /** What a word of the broker's own is to be, which that one had before. */
    long of(Location place, long word) {
        return entry == null
                ? word
                : entry.changes().stream()
                        .filter(change -> change.place().equals(place) && change.lock() == word && isMeant(change))
                        .mapToLong(Journal.Change::next)
                        .findFirst()
                        .orElse(word);
    }

    /** Both words have to be valid where they are: else somebody else has written that. */
    private static boolean isMeant(Journal.Change change) {
        int base = change.place().base();
        return Word.isValid(base, change.lock()) && Word.isValid(base, change.next());
    }

    /**
     * Has this broker's journal say what is to be known of it as long as this broker may die in its turn: the replies, and the
     * permits that come with them; and of the changes those to words of the broker before, which nobody locks any more. The others are done, and a lock there
     * is another one.
     */
    void keep(Journal journal, Legacy legacy) {
        if (debts.isEmpty()) {
            return;
        }
        Journal.Entry last = debts.getFirst();
        List<Journal.Change> own = last.changes().stream()
                .filter(change -> legacy.own(change.place()) != null)
                .toList();
        journal.inherit(last.with(own), debts);
    }

    /** The replies that clients are owed, if they ask again: who has read one does not. */
    List<Journal.Entry> debts() {
        return debts;
    }
}
