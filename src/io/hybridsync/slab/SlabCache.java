package io.hybridsync.slab;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one process group, and which of their slots are free. All of this is the broker's private memory: what a
 * client may write to is never asked.
 *
 * <p>A slot that is handed out has a generation that this place never had, chosen so that neither the zero word (hole
 * punching cannot be sealed off, and zeroes) nor the poison verifies at the location. Free slots are poisoned. So whoever
 * comes late to a place that was freed, or freed and reused, finds a word that does not verify under his base, and a
 * compare-and-set that he had in flight fails.
 *
 * <p>A free place that does not hold the poison any more was written to by somebody who had no business there, and who may
 * write again: it is never handed out again, and goes with its slab. One load for each slot that is handed out;
 * and {@link #patrol} looks at free places and at the gaps between words, which are poisoned too.
 *
 * <p>Slabs grow geometrically, so that few objects cost a page and many cost few mappings. Confined to the broker's thread.
 */
public final class SlabCache {

    /** What free words contain. */
    public static final long POISON = 0xdead_f9ee_0bad_f9eeL;

    private static final int FIRST_BYTES = 4096;

    /** The largest slab. */
    public static final int LARGEST_BYTES = 1 << 20;

    /** How many intrusions are told for one slab. */
    private static final int TOLD_PER_SLAB = 4;

    private final LongSupplier ids;
    private final SlabSource source;
    private final Intrusions intrusions;
    private final Map<Long, Room> rooms = new HashMap<>();

    /** Is told of free memory that somebody has written to; of the first few places of each slab. */
    public interface Intrusions {

        /**
         * A place that was free is not handed out again.
         *
         * @param place with a generation that nobody has had
         * @param word what is there instead of the poison
         */
        void found(Location place, long word);
    }

    /** One slab with the state of its places. */
    private static final class Room {
        final Slab slab;
        final SlotMap map;
        final int[] generations;
        final BitSet tainted = new BitSet();

        /** Where it is not known whether anything may be: nothing there is an intrusion. */
        final BitSet unknown = new BitSet();

        int told;
        int patrolled;

        Room(Slab slab, SlotMap map) {
            this.slab = slab;
            this.map = map;
            this.generations = new int[slab.size() / Long.BYTES];
        }

        static Room of(Slab slab) {
            Room room = new Room(slab, new SlotMap(slab.size()));
            for (int offset = 0; offset < slab.size(); offset += Long.BYTES) {
                slab.cell(offset).store(POISON);
            }
            return room;
        }

        /** Of a slab that another broker has left, as it is. */
        static Room adopted(Slab slab) {
            Room room = new Room(slab, SlotMap.adopted(slab.size()));
            for (int at = 0; at < room.generations.length; at++) {
                room.unknown.set(at, slab.cell(at * Long.BYTES).load() != POISON);
            }
            return room;
        }
    }

    /**
     * @param ids gives the ids of new slabs
     * @param source makes new slabs
     * @param intrusions is told of what was written to free memory
     */
    public SlabCache(LongSupplier ids, SlabSource source, Intrusions intrusions) {
        this.ids = ids;
        this.source = source;
        this.intrusions = intrusions;
    }

    /**
     * A slot for one object, poisoned until its first word is stored.
     *
     * @param compact whether it may share its line of 64 bytes with other compact objects
     * @throws io.hybridsync.error.LimitExceededException when a new slab was needed and could not be had
     */
    public Slot allocate(boolean compact) {
        for (Room room : rooms.values()) {
            Slot slot = take(room, compact);
            if (slot != null) {
                return slot;
            }
        }
        return Objects.requireNonNull(take(grow(), compact), "nobody else has a new slab");
    }

    private @Nullable Slot take(Room room, boolean compact) {
        for (int offset = room.map.allocate(compact); offset >= 0; offset = room.map.allocate(compact)) {
            Slot slot = slot(room, offset);
            long word = slot.load();
            if (word == POISON) {
                return slot;
            }
            room.map.quarantine(offset);
            tell(room, slot.location(), word);
        }
        return null;
    }

    /** Each place once. */
    private void tell(Room room, Location place, long word) {
        int at = place.offset() / Long.BYTES;
        if (!room.tainted.get(at) && room.told++ < TOLD_PER_SLAB) {
            intrusions.found(place, word);
        }
        room.tainted.set(at);
    }

    /**
     * Looks at words that are nobody's, going on where it ended. What is found is told once, and free places among it will
     * not be handed out. In slabs that another broker has made only places that were poisoned when they were taken in, or
     * have been since.
     *
     * @param words how many, in use or not
     * @return how many it was; fewer when all slabs have been looked at
     */
    public int patrol(int words) {
        int looked = 0;
        for (Room room : rooms.values()) {
            while (looked < words && room.patrolled < room.generations.length) {
                look(room, room.patrolled++);
                looked++;
            }
        }
        if (looked < words) {
            rooms.values().forEach(room -> room.patrolled = 0);
        }
        return looked;
    }

    private void look(Room room, int at) {
        int offset = at * Long.BYTES;
        if (!room.map.isUsed(offset) && !room.unknown.get(at)) {
            long word = room.slab.cell(offset).load();
            if (word != POISON) {
                tell(room, new Location(room.slab.id(), offset, room.generations[at]), word);
            }
        }
    }

    /**
     * Gives a slot back and poisons it. Nobody of this domain may sleep there any more.
     *
     * @throws IllegalStateException when the location is not in use: freed before, or never handed out; nothing changed
     */
    public void free(Location location) {
        Room room = rooms.get(location.slab());
        if (room == null
                || !room.map.isUsed(location.offset())
                || room.generations[location.offset() / Long.BYTES] != location.generation()) {
            throw new IllegalStateException("no slot is in use at " + location);
        }
        room.slab.cell(location.offset()).store(POISON);
        room.unknown.clear(location.offset() / Long.BYTES);
        room.map.free(location.offset());
    }

    /** Forgets a slab of which no slot is in use, and returns it; null when some are. */
    public @Nullable Slab dropIfEmpty(long id) {
        Room room = rooms.get(id);
        if (room == null || room.map.used() > 0) {
            return null;
        }
        rooms.remove(id);
        return room.slab;
    }

    /**
     * Takes a slab in that another broker has made. None of its places is ever handed out: which of them are free, and which
     * generations they have had, nobody knows any more. It goes when the last place that was claimed is given back. Where
     * there is a word that nobody claims it may be a tombstone, the end of a move that was never made, or of an object that was
     * made for nobody or that its last holder has closed: it stays there.
     */
    public void adopt(Slab slab) {
        rooms.put(slab.id(), Room.adopted(slab));
    }

    /** Whether a slab was made by another broker. */
    public boolean isAdopted(long id) {
        Room room = rooms.get(id);
        return room != null && room.map.isAdopted();
    }

    /**
     * A place in an adopted slab is in use.
     *
     * @return its slot, or null when there is no such place, or it is in use already
     */
    public @Nullable Slot claim(Location location) {
        Room room = rooms.get(location.slab());
        int offset = location.offset();
        if (room == null || offset < 0 || offset % Long.BYTES != 0 || offset > room.slab.size() - Long.BYTES
                || !room.map.claim(offset)) {
            return null;
        }
        room.generations[offset / Long.BYTES] = location.generation();
        return new Slot(location, room.slab.cell(offset));
    }

    /** Takes over all slabs of another cache, which is of no use from then on. */
    public void absorb(SlabCache other) {
        rooms.putAll(other.rooms);
        other.rooms.clear();
    }

    /** The ids of all slabs. */
    public Set<Long> slabs() {
        return Set.copyOf(rooms.keySet());
    }

    /** The slab with this id, or null. */
    public @Nullable Slab slab(long id) {
        Room room = rooms.get(id);
        return room == null ? null : room.slab;
    }

    /** How many slots are in use. */
    public int used() {
        return rooms.values().stream().mapToInt(room -> room.map.used()).sum();
    }

    private Room grow() {
        int largest = rooms.values().stream().mapToInt(room -> room.slab.size()).max().orElse(FIRST_BYTES / 2);
        long id = ids.getAsLong();
        Room room = Room.of(source.create(id, Math.min(LARGEST_BYTES, 2 * largest)));
        rooms.put(id, room);
        return room;
    }

    private static Slot slot(Room room, int offset) {
        Location location;
        do {
            int generation = ++room.generations[offset / Long.BYTES];
            location = new Location(room.slab.id(), offset, generation);
        } while (!isUsable(location));
        return new Slot(location, room.slab.cell(offset));
    }

    /** Whether what a place may contain without anybody's error is no valid word there. */
    static boolean isUsable(Location location) {
        int base = location.base();
        return !Word.isValid(base, 0) && !Word.isValid(base, POISON);
    }
}
