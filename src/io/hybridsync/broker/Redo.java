package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the broker before was about to do when it died, and is done now: see {@link Journal}. Clients may hand over the
 * journals of several brokers; only the last one has done anything since it gave its own to everybody.
 *
 * <p>A client may have written a journal itself. So that of the last broker counts which most of its clients have; what it
 * changes are words that are locked, of a slab that one of them has; and what a client is owed is read from a journal that it
 * has handed over itself: with another one it cheats nobody else. A broker gives its journal to a client before it promises
 * it anything: what a journal promises to a client that has another one is a lie. What it has inherited of a promise
 * ({@link Amendments}) counts if the client's own journal says the same: the broker may have died while it gave its journal to one
 * after the other. Who was the last broker the lock file tells, so none comes after it.
 */
final class Redo {

    private final Journal.@Nullable Entry entry;
    private final MemberSet writers;
    private final List<Journal.Entry> debts;
    private final List<Amendments.Amendment> amendments;

    /** @param writers who has handed the journal with the entry */
    private Redo(
            Journal.@Nullable Entry entry,
            MemberSet writers,
            List<Journal.Entry> debts,
            List<Amendments.Amendment> amendments) {
        this.entry = entry;
        this.writers = writers;
        this.debts = debts;
        this.amendments = amendments;
    }

    /**
     * The clients that the broker before had expelled, and that may live: so says the journal that counts. Of a client that hands
     * over the same broker's journal that one has to say so, too; of one that has an older one at least half of those have to know it
     * who hand over any. Or who has made a journal himself would expel others.
     */
    static List<Outcast> outcasts(Legacy legacy) {
        Legacy.Bequeathed last = newest(legacy.journals().stream());
        return last == null
                ? List.of()
                : Journal.outcasts(last.journal()).stream()
                        .filter(outcast -> isCredible(legacy, last, outcast.client()))
                        .toList();
    }

    private static boolean isCredible(Legacy legacy, Legacy.Bequeathed last, int client) {
        Legacy.Bequeathed own = newest(legacy, client);
        if (own == null) {
            return true;
        }
        if (Journal.incarnation(own.journal()) == Journal.incarnation(last.journal())) {
            return Journal.outcasts(own.journal()).stream().anyMatch(outcast -> outcast.client() == client);
        }
        return 2 * last.owners().ids().size() >= heirs(legacy).ids().size();
    }

    /** The clients that have handed over any journal. */
    private static MemberSet heirs(Legacy legacy) {
        MemberSet heirs = MemberSet.NONE;
        for (Legacy.Bequeathed known : legacy.journals()) {
            heirs = heirs.withAll(known.owners());
        }
        return heirs;
    }

    /** The journal that counts, if there is any. */
    static Optional<Slab> last(Legacy legacy) {
        return Optional.ofNullable(newest(legacy.journals().stream())).map(Legacy.Bequeathed::journal);
    }

    /** Which requests clients will ask again, since they have read no answer. */
    @FunctionalInterface
    interface Asking {
        boolean asksAgain(int client, int request);
    }

    /** What the journals say that were handed over. */
    static Redo of(Legacy legacy, Asking asking) {
        Legacy.Bequeathed last = newest(legacy.journals().stream());
        if (last == null) {
            return new Redo(null, MemberSet.NONE, List.of(), List.of());
        }
        MemberSet heirs = heirs(legacy);
        Journal.Entry entry = Journal.read(last.journal());
        if (entry != null && heirs.contains(entry.client()) && !last.owners().contains(entry.client())) {
            entry = null;
        }
        List<Journal.Entry> debts = new ArrayList<>();
        for (int heir : heirs.ids()) {
            debts.addAll(debts(legacy, heir));
        }
        debts.removeIf(debt -> !asking.asksAgain(debt.client(), debt.request()));
        return new Redo(entry, last.owners(), debts, amendments(legacy, last, entry));
    }

    /** What the words are to be that brokers before had for themselves; those of the last one first. */
    private static List<Amendments.Amendment> amendments(
            Legacy legacy, Legacy.Bequeathed last, Journal.@Nullable Entry entry) {
        Stream<Amendments.Amendment> inherited = Journal.amendments(last.journal()).stream()
                .filter(amendment -> isConfirmed(legacy, last, amendment));
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
    private static boolean isConfirmed(Legacy legacy, Legacy.Bequeathed last, Amendments.Amendment amendment) {
        Legacy.Bequeathed own = newest(legacy, amendment.client());
        return own == null
                || last.owners().contains(amendment.client())
                || Journal.amendments(own.journal()).contains(amendment)
                || of(Journal.read(own.journal())).anyMatch(amendment::equals);
    }

    /** Whether it is for a word of a broker before, which is still as that has left it. */
    private static boolean isLocked(Legacy legacy, Journal.Change change) {
        Slab slab = legacy.own(change.place());
        return slab != null && slab.cell(change.place().offset()).load() == change.lock();
    }

    /** Of several of one broker that which most have. */
    private static Legacy.@Nullable Bequeathed newest(Stream<Legacy.Bequeathed> journals) {
        return journals.max(Comparator.<Legacy.Bequeathed>comparingLong(known -> Journal.incarnation(known.journal()))
                        .thenComparing(Legacy.Bequeathed::owners, MemberSet.BY_VOTES))
                .orElse(null);
    }

    /** What a client is owed, by the newest journal that it has itself. */
    private static List<Journal.Entry> debts(Legacy legacy, int client) {
        Legacy.Bequeathed own = newest(legacy, client);
        if (own == null) {
            return List.of();
        }
        List<Journal.Entry> debts = new ArrayList<>(Journal.debts(own.journal()));
        Journal.Entry last = Journal.read(own.journal());
        if (last != null) {
            debts.removeIf(debt -> debt.client() == last.client() && debt.request() == last.request());
            debts.addFirst(last);
        }
        debts.removeIf(debt -> debt.client() != client || !Journal.isDebt(debt));
        return debts;
    }

    private static Legacy.@Nullable Bequeathed newest(Legacy legacy, int client) {
        return newest(legacy.journals().stream().filter(known -> known.owners().contains(client)));
    }

    /** Does it to the words that clients share: those that are still locked for it. */
    void run(Legacy legacy) {
        if (entry == null) {
            return;
        }
        for (Journal.Change change : entry.changes()) {
            Slab slab = legacy.shared(change.place());
            if (slab != null && isMeant(change) && isReachable(legacy, change.place())) {
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
    private boolean isReachable(Legacy legacy, Location place) {
        return writers.ids().stream().anyMatch(client -> legacy.isOf(client, place));
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
