package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal of the broker before that counts, of those that clients hand over. Only the last one has done anything since it gave
 * its own to everybody.
 *
 * <p><b>Clients alone cannot tell which that is.</b> Say that one client hands over a newer journal than all others. It may be
 * honest, and the only one that came in time to a broker which then did a lot; the others stood still meanwhile. Or that broker died before
 * it gave its journal to anybody, and the one client has made one itself: it promises nothing, and so what the broker before had promised
 * would not be done. All that is handed over, and all that is in the words, can be the same in both cases; so no counting
 * of votes is right in both. Nor has a broker done nothing because few have its journal: it sends that to all before it promises
 * anything, but who does not read has not got it.
 *
 * <p><b>So brokers write it down</b> ({@link Register}), where clients write nothing: which file the journal is that they are about to give
 * away for the first time, and from which they have inherited what is in it. Nobody can make a file that is the same.
 *
 * <pre>
 *   the broker                              its death there means
 *   -------------------------------------   ------------------------------------------------------------
 *   inherits from the journal that counts   that one is the first that is written down, and counts
 *   writes down its own, and that one       nobody has its own: the other one counts, and says the same
 *   gives its own to one after the other    who has it hands it over, and it counts
 *   does what it is asked                   the same
 * </pre>
 *
 * <p>What is written down may be lost: a cleaner deletes the file when no broker lives, or nobody is left who has one of the two. Then
 * the newest counts, of several of one broker that which most have; and as anybody may have made it what it says is believed
 * less: {@link #isProven}.
 */
final class Testament {

    private final Legacy legacy;
    private final Legacy.Bequeathed last;
    private final boolean proven;

    private Testament(Legacy legacy, Legacy.Bequeathed last, boolean proven) {
        this.legacy = legacy;
        this.last = last;
        this.proven = proven;
    }

    /** Null when nobody hands over any. */
    static @Nullable Testament of(Legacy legacy) {
        Legacy.Bequeathed named = legacy.named();
        Legacy.Bequeathed last = named == null ? newest(legacy.journals().stream()) : named;
        return last == null ? null : new Testament(legacy, last, named != null);
    }

    /** Of several of one broker that which most have. */
    private static Legacy.@Nullable Bequeathed newest(Stream<Legacy.Bequeathed> journals) {
        return journals.max(Comparator.<Legacy.Bequeathed>comparingLong(known -> Journal.incarnation(known.journal()))
                        .thenComparing(Legacy.Bequeathed::owners, MemberSet.BY_VOTES))
                .orElse(null);
    }

    Slab journal() {
        return last.journal();
    }

    /** What file it is. */
    Object file() {
        return last.file();
    }

    /** The clients that have handed it. */
    MemberSet owners() {
        return last.owners();
    }

    /** Whether a broker has made it, as brokers have written down. */
    boolean isProven() {
        return proven;
    }

    /** The clients that have handed over any journal. */
    MemberSet heirs() {
        MemberSet heirs = MemberSet.NONE;
        for (Legacy.Bequeathed known : legacy.journals()) {
            heirs = heirs.withAll(known.owners());
        }
        return heirs;
    }

    /** What a client has handed itself; null if it has not. */
    @Nullable Slab of(int client) {
        return legacy.journals().stream()
                .filter(known -> known.owners().contains(client))
                .map(Legacy.Bequeathed::journal)
                .findFirst()
                .orElse(null);
    }

    /**
     * The clients that the broker before had expelled, and that may live. Where nobody knows who has made the journal: of a client
     * that hands over the same broker's journal that one has to say so, too; of one that has an older one at least half of
     * those have to know it who hand over any. Or who has made a journal himself would expel others.
     */
    List<Outcast> outcasts() {
        return Journal.outcasts(last.journal()).stream()
                .filter(outcast -> proven || isCredible(outcast.client()))
                .toList();
    }

    private boolean isCredible(int client) {
        Slab own = of(client);
        if (own == null) {
            return true;
        }
        if (Journal.incarnation(own) == Journal.incarnation(last.journal())) {
            return Journal.outcasts(own).stream().anyMatch(outcast -> outcast.client() == client);
        }
        return 2 * last.owners().ids().size() >= heirs().ids().size();
    }
}
