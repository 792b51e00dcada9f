package io.hybridsync.client;

import io.hybridsync.object.Lease;
import io.hybridsync.object.Ledger;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client of the simulation holds of leased semaphores, in memory that it shares with the broker: as {@link Ledgers}. */
final class Strongbox {

    private static final int BYTES = 16384;

    private final Ground ground;
    private final Map<Lease, Integer> entries = new HashMap<>();
    private final List<Lease> closed = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private @Nullable Slab memory;
    private int leases;
    private boolean handed;

    Strongbox(Ground ground) {
        this.ground = ground;
    }

    /** The memory, if there is any. */
    @Nullable Slab memory() {
        return memory;
    }

    /** What is to be said of it before anything in it is used; null when the broker has it. */
    Message.@Nullable Hand unsaid() {
        Slab mine = memory;
        return mine == null || handed ? null : new Message.Hand(Memory.LEDGER, 1, mine.size());
    }

    /** The broker has it. */
    void handed() {
        handed = memory != null;
    }

    /** A new lease of an object. */
    Lease open(long object) {
        Slab mine = memory == null ? ground.create(BYTES) : memory;
        memory = mine;
        int first = free.isEmpty() ? leases++ * Ledger.ENTRIES * Ledger.ENTRY_BYTES : free.remove();
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(object);
        }
        Lease lease = new Lease(
                mine.cell(first + Ledger.WORD), mine.cell(first + Ledger.ENTRY_BYTES + Ledger.WORD), true);
        entries.put(lease, first);
        return lease;
    }

    /** The object is closed here; the broker does not know that yet. */
    void close(@Nullable Lease lease) {
        if (lease != null) {
            closed.add(lease);
        }
    }

    /** Whether something that is closed is to be read here: nothing is to be opened then. */
    boolean isAnythingClosed() {
        return !closed.isEmpty();
    }

    /** The next broker hears of nothing that is closed. */
    void freeClosed() {
        List.copyOf(closed).forEach(this::free);
    }

    /** The client is a new one: nothing in it is told anybody any more. */
    void letGo() {
        entries.clear();
        closed.clear();
        memory = null;
        leases = 0;
        handed = false;
    }

    /** The broker knows that it is closed, or does not know that it was open. */
    void free(@Nullable Lease lease) {
        Integer first = lease == null ? null : entries.remove(lease);
        Slab mine = memory;
        if (first == null || mine == null) {
            return;
        }
        closed.remove(lease);
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(0);
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.WORD).store(0);
        }
        free.add(first);
    }
}
