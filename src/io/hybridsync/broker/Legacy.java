package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Names;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the broker before has left, as its clients hand it over: memory, and the objects in it. Nothing of it is believed
 * for the sake of the one who says it: memory is checked before it is mapped; a place, also one that the client was told
 * of, is in memory that the client has; what words say is looked at later, when everybody has handed over.
 *
 * <p>All of it is paid for. Where there is no room for more, who has handed most is refused, and not who happens to come then: of
 * files, who has most that nobody else has; of the heap, who has taken most of it, for which {@link TakeOver} asks.
 *
 * <p>Where clients contradict each other those are refused who contradict most others: {@link Contradictions}.
 */
final class Legacy {

    private static final int PAGE_BYTES = 4096;

    /** So many files may be handed over: far more than a broker has had, and far less than a process may map. */
    static final int MOST_FILES = 1 << 14;

    /** And so large they may be together, for all of it is looked through in one event. */
    private static final long MOST_BYTES = 1L << 30;

    /** What a file counts besides its size, when it is asked who has handed most. */
    private static final long FILE_BYTES = 64 << 10;

    /**
     * What a broker before meant to do, and the clients that have handed it.
     *
     * @param line which one it is; incarnation 0: of another format
     */
    record Bequeathed(Chronicle.Line line, Slab journal, MemberSet owners) {

        Bequeathed ownedBy(MemberSet others) {
            return new Bequeathed(line, journal, others);
        }
    }

    private final Storage storage;
    private final Budget budget;
    private final Lineage lineage;
    private final Pieces slabs;
    private final Pieces own;
    private final Map<Object, Bequeathed> journals = new HashMap<>();
    private final TreeMap<Long, List<Bequest>> objects = new TreeMap<>();

    /** What was taken of the heap for what each client has said, without the objects themselves: several have the same. */
    private final Map<Integer, Long> paid = new HashMap<>();

    /** So much of that is for what has been taken over. */
    private long kept;

    Legacy(Storage storage, Budget budget, Lineage lineage) {
        this.storage = storage;
        this.slabs = new Pieces(storage);
        this.own = new Pieces(storage);
        this.budget = budget;
        this.lineage = lineage;
    }

    /**
     * A client hands memory over.
     *
     * @param fd closed here, unless it is kept
     * @throws ProtocolException when it makes no sense
     * @throws LimitExceededException when this process cannot take any more
     */
    void hand(int clientId, Message.Hand hand, @Nullable Fd fd) {
        requireSensible(hand);
        requireRoom(hand);
        Object file = storage.identity(fd, hand);
        switch (hand.memory()) {
            case SLAB -> slabs.hand(clientId, file, hand, fd);
            case OWN -> own.hand(clientId, file, hand, fd);
            case JOURNAL -> keepJournal(clientId, file, hand, fd);
            case LEDGER -> throw new ProtocolException("this broker takes no ledgers");
        }
    }

    private void requireSensible(Message.Hand hand) {
        boolean journal = hand.memory() == Memory.JOURNAL;
        boolean sized = hand.size() > 0 && hand.size() % PAGE_BYTES == 0 && hand.size() <= SlabCache.LARGEST_BYTES;
        if (!sized || (journal ? hand.id() != 0 : !lineage.isOfBefore(hand.id()))) {
            throw new ProtocolException("it hands over %s 0x%x of %d bytes".formatted(hand.memory(), hand.id(), hand.size()));
        }
    }

    private void requireRoom(Message.Hand hand) {
        int files = slabs.files() + own.files() + journals.size();
        if (files >= MOST_FILES || slabs.bytes() + own.bytes() > MOST_BYTES - hand.size()) {
            throw new LimitExceededException("more memory is handed over than a broker can have had: %d files".formatted(files));
        }
    }

    /** The client that has handed most memory that nobody else has; 0 if nobody has. */
    int greediest() {
        Map<Integer, Long> weights = new HashMap<>();
        slabs.weigh(weights, FILE_BYTES);
        own.weigh(weights, FILE_BYTES);
        return greediest(weights);
    }

    /** Of as many the one that came to the domain last; 0 if nobody has anything. */
    static int greediest(Map<Integer, Long> weights) {
        return weights.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(0);
    }

    /** Adds to each client what was taken of the heap for what it has said, and for objects that nobody else has handed. */
    void weigh(Map<Integer, Long> weights) {
        paid.forEach((client, bytes) -> weights.merge(client, bytes, Long::sum));
        objects.values().stream()
                .flatMap(List::stream)
                .filter(bequest -> bequest.statements().size() == 1)
                .forEach(bequest -> weights.merge(
                        bequest.statements().keySet().iterator().next(), Budget.ofObject(bequest.name()), Long::sum));
    }

    /**
     * Not all need have the same: a broker may have died when it had given its own to some. What says that it is of a
     * broker after the last one is none.
     */
    private void keepJournal(int clientId, Object file, Message.Hand hand, @Nullable Fd fd) {
        if (journals.values().stream().anyMatch(known -> known.owners.contains(clientId))) {
            close(fd);
            throw new ProtocolException("it hands over two journals");
        }
        Bequeathed known = journals.get(file);
        if (known != null) {
            close(fd);
            journals.put(file, known.ownedBy(known.owners.with(clientId)));
            return;
        }
        Slab journal = storage.adopt(fd, hand);
        int made = Journal.incarnation(journal);
        if (made != 0 && !lineage.wasBefore(made)) {
            throw new ProtocolException("it hands over the journal of broker %d, the last one was %d"
                    .formatted(made, lineage.last()));
        }
        journals.put(file, new Bequeathed(new Chronicle.Line(file, made), journal, MemberSet.of(clientId)));
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    /**
     * A client hands an object over.
     *
     * @throws ProtocolException when what it says makes no sense
     * @throws LimitExceededException when the broker's heap is full
     */
    void hand(int clientId, Message.HandObject statement) {
        requireSensible(clientId, statement);
        List<Bequest> all = objects.getOrDefault(statement.object(), List.of());
        if (all.stream().anyMatch(known -> known.statements().containsKey(clientId))) {
            throw new ProtocolException("it hands object 0x%x over twice".formatted(statement.object()));
        }
        Bequest bequest = all.stream().filter(known -> known.isSame(statement)).findFirst().orElse(null);
        long cost = Budget.HANDLE_BYTES + Budget.STATEMENT_BYTES + Budget.TOLD_BYTES * statement.told().size();
        long more = bequest == null ? Budget.ofObject(statement.name()) : 0;
        if (!budget.take(cost + more)) {
            throw new LimitExceededException("the broker's heap is full: give the broker more (-Xmx)");
        }
        paid.merge(clientId, cost, Long::sum);
        if (bequest == null) {
            bequest = new Bequest(statement);
            objects.computeIfAbsent(statement.object(), id -> new ArrayList<>()).add(bequest);
        }
        bequest.add(clientId, statement);
    }

    private void requireSensible(int clientId, Message.HandObject statement) {
        requireName(statement.name());
        boolean atBroker = SharedObject.isAtBroker(statement.spec());
        boolean nowhere = statement.location().equals(Location.BROKER);
        // What the broker has for itself no client can have seen.
        boolean placed = atBroker
                ? nowhere && !statement.corrupted()
                : statement.home().equals(Location.BROKER)
                        && (nowhere ? statement.corrupted() : has(clientId, statement.location()));
        boolean told = statement.told().stream().allMatch(move -> has(clientId, move.to()));
        if (!lineage.isOfBefore(statement.object()) || !placed || !told) {
            throw new ProtocolException(
                    "it hands over object 0x%x at %s".formatted(statement.object(), statement.location()));
        }
    }

    private static void requireName(String name) {
        if (!name.isEmpty()) {
            try {
                Names.checkObject(name);
            } catch (IllegalArgumentException e) {
                throw new ProtocolException("it hands over an object, but " + e.getMessage());
            }
        }
    }

    private boolean has(int clientId, Location location) {
        Pieces.Piece piece = slabs.of(clientId, location.slab());
        return piece != null && isIn(piece.size(), location);
    }

    private static boolean isIn(int size, Location location) {
        int offset = location.offset();
        return offset >= 0 && offset % Long.BYTES == 0 && offset <= size - Long.BYTES;
    }

    /** A client is gone, whatever it has handed over. */
    void forget(int clientId) {
        budget.giveBack(paid.getOrDefault(clientId, 0L));
        paid.remove(clientId);
        slabs.forget(clientId);
        own.forget(clientId);
        objects.values().forEach(all -> all.removeIf(bequest -> isForgotten(bequest, clientId)));
        objects.values().removeIf(List::isEmpty);
        journals.replaceAll((file, known) -> known.ownedBy(known.owners.without(clientId)));
        journals.values().removeIf(known -> known.owners.isEmpty());
    }

    private boolean isForgotten(Bequest bequest, int clientId) {
        boolean gone = bequest.remove(clientId);
        budget.giveBack(gone ? Budget.ofObject(bequest.name()) : 0);
        return gone;
    }

    /** Everybody has handed over: who contradicts most others, of memory or of objects, is to be forgotten; 0 for nobody. */
    int liar() {
        Contradictions contradictions = new Contradictions();
        slabs.compare(contradictions);
        own.compare(contradictions);
        objects.values().forEach(all ->
                contradictions.add(all.stream().map(Bequest::holders).toList()));
        return contradictions.most();
    }

    /**
     * Nobody contradicts anybody any more: maps what is not mapped yet.
     *
     * @return the clients that have handed something that cannot be mapped, and are to be forgotten
     */
    MemberSet decide() {
        return slabs.settle().withAll(own.settle());
    }

    /** The objects, by id, ascending. */
    List<Bequest> objects() {
        return objects.values().stream().map(List::getFirst).toList();
    }

    /** The slabs that clients share, by id, ascending. */
    Collection<Pieces.Piece> slabs() {
        return slabs.settled();
    }

    /** Slabs of which nobody is left who has them; they are the caller's from here on. */
    List<Slab> takeUnwanted() {
        return slabs.takeUnwanted();
    }

    /** What brokers before meant to do, as far as it can be read. */
    List<Bequeathed> journals() {
        return journals.values().stream()
                .filter(known -> known.line.incarnation() != 0)
                .toList();
    }

    /** The journal that counts, as brokers before have written down; null if nobody has handed any that they have. */
    @Nullable Bequeathed named() {
        return storage.chronicle().lines().stream().map(this::handed).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private @Nullable Bequeathed handed(Chronicle.Line line) {
        Bequeathed known = journals.get(line.file());
        return known != null && known.line.isSame(line) ? known : null;
    }

    /** Whether brokers before have written down that one of them has made it. */
    boolean isProven(Bequeathed journal) {
        return storage.chronicle().proves(journal.line);
    }

    /** The clients whose journal a broker has gone on without. */
    MemberSet overruled() {
        Chronicle chronicle = storage.chronicle();
        MemberSet overruled = MemberSet.NONE;
        for (Bequeathed known : journals.values()) {
            overruled = chronicle.overrules(known.line) ? overruled.withAll(known.owners) : overruled;
        }
        return overruled;
    }

    /** Whether a client has handed a place over. */
    boolean isOf(int clientId, Location place) {
        return has(clientId, place);
    }

    /** The slab that clients share and in which a place is; null when nobody has handed one. */
    @Nullable Slab shared(Location place) {
        return in(slabs.slab(place.slab()), place);
    }

    /** The slab of a broker before in which a place is, to be read only; null when nobody has handed one. */
    @Nullable Slab own(Location place) {
        return in(own.slab(place.slab()), place);
    }

    private static @Nullable Slab in(@Nullable Slab slab, Location place) {
        return slab != null && isIn(slab.size(), place) ? slab : null;
    }

    /** An object is taken over: what it and its handles cost is paid for as long as they are there. */
    void keep(Bequest bequest) {
        kept += Budget.ofObject(bequest.name()) + Budget.HANDLE_BYTES * bequest.statements().size();
    }

    /** Everything is taken over: what it took of the heap besides is not needed any more. */
    void settle() {
        long all = paid.values().stream().mapToLong(Long::longValue).sum()
                + objects().stream().mapToLong(bequest -> Budget.ofObject(bequest.name())).sum();
        budget.giveBack(all - kept);
        paid.clear();
        objects.clear();
        slabs.clear();
        own.clear();
        journals.clear();
    }
}
