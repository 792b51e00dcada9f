package io.hybridsync.broker;

import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each object in the memory of exactly those who have it open: moves its word when that set changes.
 *
 * <p>What cannot be done now, because a member's socket is full, is tried again when there may be room ({@link Delays}). Only
 * the one request waits for it.
 */
final class Movers {

    private final Effects effects;
    private final Groups groups;
    private final Retirements retirements;
    private final IntFunction<@Nullable Session> clients;

    /** @param clients the session of a client, null when it has none any more */
    Movers(Effects effects, Groups groups, Retirements retirements, IntFunction<@Nullable Session> clients) {
        this.effects = effects;
        this.groups = groups;
        this.retirements = retirements;
        this.clients = clients;
    }

    /**
     * Moves an object to the group of some clients, if it is not there.
     *
     * @throws LimitExceededException when there is no memory; nothing has changed
     */
    Move.Result move(SharedObject object, MemberSet members) {
        if (object.stays() || object.group().memberSet().equals(members)) {
            return Move.Result.DONE;
        }
        if (object.isCorrupted()) {
            return Move.Result.CORRUPTED;
        }
        if (!haveRoom(told(object, members))) {
            return Move.Result.DELAYED;
        }
        Group group = groups.of(members);
        Slot to = allocate(group, object);
        Move move = new Move(object.slot(), to, object.lastMove(), (number, place) -> tell(object, group, number, place));
        Move.Result result = run(object, group, move, to);
        if (result == Move.Result.DONE) {
            settle(object, group, to, move.number());
        }
        if (result == Move.Result.CORRUPTED) {
            object.condemn();
        }
        return result;
    }

    /**
     * What fails in the telling has moved nothing. After an Error the next broker finds out how far it came: nothing is touched
     * then.
     */
    private Move.Result run(SharedObject object, Group group, Move move, Slot to) {
        Move.Result result;
        try {
            result = move.run();
        } catch (RuntimeException e) {
            notMoved(object, group, move, to);
            throw e;
        }
        if (result == Move.Result.DONE) {
            object.setLastMove(move.number());
        } else {
            notMoved(object, group, move, to);
        }
        return result;
    }

    private void notMoved(SharedObject object, Group group, Move move, Slot to) {
        object.setLastMove(move.number());
        groups.free(group, to.location());
    }

    private Slot allocate(Group group, SharedObject object) {
        try {
            return group.slabs().allocate(object.spec().has(Spec.COMPACT));
        } catch (LimitExceededException | KernelException e) {
            groups.sweep(group);
            throw new LimitExceededException("no memory for the move of " + object + ": " + e.getMessage(), e);
        }
    }

    /** Those that have to know where it moves, if these are to be its members. */
    private List<Session> told(SharedObject object, MemberSet members) {
        return object.holders().ids().stream()
                .filter(members::contains)
                .map(clients::apply)
                .filter(Objects::nonNull)
                .toList();
    }

    /** It is looked for room first: nothing is made, and nobody told, in vain where that can be known. */
    private boolean haveRoom(List<Session> members) {
        return members.stream().allMatch(session -> effects.hasRoom(session.connection()));
    }

    private boolean tell(SharedObject object, Group group, int number, Location to) {
        Message.Moving moving = new Message.Moving(object.id(), number, object.location(), to);
        List<Session> members = told(object, group.memberSet());
        return haveRoom(members)
                && members.stream().allMatch(session ->
                        grantNow(session, group, to) && effects.tell(session.connection(), moving));
    }

    /** A grant that had to wait might wait for longer than the slab lives: the move may be given up. */
    private boolean grantNow(Session session, Group group, Location place) {
        Slab slab = Objects.requireNonNull(group.slabs().slab(place.slab()));
        if (!session.needs(slab)) {
            return true;
        }
        boolean granted = effects.grantNow(session.connection(), slab);
        if (!granted) {
            session.revoked(slab);
        }
        return granted;
    }

    /** Gives a client the slab where an object is if it has not got it yet; one of the broker's own to keep. */
    void grant(Session session, SharedObject object) {
        long id = object.slot().location().slab();
        Slab slab = Objects.requireNonNull(object.group().slabs().slab(id));
        if (!session.needs(slab)) {
            return;
        }
        if (object.isAtBroker()) {
            effects.keep(session.connection(), Memory.OWN, slab);
        } else {
            effects.grant(session.connection(), slab);
        }
    }

    private void settle(SharedObject object, Group group, Slot to, int number) {
        Group before = object.group();
        Location from = object.location();
        MemberSet visitors = object.visitors();
        object.moved(group, to);
        retirements.add(object, before, from, visitors);
        Message.Moved moved = new Message.Moved(object.id(), number, from);
        for (int client : object.holders().ids()) {
            Session session = clients.apply(client);
            if (session != null) {
                effects.send(session.connection(), moved);
            }
        }
    }
}
