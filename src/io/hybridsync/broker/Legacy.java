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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the broker before has left, as its clients hand it over: memory, and the objects in it. Nothing of it is believed
 * for the sake of the one who says it: memory is checked before it is mapped, and the same everywhere; a place is in memory
 * that the client has; what words say is looked at later, when everybody has handed over.
 */
final class Legacy {

    private static final int PAGE_BYTES = 4096;
    private static final long TOLD_BYTES = 64;

    /** A slab, and the clients that have handed it. */
    static final class Piece {
        final Object file;
        final Slab slab;
        MemberSet owners = MemberSet.NONE;

        private Piece(Object file, Slab slab) {
            this.file = file;
            this.slab = slab;
        }
    }

    private final Storage storage;
    private final Budget budget;
    private final int incarnation;
    private final TreeMap<Long, Piece> slabs = new TreeMap<>();
    private final Map<Long, Piece> own = new HashMap<>();
    private final Map<Object, Slab> journals = new HashMap<>();
    private final TreeMap<Long, Bequest> objects = new TreeMap<>();
    private final List<Slab> unwanted = new ArrayList<>();
    private long paid;

    /** @param incarnation of this broker: what was left has a smaller one */
    Legacy(Storage storage, Budget budget, int incarnation) {
        this.storage = storage;
        this.budget = budget;
        this.incarnation = incarnation;
    }

    /**
     * A client hands memory over.
     *
     * @param fd closed here, unless it is kept
     * @throws ProtocolException when it is not the memory that others have under that id, or none
     * @throws LimitExceededException when this process cannot take any more
     */
    void hand(int clientId, Message.Hand hand, @Nullable Fd fd) {
        requireSensible(hand);
        Object file = storage.identity(fd, hand);
        switch (hand.memory()) {
            case SLAB -> share(slabs, clientId, file, hand, fd);
            case OWN -> share(own, clientId, file, hand, fd);
            case JOURNAL -> keepJournal(file, hand, fd);
            case LEDGER -> throw new ProtocolException("this broker takes no ledgers");
        }
    }

    private void requireSensible(Message.Hand hand) {
        boolean journal = hand.memory() == Memory.JOURNAL;
        boolean sized = hand.size() > 0 && hand.size() % PAGE_BYTES == 0 && hand.size() <= SlabCache.LARGEST_BYTES;
        if (!sized || (journal ? hand.id() != 0 : !isOfBefore(hand.id()))) {
            throw new ProtocolException("it hands over %s 0x%x of %d bytes".formatted(hand.memory(), hand.id(), hand.size()));
        }
    }

    private boolean isOfBefore(long id) {
        long made = id >>> Integer.SIZE;
        return made > 0 && made < incarnation;
    }

    private void share(Map<Long, Piece> known, int clientId, Object file, Message.Hand hand, @Nullable Fd fd) {
        Piece piece = known.get(hand.id());
        if (piece == null) {
            piece = new Piece(file, storage.adopt(fd, hand));
            known.put(hand.id(), piece);
        } else {
            close(fd);
        }
        if (!piece.file.equals(file) || piece.slab.size() != hand.size()) {
            throw new ProtocolException("what it hands over as slab 0x%x is another memory".formatted(hand.id()));
        }
        piece.owners = piece.owners.with(clientId);
    }

    /** Not all need have the same: a broker may have died when it had given its own to some. */
    private void keepJournal(Object file, Message.Hand hand, @Nullable Fd fd) {
        if (journals.containsKey(file)) {
            close(fd);
        } else {
            journals.put(file, storage.adopt(fd, hand));
        }
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
        long cost = Budget.HANDLE_BYTES + Budget.ofObject(statement.name()) + TOLD_BYTES * statement.told().size();
        if (!budget.take(cost)) {
            throw new LimitExceededException("the broker's heap is full: give the broker more (-Xmx)");
        }
        paid += cost;
        objects.computeIfAbsent(statement.object(), id -> new Bequest(statement)).add(clientId, statement);
    }

    private void requireSensible(int clientId, Message.HandObject statement) {
        requireName(statement.name());
        boolean atBroker = SharedObject.isAtBroker(statement.spec());
        boolean placed = atBroker
                ? statement.location().equals(Location.BROKER)
                : statement.home().equals(Location.BROKER) && has(clientId, statement.location());
        if (!isOfBefore(statement.object()) || !placed) {
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
        Piece piece = slabs.get(location.slab());
        return piece != null && piece.owners.contains(clientId) && isIn(piece.slab, location);
    }

    private static boolean isIn(Slab slab, Location location) {
        int offset = location.offset();
        return offset >= 0 && offset % Long.BYTES == 0 && offset <= slab.size() - Long.BYTES;
    }

    /** A client is gone, whatever it has handed over. */
    void forget(int clientId) {
        slabs.values().forEach(piece -> piece.owners = piece.owners.without(clientId));
        slabs.values().removeIf(piece -> {
            boolean gone = piece.owners.isEmpty();
            if (gone) {
                unwanted.add(piece.slab);
            }
            return gone;
        });
        objects.values().removeIf(bequest -> bequest.remove(clientId));
    }

    /** The objects, by id, ascending. */
    Collection<Bequest> objects() {
        return objects.values();
    }

    /** The slabs that clients share, by id, ascending. */
    Collection<Piece> slabs() {
        return slabs.values();
    }

    /** Slabs of which nobody is left who has them. */
    List<Slab> unwanted() {
        return unwanted;
    }

    /** What brokers before meant to do. */
    Collection<Slab> journals() {
        return journals.values();
    }

    /** The slab that clients share and in which a place is; null when nobody has handed one. */
    @Nullable Slab shared(Location place) {
        return in(slabs.get(place.slab()), place);
    }

    /** The slab of a broker before in which a place is, to be read only; null when nobody has handed one. */
    @Nullable Slab own(Location place) {
        return in(own.get(place.slab()), place);
    }

    private static @Nullable Slab in(@Nullable Piece piece, Location place) {
        return piece != null && isIn(piece.slab, place) ? piece.slab : null;
    }

    /** Everything is taken over: what it took of the heap is not needed any more. */
    void settle() {
        budget.giveBack(paid);
        paid = 0;
        objects.clear();
        slabs.clear();
        own.clear();
        journals.clear();
    }
}
