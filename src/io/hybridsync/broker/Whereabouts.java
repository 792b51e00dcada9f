package io.hybridsync.broker;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    /** What one who gets to a good word counts, beside those who do not. */
    private static final int SOUND = 64;

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

    /**
     * The one place of an object in memory that clients share; null if none says any. If they do not agree, where most of them
     * get to.
     */
    @Nullable Place find(Bequest bequest) {
        Trail trail = new Trail(bequest.told());
        Map<Location, Place> found = new LinkedHashMap<>();
        Map<Location, Integer> votes = new LinkedHashMap<>();
        bequest.placed().forEach(statement -> {
            Place place = trail.follow(Objects.requireNonNull(slot(statement.location())));
            Location location = place.slot.location();
            found.putIfAbsent(location, place);
            votes.merge(location, place.sound ? SOUND : 1, Integer::sum);
        });
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> found.get(most.getKey()))
                .orElse(null);
    }

    /** Where tombstones lead to. However many moves clients claim to have been told of, each place is looked at once. */
    private final class Trail {

        private final Map<Integer, Slot> targets = new HashMap<>();
        private final Map<Location, Place> ends = new HashMap<>();

        /** The last move that was decided, though perhaps not everywhere; null if none was. */
        private @Nullable Told committed;

        private Trail(List<Told> told) {
            for (Told move : told) {
                Slot to = slot(move.to());
                long word = to == null ? 0 : to.load();
                if (to != null && to.isValid(word)) {
                    targets.putIfAbsent(move.move(), to);
                    if ((Word.flags(word) & CLAIMS) == 0 && (committed == null || committed.move() < move.move())) {
                        committed = move;
                    }
                }
            }
        }

        Place follow(Slot from) {
            Set<Location> path = new LinkedHashSet<>();
            Slot here = from;
            Place end = null;
            while (end == null) {
                end = path.add(here.location()) ? ends.get(here.location()) : new Place(here, false);
                Slot next = end == null ? next(here) : null;
                if (end == null && next == null) {
                    end = new Place(here, isPlain(here));
                }
                here = next == null ? here : next;
            }
            for (Location place : path) {
                ends.put(place, end);
            }
            return end;
        }

        /** Where the word went from a place; null if it did not, or nobody knows where to. */
        private @Nullable Slot next(Slot here) {
            long word = here.load();
            int flags = Word.flags(word);
            if (!here.isValid(word) || (flags & Word.CORRUPTED) != 0) {
                return null;
            }
            if ((flags & Word.MOVED) != 0) {
                return targets.get(Word.data(word));
            }
            return (flags & Word.LOCKED) != 0 ? end(here, word) : null;
        }

        /** Ends what the lock was for: where the word is then, if that is elsewhere. */
        private @Nullable Slot end(Slot here, long lock) {
            Told move = committed;
            if (move == null) {
                here.replace(lock, Word.data(lock), Word.flags(lock) & ~Word.LOCKED);
            } else {
                here.replace(lock, move.move(), Word.MOVED);
            }
            wake(here.cell());
            return move == null ? null : slot(move.to());
        }
    }

    private static boolean isPlain(Slot slot) {
        long word = slot.load();
        return slot.isValid(word) && (Word.flags(word) & CLAIMS) == 0;
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
