package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import java.util.ArrayList;
import java.util.List;

/**
 * What words of brokers before are to be: in the memory of the {@link Journal} of a broker that came after them, as long as
 * somebody may know those words only where they were.
 *
 * <p>A broker that dies between a promise and the word of its own that it has promised leaves that word locked, and nobody can
 * write there any more. Its successor has the new value at a place of its own. But a client that does not read what it is told
 * knows the old place, and if nobody else is left the broker after that one looks there, too. The record of the dead broker may
 * not be known to anybody any more by then, and that of its successor is another one.
 *
 * <pre>
 *    0      8                                            48
 *   +------+--------+------------------------------------+--------+---
 *   | many | client | what was promised to it: a change  | client |  and so on
 *   +------+--------+------------------------------------+--------+---
 * </pre>
 *
 * <p>All are written before anybody is given the journal, and stay as they are. The next broker takes over those for words of
 * which the memory is handed over to it: a client lets go of that when it knows that it has nothing there. A word was locked
 * once and for all, so there is one at most for each, and for each broker that died so no more than one wait is for. Where that
 * is more than {@link #MOST} nevertheless, those of the brokers that died last count.
 */
final class Amendments {

    /** How much of the journal it is. */
    static final int BYTES = 172 << 10;

    private static final int CHANGE = 8;
    private static final int EACH = CHANGE + Journal.Change.BYTES;

    /** So many can be kept: more than the longest wait is for. */
    static final int MOST = (BYTES - Long.BYTES) / EACH;

    /** A word that was promised to a client. */
    record Amendment(int client, Journal.Change change) {}

    private Amendments() {}

    /** Of more than fit the first. */
    static void write(Slab memory, int start, List<Amendment> amendments) {
        int many = Math.min(MOST, amendments.size());
        for (int i = 0; i < many; i++) {
            memory.cell(at(start, i)).store(amendments.get(i).client());
            amendments.get(i).change().write(memory, at(start, i) + CHANGE);
        }
        memory.cell(start).store(many);
    }

    /** Those that a broker had. */
    static List<Amendment> read(Slab memory, int start) {
        List<Amendment> amendments = new ArrayList<>();
        long many = Math.clamp(memory.cell(start).load(), 0, MOST);
        for (int i = 0; i < many; i++) {
            int client = (int) memory.cell(at(start, i)).load();
            amendments.add(new Amendment(client, Journal.Change.read(memory, at(start, i) + CHANGE)));
        }
        return amendments;
    }

    private static int at(int start, int number) {
        return start + Long.BYTES + EACH * number;
    }
}
