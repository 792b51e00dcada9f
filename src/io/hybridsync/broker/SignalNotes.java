package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The signals of conditions that the broker has told somebody, one each, and that have not been used: where its successor can
 * read them, in the memory of the {@link Journal}.
 *
 * <pre>
 *   the broker                               its death there means, for the signal
 *   --------------------------------------   -------------------------------------------------------------
 *   writes the note, its client last         its client asks again: it was not told, whoever signals asks again, too
 *   tells the client                         its client has heard, and says so; or is dead: another one gets it
 *   hears that it was used                   its client does not say so any more: it was used
 *   removes the note                         nothing
 * </pre>
 *
 * While a signal is to be told to another one, who does not read just now, its note names nobody: its first client may have the
 * mutex open again by then, and a new client the id of a dead one.
 *
 * A signal that is another one's now is told to that one, with a note of its own, before the note of the first is removed: in
 * between two are known, and one may be woken more than there are signals, as conditions may.
 *
 * <pre>
 *    0                                    32                40       48
 *   +---------------------------+--------+-----------------+--------+----------------------+---
 *   | how many are not noted    |        | client, request | object | FNV-1a of the name   |  and so on
 *   +---------------------------+--------+-----------------+--------+----------------------+---
 * </pre>
 *
 * When there are more than have room the successor knows only that there are some, and wakes everybody who waits.
 */
final class SignalNotes {

    /** How much of the journal it is. */
    static final int BYTES = 32 << 10;

    /** The note of a signal that there was no room for. */
    static final int UNNOTED = -1;

    private static final int NOTE_BYTES = 32;

    /** So many can be noted. */
    static final int MOST = BYTES / NOTE_BYTES - 1;

    /** No client, which is waiting for nothing. */
    private static final long NOBODY = -1;

    private static final int OBJECT = 8;
    private static final int CONDITION = 16;
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Slab memory;
    private final int start;
    private final BitSet used = new BitSet();
    private int unnoted;

    /**
     * A signal that was told.
     *
     * @param condition {@link #hash} of the name of the condition
     */
    record Note(int client, int request, long object, long condition) {

        static Note of(Ticket ticket) {
            return new Note(
                    ticket.session().clientId(), ticket.request(), ticket.object().id(), hash(ticket.condition()));
        }
    }

    /** @param memory all zeroes from {@code start} on */
    SignalNotes(Slab memory, int start) {
        this.memory = memory;
        this.start = start;
    }

    /** Stands for the name of a condition. */
    static long hash(String condition) {
        long hash = FNV_BASIS;
        for (byte next : condition.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (next & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** Notes a signal down that is about to be told; what it is to be removed by. */
    int add(Note note) {
        int place = used.nextClearBit(0);
        if (place >= MOST) {
            return addUnnoted();
        }
        used.set(place);
        int at = at(start, place);
        memory.cell(at + OBJECT).store(note.object());
        memory.cell(at + CONDITION).store(note.condition());
        memory.cell(at).store((long) note.client() << Integer.SIZE | Integer.toUnsignedLong(note.request()));
        return place;
    }

    /** There is a signal of which nothing else is known; what it is to be removed by. */
    int addUnnoted() {
        unnoted++;
        memory.cell(start).store(unnoted);
        return UNNOTED;
    }

    /** A signal that was told to somebody is to be told to the next: it is nobody's for now. */
    void disown(int place) {
        if (place != UNNOTED) {
            memory.cell(at(start, place)).store(NOBODY);
        }
    }

    /** A signal was used, or is another one's now, or nobody's. */
    void remove(int place) {
        if (place == UNNOTED) {
            unnoted--;
            memory.cell(start).store(unnoted);
        } else {
            memory.cell(at(start, place)).store(0);
            used.clear(place);
        }
    }

    /** What a broker has noted. */
    static List<Note> read(Slab memory, int start) {
        List<Note> notes = new ArrayList<>();
        for (int place = 0; place < MOST; place++) {
            int at = at(start, place);
            long who = memory.cell(at).load();
            if (who != 0) {
                notes.add(new Note(
                        (int) (who >>> Integer.SIZE),
                        (int) who,
                        memory.cell(at + OBJECT).load(),
                        memory.cell(at + CONDITION).load()));
            }
        }
        return notes;
    }

    /** Whether a broker knew of more. */
    static boolean areMore(Slab memory, int start) {
        return memory.cell(start).load() != 0;
    }

    private static int at(int start, int place) {
        return start + NOTE_BYTES * (place + 1);
    }
}
