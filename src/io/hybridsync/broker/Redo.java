package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the broker before was about to do when it died, and is done now: see {@link Journal}. Clients may hand over the
 * journals of several brokers; which of them counts {@link Testament} tells.
 *
 * <p>What clients are owed is read from the journal that counts, if it is known that a broker has made it: a client may have had no
 * room for that one, and then has an older one or none. It is read from the journal that the client has handed over itself, too:
 * with that it cheats nobody else.
 *
 * <p>If nobody knows who has made the journal that counts it changes words that are locked, of a slab that one of those has
 * who have the journal, and no others. A broker gives its journal to a client before it promises it anything: what such a journal
 * promises to a client that has another one is a lie. To a client that has none it may have been promised; but if that asks
 * again it was not told, so nothing has been done, and nothing is: it would not be told now. What such a journal has inherited of a
 * promise ({@link Amendments}) counts if the client's own journal says the same: the broker may have died while it gave its journal
 * to one after the other.
 */
final class Redo {

    private final @Nullable Testament last;
    private final Journal.@Nullable Entry entry;
    private final List<Journal.Entry> debts;
    private final List<Amendments.Amendment> amendments;

    private Redo(
            @Nullable Testament last,
            Journal.@Nullable Entry entry,
            List<Journal.Entry> debts,
            List<Amendments.Amendment> amendments) {
        this.last = last;
        this.entry = entry;
        this.debts = debts;
        this.amendments = amendments;
    }

    /** Which requests clients will ask again, since they have read no answer. */
    @FunctionalInterface
    interface Asking {
        boolean asksAgain(int client, int request);
    }

    /** What the journals say that were handed over; {@code last} is the one that counts. */
    static Redo of(Legacy legacy, @Nullable Testament last, Asking asking) {
        if (last == null) {
            return new Redo(null, null, List.of(), List.of());
        }
        Journal.Entry entry = Journal.read(last.journal());
        if (entry != null && !last.isProven() && !mayBeKept(last, entry, asking)) {
            entry = null;
        }
        return new Redo(last, entry, debts(last, asking), amendments(legacy, last, entry));
    }

    private static boolean mayBeKept(Testament last, Journal.Entry entry, Asking asking) {
        int client = entry.client();
        return last.heirs().contains(client)
                ? last.owners().contains(client)
                : !asking.asksAgain(client, entry.request());
    }

    /** The replies that clients are owed; those that count most first, and each once. */
    private static List<Journal.Entry> debts(Testament last, Asking asking) {
        List<Journal.Entry> all = new ArrayList<>(last.isProven() ? debts(last.journal()) : List.of());
        for (int heir : last.heirs().ids()) {
            debts(Objects.requireNonNull(last.of(heir))).stream()
                    .filter(debt -> debt.client() == heir)
                    .forEach(all::add);
        }
        List<Journal.Entry> owed = new ArrayList<>();
        for (Journal.Entry debt : all) {
            if (asking.asksAgain(debt.client(), debt.request()) && owed.stream().noneMatch(debt::isForSame)) {
                owed.add(debt);
            }
        }
        return owed;
    }

    /** What the words are to be that brokers before had for themselves; those of the last one first. */
    private static List<Amendments.Amendment> amendments(
            Legacy legacy, Testament last, Journal.@Nullable Entry entry) {
        Stream<Amendments.Amendment> inherited = Journal.amendments(last.journal()).stream()
                .filter(amendment -> last.isProven() || isConfirmed(last, amendment));
        return Stream.concat(of(entry), inherited)
                .filter(amendment -> isMeant(amendment.change()) && isLocked(legacy, amendment.change()))
                .toList();
    }

    private static Stream<Amendments.Amendment> of(Journal.@Nullable Entry entry) {
        return entry == null
                ? Stream.of()
                : entry.changes().stream().map(change -> new Amendments.Amendment(entry.client(), change));
    }

    /** Whether the client says the same to which it was promised, by a journal of its own; if it lives. */
    private static boolean isConfirmed(Testament last, Amendments.Amendment amendment) {
        Slab own = last.of(amendment.client());
        return own == null
                || last.owners().contains(amendment.client())
                || Journal.amendments(own).contains(amendment)
                || of(Journal.read(own)).anyMatch(amendment::equals);
    }

    /** Whether it is for a word of a broker before, which is still as that has left it. */
    private static boolean isLocked(Legacy legacy, Journal.Change change) {
        Slab slab = legacy.own(change.place());
        return slab != null && slab.cell(change.place().offset()).load() == change.lock();
    }

    /** What clients are owed by a journal: what its broker was about to do before what it has inherited. */
    private static List<Journal.Entry> debts(Slab journal) {
        List<Journal.Entry> debts = new ArrayList<>(Journal.debts(journal));
        Journal.Entry last = Journal.read(journal);
        if (last != null) {
            debts.addFirst(last);
        }
        debts.removeIf(debt -> !Journal.isDebt(debt));
        return debts;
    }

    /** Does it to the words that clients share: those that are still locked for it. */
    void run(Legacy legacy) {
        if (last == null || entry == null) {
            return;
        }
        for (Journal.Change change : entry.changes()) {
            Slab slab = legacy.shared(change.place());
            if (slab != null && isMeant(change) && (last.isProven() || isReachable(legacy, last, change.place()))) {
                slab.cell(change.place().offset()).compareAndSet(change.lock(), change.next());
                Whereabouts.wake(slab.cell(change.place().offset()));
            }
        }
    }

    /** What a word of the broker's own is to be, which that one had before. */
    long of(Location place, long word) {
        return amendments.stream()
                .map(Amendments.Amendment::change)
                .filter(change -> change.place().equals(place) && change.lock() == word)
                .mapToLong(Journal.Change::next)
                .findFirst()
                .orElse(word);
    }

    /** Both words have to be valid where they are, and a lock is taken back: else somebody else has written that. */
    private static boolean isMeant(Journal.Change change) {
        int base = change.place().base();
        return Word.isValid(base, change.lock())
                && Word.isValid(base, change.next())
                && (Word.flags(change.lock()) & Word.LOCKED) != 0
                && (Word.flags(change.next()) & Word.LOCKED) == 0;
    }

    /** Whether somebody who has the journal could have changed the word himself. */
    private static boolean isReachable(Legacy legacy, Testament last, Location place) {
        return last.owners().ids().stream().anyMatch(client -> legacy.isOf(client, place));
    }

    /**
     * Has this broker's journal say what is to be known of it as long as this broker may die in its turn: the replies, and the
     * permits that come with them; and of the changes those to words of brokers before, which nobody locks any more. The others are
     * done, and a lock there is another one.
     */
    void keep(Journal journal) {
        journal.inherit(debts, amendments);
    }

    /** The replies that clients are owed, if they ask again: who has read one does not. */
    List<Journal.Entry> debts() {
        return debts;
    }
}
