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
 * there as it pleases, so an entry counts if it names the object before and after it was read. All of it is read once in an
 * event at most, and only as long as the {@link Moment} lasts: what has to be read once more is said to be under way.
 *
 * <p>Nothing is kept of objects that the client has not open, whatever it writes, nor more of one than it has written as long as
 * it keeps to the rules: its place, and the one before that, which it may not have cleared yet.
 */
final class Purse {

    /** What a client may hand over: so long a look at all of it takes no time. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int MOST_LEDGERS = 64;
    private static final int MOST_ENTRIES = 2 * Ledger.ENTRIES;

    /** No event. */
    private static final long NEVER = -1;

    private record Entry(Cell object, Cell word) {}

    private final Map<Long, Slab> ledgers = new HashMap<>();

    /** By the objects that the client has open; empty as long as nothing was looked up, or there is nothing. */
    private final Map<Long, List<Entry>> entries = new HashMap<>();

    private final Map<Long, Integer> granted = new HashMap<>();
    private final Moment moment;
    private boolean lacking;
    private long readIn = NEVER;
    private boolean unread;
    private boolean stuck;

    Purse(Moment moment) {
        this.moment = moment;
    }

    /** Whether one more ledger of that size may be taken, in place of the one with its number if there is one. */
    boolean hasRoom(long number, int size) {
        Slab former = ledgers.get(number);
        int bytes = ledgers.values().stream().mapToInt(Slab::size).sum() - (former == null ? 0 : former.size());
        return size <= MOST_BYTES - bytes && (former != null || ledgers.size() < MOST_LEDGERS);
    }

    /** A ledger has come; the one that it replaces, or null. */
    @Nullable Slab add(long number, Slab ledger) {
        forgetEntries();
        return ledgers.put(number, ledger);
    }

    private void forgetEntries() {
        entries.replaceAll((object, known) -> List.of());
    }

    /** The client has the object open from now on. */
    void opened(long object) {
        entries.putIfAbsent(object, List.of());
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

    /** How many things are kept of what the client holds. */
    int size() {
        return granted.size() + entries.size() + entries.values().stream().mapToInt(List::size).sum();
    }

    /** The client has closed the object, or it is gone. */
    void closed(long object) {
        granted.remove(object);
        entries.remove(object);
    }

    /** How many permits of an object the client holds; {@link Settlement#UNDER_WAY} if that cannot be said now. */
    long held(long object) {
        List<Entry> all = entries(object);
        unread = all == null;
        long held = all == null ? Settlement.UNDER_WAY : held(object, all);
        stuck &= held == Settlement.UNDER_WAY;
        return held;
    }

    /** Whether it is of any use to wait for what is under way. */
    boolean isWorthWaiting() {
        return !unread && !stuck;
    }

    /** It has been waited for in vain: not again, until it has been seen that nothing is under way. */
    void waitedInVain() {
        stuck = true;
    }

    private long held(long object, List<Entry> all) {
        int held = granted(object);
        for (Entry entry : all) {
            long word = entry.word.load();
            if (entry.object.load() != object || Ledger.isUnderWay(word)) {
                return Settlement.UNDER_WAY;
            }
            held += Ledger.held(word);
        }
        return held;
    }

    /** Before it operates on an object, a client has written all its entries. Null when that cannot be seen now. */
    private @Nullable List<Entry> entries(long object) {
        List<Entry> known = entries.getOrDefault(object, List.of());
        if (known.size() == Ledger.ENTRIES && known.stream().allMatch(entry -> entry.object.load() == object)) {
            return known;
        }
        if (ledgers.isEmpty() || !entries.containsKey(object)) {
            return List.of();
        }
        if (readIn == moment.event() || !moment.lasts()) {
            return null;
        }
        readIn = moment.event();
        forgetEntries();
        moment.spend(() -> ledgers.values().forEach(this::read));
        return entries.getOrDefault(object, List.of());
    }

    private void read(Slab ledger) {
        for (int at = 0; at + Ledger.ENTRY_BYTES <= ledger.size(); at += Ledger.ENTRY_BYTES) {
            Cell name = ledger.cell(at + Ledger.OBJECT);
            Entry entry = new Entry(name, ledger.cell(at + Ledger.WORD));
            entries.computeIfPresent(name.load(), (object, known) -> with(known, entry));
        }
    }

    private static List<Entry> with(List<Entry> known, Entry entry) {
        List<Entry> all = known.isEmpty() ? new ArrayList<>(Ledger.ENTRIES) : known;
        if (all.size() < MOST_ENTRIES) {
            all.add(entry);
        }
        return all;
    }
}
