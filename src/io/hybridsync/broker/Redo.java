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
        debts.addAll(before);
    }

    /** What the journals say that were handed over. */
    static Redo of(Legacy legacy) {
        Slab last = legacy.journals().stream()
                .max(Comparator.comparingLong(Journal::incarnation))
                .orElse(null);
        return last == null ? new Redo(null, List.of()) : new Redo(Journal.read(last), Journal.debts(last));
    }

    /** What the broker before was doing when it died; null if that is nothing. */
    Journal.@Nullable Entry last() {
        return entry;
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

    /** By how much the value of the word at a place has become less: the permits that were taken, if it is a semaphore. */
    int taken(Location place) {
        return entry == null
                ? 0
                : entry.changes().stream()
                        .filter(change -> change.place().equals(place) && isMeant(change))
                        .mapToInt(change -> value(change.lock()) - value(change.next()))
                        .sum();
    }

    private static int value(long word) {
        return Word.data(word) & Word.VALUE;
    }

    /** Both words have to be valid where they are: else somebody else has written that. */
    private static boolean isMeant(Journal.Change change) {
        int base = change.place().base();
        return Word.isValid(base, change.lock()) && Word.isValid(base, change.next());
    }

    /**
     * Has this broker's journal say what is to be known of it as long as this broker may die in its turn: the replies; and of
     * the changes those to words of the broker before, which nobody locks any more. The others are done, and a lock there
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
        journal.inherit(new Journal.Entry(last.client(), last.request(), own, last.reply()), debts);
    }

    /** The replies that clients are owed, if they ask again: who has read one does not. */
    List<Journal.Entry> debts() {
        return debts;
    }
}
