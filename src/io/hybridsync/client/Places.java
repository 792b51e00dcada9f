package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.object.Authority.Verdict;
import io.hybridsync.object.Portion;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the word of one object is, was, and may soon be, as this client was told and as it has seen.
 *
 * <p>Before a word moves, the connection's thread is told to which place, under which number. Nothing is done with that
 * until somebody sees the tombstone with this number at the old place: an operation that comes across it, or the connection's
 * thread, which looks when it is told that the tombstone is there; so a client that does nothing does not stay behind. Who
 * sees the tombstone first may be ahead of the connection's thread; then it waits for it, for the message is on its way.
 *
 * <p>A place that was left is kept in {@link #left} until no thread of this process is on the slow path there, asleep or
 * about to be. Then it is acknowledged, and the broker may use it for another object. When that broker has ended there is
 * nobody to tell, and no other will use the place.
 */
final class Places {

    private static final long MESSAGE_NANOS = 100_000_000;

    /** The memory that this client has mapped: {@link Slabs}, or that of a model. */
    interface Atlas {

        /**
         * The slot at a location.
         *
         * @throws LimitExceededException when its slab could not be mapped
         */
        Slot slot(Location location);

        /** Whether this client has the slab. */
        boolean has(long slab);
    }

    /** How a thread waits for what the connection's thread is about to be told; null when that takes longer than so long. */
    @FunctionalInterface
    interface Hearing {
        @Nullable Slot await(CompletableFuture<Slot> told, long nanos);
    }

    private final Portion portion;
    private final Atlas slabs;
    private final AtomicLong migrations;
    private final Hearing hearing;
    private final Map<Integer, CompletableFuture<Slot>> told = new ConcurrentHashMap<>();
    private final Map<Location, Slot> left = new ConcurrentHashMap<>();

    /** @param migrations counts the moves that the client has followed */
    Places(Portion portion, Atlas slabs, AtomicLong migrations) {
        this(portion, slabs, migrations, Uninterrupted::getOrNull);
    }

    /** @param hearing how a thread waits for the connection's */
    Places(Portion portion, Atlas slabs, AtomicLong migrations, Hearing hearing) {
        this.portion = portion;
        this.slabs = slabs;
        this.migrations = migrations;
        this.hearing = hearing;
    }

    /**
     * By the connection's thread: the word may be about to move.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void moving(Message.Moving moving) {
        told(moving.move()).complete(slabs.slot(moving.to()));
    }

    /**
     * By the connection's thread: the tombstone is at the old place. Looks at it, and goes on at the new one.
     *
     * @return false when there is no tombstone: then the place is not left; nor is it when the portion has ended there, perhaps
     *     as there was none, which the broker is about to hear
     */
    boolean moved(Message.Moved moved) {
        Slot here = portion.slotAt(moved.from());
        if (here != null) {
            Slot to = told(moved.move()).getNow(null);
            if (to == null || move(here) != moved.move()) {
                return false;
            }
            go(here, to);
        }
        return !portion.isEnded() || !moved.from().equals(portion.location());
    }

    /**
     * By the connection's thread: the next broker says that the word is elsewhere.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void located(Location now) {
        go(now);
    }

    /**
     * By the connection's thread: the next broker has said where the word is. What the one before said is of no use any more. Who
     * has seen a tombstone of the next one already waits for what that is about to say.
     */
    void takenOver() {
        told.values().removeIf(CompletableFuture::isDone);
    }

    /**
     * By the connection's thread: the broker was asked for the word that was at a place, and says where it is.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void claimed(Location asked, Location now) {
        if (asked.equals(portion.location())) {
            go(now);
        }
    }

    /** Whether no thread of this client is at a place that the word has left, nor will be. */
    boolean hasLeft(Location place) {
        Slot slot = left.get(place);
        return !portion.isOnSlowPathAt(place) && (slot == null || !slot.isOnSlowPath());
    }

    /** The place and what was told until the move away from it are of no use any more. */
    void forget(Message.Moved moved) {
        left.remove(moved.from());
        told.keySet().removeIf(move -> (move - moved.move()) << 1 <= 0);
    }

    /**
     * Forgets a place that the word left under a broker that has ended, if no thread is there. Otherwise wakes whoever is: that
     * broker may not have come to it.
     */
    boolean forget(Location place) {
        Slot slot = left.get(place);
        boolean gone = hasLeft(place);
        if (gone) {
            left.remove(place);
        } else if (slot != null) {
            wake(slot);
        }
        return gone;
    }

    /** By the connection's thread: the places that were left and not forgotten. */
    Stream<Location> left() {
        return left.keySet().stream();
    }

    /**
     * By the connection's thread: the slabs in which the word is, may be, or was. A thread that operates on it may follow it
     * meanwhile, so all counts that was told, seen or not.
     */
    Stream<Long> slabs() {
        Stream<Location> places = Stream.concat(Stream.ofNullable(portion.location()), left.keySet().stream());
        return Stream.concat(places, told().map(Told::to)).map(Location::slab);
    }

    /**
     * By the connection's thread: the moves that this client was told of and had not seen when the word was at a place for it, and
     * the one that led there: numbers go on behind it, for this client may know older ones that were given up.
     * A thread that operates on it may have followed it since; then this is said of the place where it was, with the move away.
     *
     * @param here what the portion said; null where the word is the broker's own
     */
    List<Told> unseen(@Nullable Location here) {
        List<Told> all = told().filter(move -> slabs.has(move.to().slab())).toList();
        OptionalInt seen = all.stream().filter(move -> move.to().equals(here)).mapToInt(Told::move).findAny();
        return all.stream()
                .filter(move -> seen.isEmpty() || (move.move() - seen.getAsInt()) << 1 >= 0)
                .sorted(Comparator.comparingInt(Told::move))
                .toList();
    }

    private Stream<Told> told() {
        return told.entrySet().stream()
                .filter(entry -> entry.getValue().isDone())
                .map(entry -> new Told(entry.getKey(), entry.getValue().join().location()));
    }

    /**
     * By the connection's thread: where the next broker is told that the word is; null where it is the broker's own. Also where it
     * was found bad, in memory that this client has not got any more: a portion that has ended does not follow its word, and a
     * broker may have taken another place for that since.
     */
    @Nullable Location known() {
        Location here = portion.location();
        return here != null && slabs.has(here.slab()) ? here : null;
    }

    /** By the connection's thread: whether there is no such place, though the word is not the broker's own. */
    boolean isNowhere() {
        return portion.location() != null && known() == null;
    }

    /** Whether a thread of this client is asleep at a place of the word, or about to be. */
    boolean isAnyOnSlowPath() {
        return portion.isOnSlowPath() || left.values().stream().anyMatch(Slot::isOnSlowPath);
    }

    /** Wakes whoever sleeps at any place of the word. */
    void wakeAll() {
        portion.wakeAll();
        left.values().forEach(Places::wake);
    }

    private static void wake(Slot slot) {
        slot.cell().wake(Half.DATA, Cell.ALL);
        slot.cell().wake(Half.FLAGS, Cell.ALL);
    }

    /** Whether the word is known to be elsewhere by now. */
    boolean hasPassed(Slot slot) {
        return portion.slotAt(slot.location()) != slot;
    }

    /**
     * Follows the word from a place with a tombstone.
     *
     * @param patience how long to wait, at most, for what is told of that move
     * @return null when nothing was told of it, also not a while later
     */
    @Nullable Verdict follow(Slot slot, Patience patience) {
        int move = move(slot);
        if (move < 0 || hasPassed(slot)) {
            return Verdict.GONE;
        }
        Slot to = hearing.await(told(move), Math.clamp(patience.leftNanos(), 0, MESSAGE_NANOS));
        if (to == null) {
            return null;
        }
        go(slot, to);
        return Verdict.CONFIRMED;
    }

    private void go(Location now) {
        Location here = portion.location();
        if ((here == null) != now.equals(Location.BROKER)) {
            throw new ProtocolException("the broker says that %s is at %s, and this client has it at %s"
                    .formatted(portion.title(), now, here == null ? Location.BROKER : here));
        }
        Slot from = here == null ? null : portion.slotAt(here);
        if (from != null && !now.equals(here)) {
            go(from, slabs.slot(now));
            wake(from);
        }
    }

    /** Goes on at the next place, unless another thread has been faster: then the old one may be forgotten already. */
    private void go(Slot from, Slot to) {
        synchronized (left) {
            if (!hasPassed(from)) {
                left.put(from.location(), from);
                portion.relocate(from, to);
                migrations.getAndIncrement();
            }
        }
    }

    /** The number on the tombstone at a slot, -1 when there is none. */
    private static int move(Slot slot) {
        long word = slot.load();
        return slot.isValid(word) && (Word.flags(word) & Word.MOVED) != 0 ? Word.data(word) & Word.VALUE : -1;
    }

    private CompletableFuture<Slot> told(int move) {
        return told.computeIfAbsent(move, number -> new CompletableFuture<>());
    }
}
