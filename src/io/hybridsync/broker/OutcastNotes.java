package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The clients that live and were expelled, in the memory of the {@link Journal}: written before anything is moved away from one,
 * so that no broker that comes later takes it for one of its own.
 *
 * <pre>
 *    0          8     16                              32
 *   +----------+-----+--------+----------------------+--------+---
 *   | how many |  0  | client | the last slab that   | client |  and so on
 *   |          |     |        | it may have          |        |
 *   +----------+-----+--------+----------------------+--------+---
 * </pre>
 *
 * When there are more than have room those that were expelled first are forgotten.
 */
final class OutcastNotes {

    /** How much of the journal it is. */
    static final int BYTES = 64 << 10;

    private static final int PAIR_BYTES = 16;

    /** So many can be remembered. */
    static final int MOST = BYTES / PAIR_BYTES - 1;

    private final Slab memory;
    private final int start;
    private final List<Outcast> outcasts = new ArrayList<>();
    private final Map<Integer, Integer> places = new HashMap<>();

    /** @param memory all zeroes from {@code start} on */
    OutcastNotes(Slab memory, int start) {
        this.memory = memory;
        this.start = start;
    }

    /**
     * A client that lives was expelled, or is to be remembered so. What is known of it already stays; when there are too many
     * one that was expelled before is forgotten.
     */
    void add(Outcast outcast) {
        if (places.containsKey(outcast.client())) {
            return;
        }
        if (outcasts.size() == MOST) {
            died(outcasts.getFirst().client());
        }
        outcasts.add(outcast);
        write(outcasts.size() - 1);
        memory.cell(start).store(outcasts.size());
    }

    /** Whether a client may have a slab: not if it was expelled before that was made. */
    boolean mayHave(int client, long slab) {
        Integer place = places.get(client);
        return place == null || outcasts.get(place).mayHave(slab);
    }

    /** A client is dead. */
    void died(int client) {
        Integer place = places.remove(client);
        if (place == null) {
            return;
        }
        Outcast last = outcasts.getLast();
        if (last.client() != client) {
            outcasts.set(place, last);
            write(place);
        }
        memory.cell(start).store(outcasts.size() - 1);
        outcasts.removeLast();
    }

    private void write(int place) {
        int at = at(start, place);
        memory.cell(at + Long.BYTES).store(outcasts.get(place).lastSlab());
        memory.cell(at).store(outcasts.get(place).client());
        places.put(outcasts.get(place).client(), place);
    }

    /** Those that a broker had expelled when it died. */
    static List<Outcast> read(Slab memory, int start) {
        List<Outcast> outcasts = new ArrayList<>();
        long many = Math.clamp(memory.cell(start).load(), 0, MOST);
        for (int place = 0; place < many; place++) {
            int at = at(start, place);
            long client = memory.cell(at).load();
            if (client > 0 && client <= ClientIds.LAST) {
                outcasts.add(new Outcast((int) client, memory.cell(at + Long.BYTES).load()));
            }
        }
        return outcasts;
    }

    private static int at(int start, int place) {
        return start + PAIR_BYTES * (place + 1);
    }
}
