package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal of the broker before that counts, of those that clients hand over. Only the last one has done anything since it gave
 * its own to everybody.
 *
 * <p><b>Clients alone cannot tell which that is.</b> Say that one client hands over a newer journal than all others. It may be
 * honest, and the only one that came in time to a broker which then did a lot; the others stood still meanwhile. Or that broker
 * died before it gave its journal to anybody, and the one client has made one itself: it promises nothing, and so what the
 * broker before had promised would not be done. All that is handed over, and all that is in the words, can be the same in both
 * cases; so no counting of votes is right in both. Nor has a broker done nothing because few have its journal: it sends that to
 * all before it promises anything, but who does not read has not got it.
 *
 * <p><b>So brokers write it down</b> ({@link Chronicle}), where no client has a reason to write: which file the journal is that
 * they are about to give away, and from which they go on; behind that one from which that went on. The first that somebody
 * hands over counts.
 *
 * <pre>
 *   the broker                                its death there means
 *   ---------------------------------------   ----------------------------------------------------------------
 *   finds the journal that counts             nothing: the next one finds it, or another, when others come
 *   writes down its own in front of that      nobody has its own: the other one counts again, and whoever has one
 *                                               that is left out has come too late
 *   does what that one's was about to do,     the same; what is done is not done again, for the word is unlocked
 *     and writes it into its own
 *   gives its own to one after the other      who has it hands it over, and it counts
 *   unlocks and moves what it takes over      the same; if it was given to nobody who comes, the other one still
 *     does what it is asked                     counts, as for the broker itself
 * </pre>
 *
 * <p><b>What it goes on without</b> it leaves out: journals that are newer than the one that counts, but that none of those
 * have who came in time. Say that a broker had promised something to one client, which then stood still while the next one went
 * on from what another client had, unlocked the words as they were, and died. If the journal with the promise counted again, or
 * only what it owes were paid, the client would be told of something that nobody has done. So it is told that all is lost, as
 * it would have been by the broker that did not wait for it: by whoever comes after that one has written it down, done anything
 * or not. It is the same for a journal that a client has made as if of a broker in between. Journals older than all that is
 * written down are neither: their owners had no room for another.
 *
 * <p>To whom nobody comes who has a journal has touched nothing of before: it leaves nothing out.
 *
 * <p><b>Whom that keeps out</b>: who hands over what he likes. Not who writes to the lock file himself: every member of the
 * domain may, as its locks need a descriptor for writing. Nor, on kernels 5.1 to 5.8, whose memfds have inode numbers of 32
 * bits, who makes four thousand million files, until one has the number of a journal: the incarnation beside it he knows, and
 * so he would any other mark, for he can read the file.
 *
 * <p>What is written down may be lost: a cleaner deletes the file when no broker lives, or nobody is left who has one of those.
 * Then the newest counts, of several of one broker that which most have; and as anybody may have made it what it says is
 * believed less: {@link #isProven}. It is written down that it was a guess: so it counts for the next broker, too, if this one
 * dies before it has given its own to anybody, and is believed no more than now.
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
        Legacy.Bequeathed last = named == null ? newest(legacy) : named;
        return last == null ? null : new Testament(legacy, last, legacy.isProven(last));
    }

    /** Of several of one broker that which most have. */
    private static Legacy.@Nullable Bequeathed newest(Legacy legacy) {
        return legacy.journals().stream()
                .max(Comparator.<Legacy.Bequeathed>comparingLong(known -> known.line().incarnation())
                        .thenComparing(Legacy.Bequeathed::owners, MemberSet.BY_VOTES))
                .orElse(null);
    }

    Slab journal() {
        return last.journal();
    }

    /** Which one it is. */
    Chronicle.Line line() {
        return last.line();
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
