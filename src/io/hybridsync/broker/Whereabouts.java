package io.hybridsync.broker;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the word of an object is that the broker before may have been moving or holding locked when it died, and ends
 * what that one had begun. {@link Move} tells the steps; this is what its successor makes of each:
 *
 * <pre>
 *   it died after         O says             N says             the word is at
 *   ------------------    ----------------   ----------------   -----------------------------------
 *   1. locking O          LOCKED, value      poison             O, which is unlocked
 *   2. writing N          LOCKED, value      LOCKED, value      O, which is unlocked
 *   3. telling, some      LOCKED, value      LOCKED, value      O, which is unlocked
 *   4. unlocking N        LOCKED, value      value              N: all have been told; O is buried
 *   5. burying O          MOVED, number      value, lives on    N, which somebody was told
 * </pre>
 *
 * <p>Clients are at different places: who has seen the tombstone is at N and may have forgotten what it was told; who has
 * not is at O and knows where that number leads, as it does of every move since. So from wherever one starts, what all of
 * them together were told leads to the one place. A place that was told for a move that was given up is no word of the
 * object, or is LOCKED: the number is spent, and nothing plain is ever there.
 *
 * <p>A word that was locked for anything else holds the value from before, and is unlocked as it is: {@link Journal} has
 * been redone by then.
 */
final class Whereabouts {

    private static final int CLAIMS = Word.LOCKED | Word.MOVED | Word.CORRUPTED;
    private static final int ATTEMPTS = 64;

    private final Legacy legacy;

    /**
     * Where a word is.
     *
     * @param slot the place
     * @param sound whether the word there is the object's
     */
    record Place(Slot slot, boolean sound) {}

    Whereabouts(Legacy legacy) {
        this.legacy = legacy;
    }

    /** The one place of an object in memory that clients share; null if none says any. If they do not agree, where most of them get to. */
    @Nullable Place find(Bequest bequest) {
        List<Told> told = bequest.told();
        Map<Location, Place> found = new LinkedHashMap<>();
        Map<Location, Integer> votes = new LinkedHashMap<>();
        bequest.placed().forEach(statement -> {
            Place place = follow(Objects.requireNonNull(slot(statement.location())), told);
            Location location = place.slot.location();
            found.putIfAbsent(location, place);
            votes.merge(location, place.sound ? ATTEMPTS : 1, Integer::sum);
        });
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> found.get(most.getKey()))
                .orElse(null);
    }

    private Place follow(Slot from, List<Told> told) {
        Slot here = from;
        for (int hops = 0; hops <= told.size() + ATTEMPTS; hops++) {
            long word = here.load();
            int flags = Word.flags(word);
            if (!here.isValid(word) || (flags & Word.CORRUPTED) != 0) {
                return new Place(here, false);
            }
            if ((flags & CLAIMS) == 0) {
                return new Place(here, true);
            }
            Slot next = (flags & Word.MOVED) != 0 ? target(told, Word.data(word)) : end(here, word, told);
            if (next == null) {
                return new Place(here, false);
            }
            here = next;
        }
        return new Place(here, false);
    }

    /** Where a tombstone's number leads. */
    private @Nullable Slot target(List<Told> told, int move) {
        return told.stream()
                .filter(next -> next.move() == move)
                .map(next -> slot(next.to()))
                .filter(slot -> slot != null && slot.isValid(slot.load()))
                .findFirst()
                .orElse(null);
    }

    /** Ends what the lock was for: where the word is then. */
    private Slot end(Slot here, long lock, List<Told> told) {
        Told committed = told.stream()
                .filter(next -> isPlain(slot(next.to())))
                .max(Comparator.comparingInt(Told::move))
                .orElse(null);
        int data = committed == null ? Word.data(lock) : committed.move();
        int flags = committed == null ? Word.flags(lock) & ~Word.LOCKED : Word.MOVED;
        here.replace(lock, data, flags);
        wake(here.cell());
        return committed == null ? here : Objects.requireNonNull(slot(committed.to()));
    }

    private static boolean isPlain(@Nullable Slot slot) {
        long word = slot == null ? 0 : slot.load();
        return slot != null && slot.isValid(word) && (Word.flags(word) & CLAIMS) == 0;
    }

    private @Nullable Slot slot(Location place) {
        Slab slab = legacy.shared(place);
        return slab == null ? null : new Slot(place, slab.cell(place.offset()));
    }

    /** Everybody, on both halves: who slept there, and was not woken by who died, looks where the word is now. */
    static void wake(Cell cell) {
        cell.wake(Half.DATA, Cell.ALL);
        cell.wake(Half.FLAGS, Cell.ALL);
    }
}
