package io.hybridsync.broker;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the broker is about to do for a client, where its successor can read it: in memory that only this broker writes to, and
 * of which every client keeps the descriptor. One record is enough, for one thing is done at a time.
 *
 * <pre>
 *   the broker                               its death there means
 *   --------------------------------------   ---------------------------------------------------------
 *   locks all the words that it changes      they are unlocked as they are; the client asks again
 *   writes the record, its mark last         they get their new values; the client that asks again gets
 *   sends the reply                            the reply of the record, and nothing is done; or it has
 *   unlocks with the new values, one by one    read the reply before it came, and does not ask
 *   clears the mark                          nothing is left to do
 * </pre>
 *
 * If the reply cannot be sent now the mark is cleared before the words are unlocked as they were: no reply of something that
 * is done ever waits in the broker's heap.
 *
 * <pre>
 *    0             8              16         24               32         40
 *   +-------------+--------------+----------+----------------+----------+---- ... --+-- ... -+------ ... ---+
 *   | format,     | mark: 0 or 1 | client,  | changes,       | permits, | changes,  | permits, | the frame of |
 *   | incarnation |              | request  | bytes of reply | how many | 32 each   | 16 each  | the reply    |
 *   +-------------+--------------+----------+----------------+----------+---- ... --+-- ... -+------ ... ---+
 *                       a change: slab, offset and generation, the lock, the word that takes its place
 *                       permits: the object, how many were taken
 * </pre>
 *
 * Permits are those of leased semaphores that the client holds from then on: it does not know before it reads the reply.
 *
 * <p>A client that has no room for the descriptor goes on without. What it is promised it is told all the same, by a journal
 * that others have: {@link Redo}.
 *
 * <p>Behind the record are the replies that brokers before owe, each again as a record, without changes but with its permits:
 * written when a broker takes over, before any client gives up the journal that it had, and left as they are. For who is owed
 * one may ask for it again only when other things have been done, or when this broker is dead, too. And behind those, written
 * at the same time, what words of brokers before are to be, for who knows them only as they were: {@link Amendments}.
 *
 * <p>The rest is for the signals of conditions that have not been used, and for the clients that live and were expelled:
 * {@link SignalNotes}, {@link OutcastNotes}.
 *
 * <p>A broker of another build may have another format: what that has written is not read, as if nobody had handed it over.
 *
 * <p>All stores are volatile. The lock names the very word that was written: what the successor finds changed it leaves alone, so
 * to redo a record twice does no harm, nor does one that was done. What a word of that place was before or is later carries
 * another hash or other flags.
 */
final class Journal {

    /** Room for the longest wait, what it takes, and the reply to it; and for each debt that. */
    static final int BYTES = 1 << 20;

    /** How many brokers may die in a row, each owing a reply. */
    static final int DEBTS = 7;

    /** Another one whenever anything is elsewhere, or means something else: also in what is behind the record. */
    private static final int FORMAT = 1;

    private static final int RECORD_BYTES = 208 << 10;
    private static final int OUTCASTS = BYTES - OutcastNotes.BYTES;
    private static final int SIGNALS = OUTCASTS - SignalNotes.BYTES;
    private static final int AMENDMENTS = SIGNALS - Amendments.BYTES;
    private static final int DEBT_BYTES = (AMENDMENTS - RECORD_BYTES) / DEBTS / Long.BYTES * Long.BYTES;
    private static final int INCARNATION = 0;
    private static final int MARK = 8;
    private static final int WHO = 16;
    private static final int COUNTS = 24;
    private static final int PERMITS = 32;
    private static final int CHANGES = 40;
    private static final int PERMITS_BYTES = 16;

    private final Slab memory;
    private final SignalNotes signals;
    private final OutcastNotes outcasts;

    /** The word of a place was locked and is to be another. */
    record Change(Location place, long lock, long next) {

        static final int BYTES = 32;

        void write(Slab memory, int at) {
            memory.cell(at).store(place.slab());
            memory.cell(at + 8).store(pair(place.offset(), place.generation()));
            memory.cell(at + 16).store(lock);
            memory.cell(at + 24).store(next);
        }

        static Change read(Slab memory, int at) {
            long place = load(memory, at + 8);
            Location location = new Location(load(memory, at), high(place), (int) place);
            return new Change(location, load(memory, at + 16), load(memory, at + 24));
        }
    }

    /** So many permits of a leased semaphore are taken for the client, or if negative released. */
    record Permits(long object, int taken) {}

    /** What is about to be done, and what the client is answered. */
    record Entry(int client, int request, List<Change> changes, List<Permits> permits, Message.Answer reply) {

        /** Whether it is the answer to the same request. */
        boolean isForSame(Entry other) {
            return client == other.client && request == other.request;
        }

        /** The same, of which only these changes are still to be made. */
        Entry with(List<Change> left) {
            return new Entry(client, request, left, permits, reply);
        }
    }

    /** @param memory {@link #BYTES}, all zeroes */
    Journal(Slab memory, int incarnation) {
        this.memory = memory;
        this.signals = new SignalNotes(memory, SIGNALS);
        this.outcasts = new OutcastNotes(memory, OUTCASTS);
        store(INCARNATION, pair(FORMAT, incarnation));
    }

    /** What clients keep. */
    Slab memory() {
        return memory;
    }

    /**
     * Notes down what is about to be done, instead of what was before.
     *
     * @throws IllegalArgumentException when it does not fit; nothing is noted down then
     */
    void write(Entry entry) {
        clear();
        write(0, RECORD_BYTES, entry);
    }

    /**
     * Notes down what brokers before owe, and what their own words are to be.
     *
     * @param debts of more than fit those first that count most; each of them {@link #isDebt}
     * @param amendments the same
     */
    void inherit(List<Entry> debts, List<Amendments.Amendment> amendments) {
        for (int i = 0; i < Math.min(DEBTS, debts.size()); i++) {
            write(RECORD_BYTES + i * DEBT_BYTES, DEBT_BYTES, debts.get(i).with(List.of()));
        }
        Amendments.write(memory, AMENDMENTS, amendments);
    }

    /** Whether a record could be what a broker owes: those that brokers write are, whatever it is that they grant. */
    static boolean isDebt(Entry entry) {
        return size(entry.with(List.of())) <= DEBT_BYTES;
    }

    private static int size(Entry entry) {
        return CHANGES
                + Change.BYTES * entry.changes().size()
                + PERMITS_BYTES * entry.permits().size()
                + padded(Codec.encode(entry.reply()).remaining());
    }

    private void write(int start, int room, Entry entry) {
        ByteBuffer reply = Codec.encode(entry.reply());
        int bytes = reply.remaining();
        if (size(entry) > room) {
            throw new IllegalArgumentException("%d changes and a reply of %d bytes".formatted(entry.changes().size(), bytes));
        }
        store(start + WHO, pair(entry.client(), entry.request()));
        store(start + COUNTS, pair(entry.changes().size(), bytes));
        store(start + PERMITS, entry.permits().size());
        int at = start + CHANGES;
        for (Change change : entry.changes()) {
            change.write(memory, at);
            at += Change.BYTES;
        }
        for (Permits permits : entry.permits()) {
            store(at, permits.object());
            store(at + 8, permits.taken());
            at += PERMITS_BYTES;
        }
        ByteBuffer padded = ByteBuffer.allocate(padded(bytes)).order(ByteOrder.LITTLE_ENDIAN).put(reply).rewind();
        for (; padded.hasRemaining(); at += Long.BYTES) {
            store(at, padded.getLong());
        }
        store(start + MARK, 1);
    }

    /** It is done, and the client answered; or nothing of it is. */
    void clear() {
        store(MARK, 0);
    }

    /** The clients that live and were expelled. */
    OutcastNotes outcasts() {
        return outcasts;
    }

    /** Those that a broker had expelled when it died. */
    static List<Outcast> outcasts(Slab memory) {
        return memory.size() == BYTES ? OutcastNotes.read(memory, OUTCASTS) : List.of();
    }

    /** The signals of conditions that were told to one and are not used. */
    SignalNotes signals() {
        return signals;
    }

    /** Those that a broker had noted down when it died. */
    static List<SignalNotes.Note> signals(Slab memory) {
        return memory.size() == BYTES ? SignalNotes.read(memory, SIGNALS) : List.of();
    }

    /** Whether there were more than it could note down. */
    static boolean hasMoreSignals(Slab memory) {
        return memory.size() == BYTES && SignalNotes.areMore(memory, SIGNALS);
    }

    /** The incarnation of the broker that wrote a journal; 0 if it is of another format. */
    static int incarnation(Slab memory) {
        long written = load(memory, INCARNATION);
        return high(written) == FORMAT ? (int) written : 0;
    }

    /**
     * What a broker was about to do when it died.
     *
     * @return null when there is nothing, or it makes no sense
     */
    static @Nullable Entry read(Slab memory) {
        return memory.size() == BYTES ? read(memory, 0, RECORD_BYTES) : null;
    }

    /** What that broker had to tell clients for those before it. */
    static List<Entry> debts(Slab memory) {
        List<Entry> debts = new ArrayList<>();
        for (int i = 0; memory.size() == BYTES && i < DEBTS; i++) {
            Entry debt = read(memory, RECORD_BYTES + i * DEBT_BYTES, DEBT_BYTES);
            if (debt != null) {
                debts.add(debt);
            }
        }
        return debts;
    }

    /** What words of brokers before that one are to be. */
    static List<Amendments.Amendment> amendments(Slab memory) {
        return memory.size() == BYTES ? Amendments.read(memory, AMENDMENTS) : List.of();
    }

    private static @Nullable Entry read(Slab memory, int start, int room) {
        if (load(memory, start + MARK) != 1) {
            return null;
        }
        long who = load(memory, start + WHO);
        long counts = load(memory, start + COUNTS);
        long many = load(memory, start + PERMITS);
        long middle = CHANGES + Change.BYTES * (counts >>> Integer.SIZE);
        long end = middle + (long) PERMITS_BYTES * Math.clamp(many, 0, room);
        int bytes = (int) counts;
        if (bytes < 0 || bytes > Codec.MAX_FRAME || end + padded(bytes) > room) {
            return null;
        }
        List<Change> changes = changes(memory, start + CHANGES, start + middle);
        List<Permits> permits = permits(memory, start + middle, start + end);
        Message.Answer reply = reply(memory, (int) (start + end), bytes);
        return reply == null ? null : new Entry(high(who), (int) who, changes, permits, reply);
    }

    private static List<Change> changes(Slab memory, int from, long end) {
        List<Change> changes = new ArrayList<>();
        for (int at = from; at < end; at += Change.BYTES) {
            changes.add(Change.read(memory, at));
        }
        return changes;
    }

    private static List<Permits> permits(Slab memory, long from, long end) {
        List<Permits> permits = new ArrayList<>();
        for (int at = (int) from; at < end; at += PERMITS_BYTES) {
            permits.add(new Permits(load(memory, at), (int) load(memory, at + 8)));
        }
        return permits;
    }

    private static Message.@Nullable Answer reply(Slab memory, int at, int bytes) {
        ByteBuffer frame = ByteBuffer.allocate(padded(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < padded(bytes); i += Long.BYTES) {
            frame.putLong(load(memory, at + i));
        }
        try {
            return Codec.decode(frame.rewind().limit(bytes)) instanceof Message.Answer answer ? answer : null;
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static int padded(int bytes) {
        return (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    private static long pair(int high, int low) {
        return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
    }

    private static int high(long pair) {
        return (int) (pair >>> Integer.SIZE);
    }

    private void store(int offset, long word) {
        memory.cell(offset).store(word);
    }

    private static long load(Slab memory, int offset) {
        return memory.cell(offset).load();
    }
}
