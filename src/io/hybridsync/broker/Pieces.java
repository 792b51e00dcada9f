package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Slabs that clients hand over, each under its id. Where two clients call different files by one id, or one file by different
 * ids, one of them lies, and who came first says nothing about which: all are kept until everybody has handed over, see
 * {@link Contradictions}.
 */
final class Pieces {

    /** A file, and the clients that have handed it. */
    static final class Piece {
        private final Object file;
        private final Message.Hand hand;
        private @Nullable Slab slab;

        /** As long as it is not mapped: another file has that id. */
        private @Nullable Fd fd;

        private MemberSet owners = MemberSet.NONE;

        private Piece(Object file, Message.Hand hand) {
            this.file = file;
            this.hand = hand;
        }

        long id() {
            return hand.id();
        }

        int size() {
            return hand.size();
        }

        MemberSet owners() {
            return owners;
        }

        /** When it has been settled which file counts. */
        Slab slab() {
            if (slab == null) {
                throw new IllegalStateException("slab 0x%x has not been mapped".formatted(id()));
            }
            return slab;
        }
    }

    private final Storage storage;
    private final TreeMap<Long, List<Piece>> byId = new TreeMap<>();

    /** The files that each client has handed. */
    private final Map<Integer, Set<Object>> handed = new HashMap<>();

    /** Slabs that are mapped and that nobody has any more. */
    private final List<Slab> unwanted = new ArrayList<>();

    private int files;
    private long bytes;

    Pieces(Storage storage) {
        this.storage = storage;
    }

    /**
     * A client hands one over.
     *
     * @param fd closed here, unless it is kept
     * @throws ProtocolException when it has handed another one with that id, or this one with another, or it is no slab
     * @throws LimitExceededException when this process cannot take any more
     */
    void hand(int clientId, Object file, Message.Hand hand, @Nullable Fd fd) {
        List<Piece> all = byId.getOrDefault(hand.id(), List.of());
        if (all.stream().anyMatch(piece -> piece.owners.contains(clientId))) {
            close(fd);
            throw new ProtocolException("it hands over slab 0x%x twice".formatted(hand.id()));
        }
        if (!handed.computeIfAbsent(clientId, id -> new HashSet<>()).add(file)) {
            close(fd);
            throw new ProtocolException("what it hands over as slab 0x%x it has handed over as another".formatted(hand.id()));
        }
        Piece piece = all.stream()
                .filter(known -> known.file.equals(file) && known.size() == hand.size())
                .findFirst()
                .orElse(null);
        if (piece == null) {
            piece = made(all.isEmpty(), file, hand, fd);
            byId.computeIfAbsent(hand.id(), id -> new ArrayList<>()).add(piece);
            files++;
            bytes += hand.size();
        } else {
            close(fd);
        }
        piece.owners = piece.owners.with(clientId);
    }

    private Piece made(boolean alone, Object file, Message.Hand hand, @Nullable Fd fd) {
        Piece piece = new Piece(file, hand);
        if (alone) {
            piece.slab = storage.adopt(fd, hand);
        } else {
            piece.fd = fd;
        }
        return piece;
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    /** What a client has handed under an id, or null. */
    @Nullable Piece of(int clientId, long id) {
        return byId.getOrDefault(id, List.of()).stream()
                .filter(piece -> piece.owners.contains(clientId))
                .findFirst()
                .orElse(null);
    }

    /** Notes down who calls what by one id, and who one file by what. */
    void compare(Contradictions contradictions) {
        Map<Object, List<MemberSet>> byFile = new LinkedHashMap<>();
        byId.values().forEach(all -> {
            contradictions.add(all.stream().map(Piece::owners).toList());
            all.forEach(piece -> byFile.computeIfAbsent(piece.file, file -> new ArrayList<>()).add(piece.owners));
        });
        byFile.values().forEach(contradictions::add);
    }

    /** A client is gone, whatever it has handed over. */
    void forget(int clientId) {
        handed.remove(clientId);
        byId.values().forEach(all -> {
            all.forEach(piece -> piece.owners = piece.owners.without(clientId));
            all.stream().filter(piece -> piece.owners.isEmpty()).forEach(this::drop);
            all.removeIf(piece -> piece.owners.isEmpty());
        });
        byId.values().removeIf(List::isEmpty);
    }

    /** How many different files clients have handed over. */
    int files() {
        return files;
    }

    /** How large they are together. */
    long bytes() {
        return bytes;
    }

    /** Adds to each client what it alone has handed over: so much for each file, and its size. */
    void weigh(Map<Integer, Long> weights, long each) {
        byId.values().stream()
                .flatMap(List::stream)
                .filter(piece -> piece.owners.ids().size() == 1)
                .forEach(piece -> weights.merge(piece.owners.ids().getFirst(), each + piece.size(), Long::sum));
    }

    private void drop(Piece piece) {
        files--;
        bytes -= piece.size();
        close(piece.fd);
        if (piece.slab != null) {
            unwanted.add(piece.slab);
        }
    }

    /** What nobody has any more; it is the caller's from here on. */
    List<Slab> takeUnwanted() {
        List<Slab> taken = List.copyOf(unwanted);
        unwanted.clear();
        return taken;
    }

    /**
     * Nobody contradicts anybody any more, and what was mapped of who did is not: maps what counts.
     *
     * @return the clients that have handed something that cannot be mapped
     */
    MemberSet settle() {
        MemberSet failed = MemberSet.NONE;
        for (Piece piece : settled()) {
            if (piece.slab == null) {
                try {
                    piece.slab = storage.adopt(piece.fd, piece.hand);
                } catch (SyncException e) {
                    failed = failed.withAll(piece.owners);
                }
                piece.fd = null;
            }
        }
        return failed;
    }

    /** Those that count, by id, ascending. */
    Collection<Piece> settled() {
        return byId.values().stream().map(List::getFirst).toList();
    }

    /** The slab with an id that counts, or null. */
    @Nullable Slab slab(long id) {
        List<Piece> all = byId.get(id);
        return all == null ? null : all.getFirst().slab();
    }

    void clear() {
        byId.clear();
        handed.clear();
        files = 0;
        bytes = 0;
        unwanted.clear();
    }
}
