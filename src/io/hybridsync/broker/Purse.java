package io.hybridsync.broker;

import io.hybridsync.object.Ledger;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Slab;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client holds of leased semaphores: what its ledgers say, and what the broker has taken for it, which they do not.
 *
 * <p>Where in the ledgers an object is, is looked up once for all objects and kept as long as it is true. The client writes
 * there as it pleases, so an entry counts if it names the object before and after it was read.
 */
final class Purse {

    /** What a client may hand over: so long a look at all of it takes no time. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int MOST_LEDGERS = 64;

    private record Entry(Cell object, Cell word) {}

    private final Map<Long, Slab> ledgers = new HashMap<>();
    private final Map<Long, List<Entry>> entries = new HashMap<>();
    private final Map<Long, Integer> granted = new HashMap<>();
    private boolean lacking;

    /** Whether one more ledger of that size may be taken, in place of the one with its number if there is one. */
    boolean hasRoom(long number, int size) {
        Slab former = ledgers.get(number);
        int bytes = ledgers.values().stream().mapToInt(Slab::size).sum() - (former == null ? 0 : former.size());
        return size <= MOST_BYTES - bytes && (former != null || ledgers.size() < MOST_LEDGERS);
    }

    /** A ledger has come; the one that it replaces, or null. */
    @Nullable Slab add(long number, Slab ledger) {
        entries.clear();
        return ledgers.put(number, ledger);
    }

    /** All ledgers. */
    Collection<Slab> ledgers() {
        return ledgers.values();
    }

    /** A ledger has come that could not be mapped. */
    void lacks() {
        lacking = true;
    }

    /** Whether that is so; then it is told now. */
    boolean wasLacking() {
        boolean was = lacking;
        lacking = false;
        return was;
    }

    /** The broker has taken so many permits of an object for the client, or if negative has released them. */
    void grant(long object, int permits) {
        granted.merge(object, permits, Integer::sum);
    }

    /** What the broker has taken for the client and not released. */
    int granted(long object) {
        return granted.getOrDefault(object, 0);
    }

    /** The client has closed the object. */
    void closed(long object) {
        granted.remove(object);
        entries.remove(object);
    }

    /** How many permits of an object the client holds; {@link Settlement#UNDER_WAY} if that cannot be said now. */
    long held(long object) {
        int held = granted(object);
        for (Entry entry : entries(object)) {
            long word = entry.word.load();
            if (entry.object.load() != object || Ledger.isUnderWay(word)) {
                return Settlement.UNDER_WAY;
            }
            held += Ledger.held(word);
        }
        return held;
    }

    /** Before it operates on an object, a client has written all its entries. */
    private List<Entry> entries(long object) {
        List<Entry> known = entries.getOrDefault(object, List.of());
        if (known.size() == Ledger.ENTRIES && known.stream().allMatch(entry -> entry.object.load() == object)) {
            return known;
        }
        entries.clear();
        ledgers.values().forEach(this::read);
        return entries.getOrDefault(object, List.of());
    }

    private void read(Slab ledger) {
        for (int at = 0; at + Ledger.ENTRY_BYTES <= ledger.size(); at += Ledger.ENTRY_BYTES) {
            Cell name = ledger.cell(at + Ledger.OBJECT);
            long object = name.load();
            if (object != 0) {
                entries.computeIfAbsent(object, id -> new ArrayList<>())
                        .add(new Entry(name, ledger.cell(at + Ledger.WORD)));
            }
        }
    }
}
