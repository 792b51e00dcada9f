package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Ledger;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The memory in which this client tells the broker what it holds of leased semaphores: {@link Ledger}. Made here, and shared
 * with nobody but the broker. It grows as objects are opened; entries of objects that are closed are used again.
 *
 * <p>The broker has to have a ledger before there is anything in it: a client that it knows nothing of holds nothing, and
 * what it holds would be given to others. So who opens a leased object waits until the broker has it, and nobody operates on
 * the object before.
 *
 * <p>The entries of an object stay as they are until the broker has heard that it is closed, for it adds them to what it has
 * taken for this client itself. What it has not answered to is in {@link #closed}, and is of no use to another broker.
 *
 * <p>Then they may be another object's at once: when a lease has ended no thread writes to its entries any more, however long it
 * has not run ({@link Lease#end}).
 *
 * <p>Thread-safe. Nobody holds the monitor while the broker is asked.
 */
final class Ledgers implements AutoCloseable {

    private static final int FIRST_BYTES = 4096;
    private static final int LARGEST_BYTES = 1 << 20;

    /** What the broker takes of one client. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int PLACE_BYTES = Ledger.ENTRIES * Ledger.ENTRY_BYTES;

    /** One piece of memory, and which of its places are in use. */
    private static final class Page {
        final MappedSlab slab;
        final BitSet used = new BitSet();
        boolean handed;

        Page(MappedSlab slab) {
            this.slab = slab;
        }

        void write(int place, int entry, int field, long value) {
            slab.cell(place * PLACE_BYTES + entry * Ledger.ENTRY_BYTES + field).store(value);
        }

        void clear(int place) {
            for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
                write(place, entry, Ledger.OBJECT, 0);
                write(place, entry, Ledger.WORD, 0);
            }
        }
    }

    private record Place(Page page, int index) {}

    private final MappedSlabs memory = new MappedSlabs();
    private final List<Page> pages = new ArrayList<>();
    private final Map<Lease, Place> places = new HashMap<>();
    private final List<Lease> closed = new ArrayList<>();
    private int bytes;

    /**
     * What this client holds of an object: nothing yet.
     *
     * @throws LimitExceededException when there is no room for its entries
     */
    synchronized Lease open(long object) {
        Place place = take();
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            place.page.write(place.index, entry, Ledger.OBJECT, object);
        }
        int first = place.index * PLACE_BYTES + Ledger.WORD;
        Lease lease = new Lease(
                place.page.slab.cell(first), place.page.slab.cell(first + Ledger.ENTRY_BYTES), false);
        places.put(lease, place);
        return lease;
    }

    private Place take() {
        for (Page page : pages) {
            int free = page.used.nextClearBit(0);
            if (free < page.slab.size() / PLACE_BYTES) {
                page.used.set(free);
                return new Place(page, free);
            }
        }
        Page page = grow();
        page.used.set(0);
        return new Place(page, 0);
    }

    private Page grow() {
        int size = Math.clamp(bytes, FIRST_BYTES, LARGEST_BYTES);
        if (bytes + size > MOST_BYTES) {
            throw new LimitExceededException(
                    "this process has as many leased semaphores open as a domain permits: close some");
        }
        Page page = new Page(memory.create(pages.size() + 1, size));
        pages.add(page);
        bytes += size;
        return page;
    }

    /** The object is closed here; the broker may not have heard. The lease has ended. */
    synchronized void close(Lease lease) {
        closed.add(lease);
    }

    /** The broker knows that it is closed. */
    synchronized void free(Lease lease) {
        Place place = places.remove(lease);
        closed.remove(lease);
        if (place != null) {
            place.page.clear(place.index);
            place.page.used.clear(place.index);
        }
    }

    /**
     * Sees to it that the broker has all ledgers.
     *
     * @throws io.hybridsync.error.SyncException when that cannot be done
     */
    void hand(Connection connection) {
        List<Page> due = unhanded();
        if (!due.isEmpty()) {
            due.forEach(page -> connection.hand(message(page.slab), page.slab.memfd().fd()));
            Message.Done _ = connection.ask(Message.Sync::new, Message.Done.class);
            markHanded(due);
        }
    }

    private static Message.Hand message(MappedSlab slab) {
        return new Message.Hand(Memory.LEDGER, slab.id(), slab.size());
    }

    private synchronized List<Page> unhanded() {
        return pages.stream().filter(page -> !page.handed).toList();
    }

    private synchronized void markHanded(List<Page> due) {
        due.forEach(page -> page.handed = true);
    }

    /** There is another broker, which is given all of them; it does not know what was closed. */
    synchronized Stream<Estate.Item> items() {
        List.copyOf(closed).forEach(this::free);
        pages.forEach(page -> page.handed = true);
        return pages.stream()
                .map(page -> Estate.Item.of(Memory.LEDGER, page.slab.id(), page.slab.memfd()))
                .toList()
                .stream();
    }

    /**
     * Takes all of them out of this process; there may be others afterwards. Nothing is open of what is leased.
     *
     * @return false where that failed
     */
    synchronized boolean letGo() {
        places.clear();
        closed.clear();
        pages.clear();
        bytes = 0;
        return memory.retireAll();
    }

    /** Takes all of them out of this process. */
    @Override
    public void close() {
        memory.close();
    }
}
