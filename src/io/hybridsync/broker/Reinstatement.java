package io.hybridsync.broker;

import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes what the broker before has left this broker's own: groups, objects, holders, owners. All of it happens in one event;
 * what the clients ask comes after it.
 *
 * <p>A slab belongs to the group of those who have it, and of those who may have it: clients that live and did not come in
 * time, or were expelled by a broker before, unless the slab was made since. Nothing is ever allocated in it. An object is in
 * the group of its slab; where that is not exactly those who have it open it moves, as if somebody had just closed it. So it
 * moves away from who came late, too, and only then a mutex that one of them may own is abandoned.
 *
 * <p>The words of objects that the broker has for itself are read where the broker before had them, and written to a slab of
 * this one's own.
 *
 * <p>Everybody is woken on every word, and at every tombstone: the dead may have swallowed wakes, and the broker before may
 * have died between a mark and its wake. A place that somebody has not left is not given up before he has.
 */
final class Reinstatement {

    private final Holdings holdings;
    private final Effects effects;
    private final Legacy legacy;
    private final Redo redo;
    private final IntFunction<@Nullable Session> clients;
    private final LongFunction<MemberSet> late;
    private final Map<Long, MemberSet> lateAt = new HashMap<>();
    private final Session nobody = new Session(0, 0);
    private final Map<Bequest, Whereabouts.Place> places = new HashMap<>();
    private final Map<Long, MemberSet> users = new HashMap<>();
    private final Set<Long> global = new HashSet<>();
    private final Map<Long, Group> groups = new HashMap<>();
    private final List<SharedObject> objects = new ArrayList<>();
    private final List<Runnable> notices = new ArrayList<>();

    /**
     * @param clients the session of a client that has handed over what it has; null for others
     * @param late clients that live, have not, and may have the slab with an id
     */
    Reinstatement(
            Holdings holdings,
            Effects effects,
            Legacy legacy,
            Redo redo,
            IntFunction<@Nullable Session> clients,
            LongFunction<MemberSet> late) {
        this.holdings = holdings;
        this.effects = effects;
        this.legacy = legacy;
        this.redo = redo;
        this.clients = clients;
        this.late = late;
    }

    /** Takes everything over; clients are told where everything is, and are to be told then that this is all. */
    void run() {
        Whereabouts whereabouts = new Whereabouts(legacy);
        for (Bequest bequest : legacy.objects()) {
            Whereabouts.Place place = bequest.isAtBroker() ? null : whereabouts.find(bequest);
            if (place != null) {
                place(bequest, place);
            }
        }
        legacy.slabs().forEach(this::adopt);
        legacy.objects().forEach(this::reinstate);
        legacy.slabs().forEach(this::visitTombstones);
        legacy.slabs().forEach(this::dropIfEmpty);
    }

    /** After the clients have been told that they are taken over: what is not where it should be moves. */
    void settle() {
        notices.forEach(Runnable::run);
        objects.forEach(holdings::shrink);
    }

    /** How many objects there are. */
    int objects() {
        return objects.size();
    }

    private void place(Bequest bequest, Whereabouts.Place place) {
        places.put(bequest, place);
        long slab = place.slot().location().slab();
        users.merge(slab, bequest.holders(), MemberSet::withAll);
        if (bequest.spec().has(Spec.GLOBAL)) {
            global.add(slab);
        }
    }

    private void adopt(Pieces.Piece piece) {
        long id = piece.id();
        MemberSet members = piece.owners().withAll(users.getOrDefault(id, MemberSet.NONE)).withAll(late(id));
        Group group = global.contains(id) ? holdings.groups().global() : holdings.groups().of(members);
        group.slabs().adopt(piece.slab());
        groups.put(id, group);
        piece.owners().ids().forEach(client -> session(client).needs(piece.slab()));
    }

    private MemberSet late(long slab) {
        return lateAt.computeIfAbsent(slab, late::apply);
    }

    private Session session(int clientId) {
        return Objects.requireNonNull(clients.apply(clientId), "it has handed something over");
    }

    /** What there is no memory for is lost; the rest is not, for that. */
    private void reinstate(Bequest bequest) {
        try {
            SharedObject object = bequest.isAtBroker() ? own(bequest) : shared(bequest);
            object.wakeAfterDeath();
            tell(bequest, object);
        } catch (LimitExceededException | KernelException e) {
            String line = "object 0x%x is lost: %s".formatted(bequest.id(), e.getMessage());
            effects.log(Effects.Level.WARN, line);
        }
    }

    private SharedObject own(Bequest bequest) {
        Integer value = ownValue(bequest);
        Group own = holdings.groups().own();
        SharedObject object = make(bequest, own, fresh(own, bequest, value == null ? 0 : value));
        condemnIf(value == null, bequest, object);
        return object;
    }

    /** Where two objects are said to be one of them is not; nor is what all say is corrupted, and nobody says where. */
    private SharedObject shared(Bequest bequest) {
        Whereabouts.Place place = places.get(bequest);
        if (place == null) {
            return elsewhere(bequest);
        }
        Location location = place.slot().location();
        Group group = Objects.requireNonNull(groups.get(location.slab()));
        Slot slot = group.slabs().claim(location);
        if (slot == null) {
            return elsewhere(bequest);
        }
        SharedObject object = make(bequest, group, slot);
        condemnIf(!place.sound(), bequest, object);
        Step.unsubscribe(slot);
        return object;
    }

    private SharedObject elsewhere(Bequest bequest) {
        Group made = holdings.groups().of(bequest.holders());
        SharedObject object = make(bequest, made, fresh(made, bequest, 0));
        condemnIf(true, bequest, object);
        return object;
    }

    private static void condemnIf(boolean bad, Bequest bequest, SharedObject object) {
        if (bad || bequest.isCorrupted()) {
            object.condemn(bequest.isCorrupted() ? bequest.badWord() : object.word());
        }
    }

    private Slot fresh(Group group, Bequest bequest, int value) {
        Slot slot = group.slabs().allocate(bequest.spec().has(Spec.COMPACT));
        slot.cell().store(slot.pack(value, 0));
        return slot;
    }

    /**
     * Of several places the one that the last broker made counts, which may have died while it told of it; of several of one
     * broker's that which most clients name.
     */
    private @Nullable Integer ownValue(Bequest bequest) {
        Map<Location, MemberSet> named = new LinkedHashMap<>();
        bequest.statements().forEach((client, statement) ->
                named.merge(statement.home(), MemberSet.of(client), MemberSet::withAll));
        return named.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Location, MemberSet>>comparingLong(
                                home -> home.getKey().slab() >>> Integer.SIZE)
                        .thenComparing(Map.Entry::getValue, MemberSet.BY_VOTES)
                        .reversed())
                .map(home -> ownValue(home.getKey()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Integer ownValue(Location home) {
        Slab slab = legacy.own(home);
        if (slab == null) {
            return null;
        }
        Slot slot = new Slot(home, slab.cell(home.offset()));
        long word = redo.of(home, slot.load());
        boolean good = slot.isValid(word) && (Word.flags(word) & (Word.MOVED | Word.CORRUPTED)) == 0;
        return good ? Word.data(word) & Word.VALUE : null;
    }

    private SharedObject make(Bequest bequest, Group group, Slot slot) {
        Session creator = nobody;
        for (Map.Entry<Integer, Message.HandObject> holder : bequest.statements().entrySet()) {
            creator = holder.getValue().created() ? session(holder.getKey()) : creator;
        }
        SharedObject object = new SharedObject(
                bequest.id(),
                bequest.name(),
                bequest.spec(),
                bequest.token(),
                creator,
                holdings::condemned,
                group,
                slot);
        creator.countCreated(1);
        object.setLastMove(bequest.told().stream().mapToInt(Told::move).max().orElse(0));
        object.setHolders(bequest.holders());
        late(slot.location().slab()).ids().forEach(object::addStranger);
        bequest.statements().forEach((id, statement) -> {
            session(id).opened(object, !statement.full());
            holdings.leases().granted(id, object, statement.granted());
        });
        redo.debts().forEach(debt -> grant(object, debt));
        holdings.leases().takenOver(object);
        holdings.catalog().adopt(object);
        legacy.keep(bequest);
        objects.add(object);
        return object;
    }

    /** Permits that brokers before took for a client that does not know of it yet. */
    private void grant(SharedObject object, Journal.Entry debt) {
        debt.permits().stream()
                .filter(permits -> permits.object() == object.id())
                .forEach(permits -> holdings.leases().granted(debt.client(), object, permits.taken()));
    }

    /** Who is at another place goes on where the word is, and says when it has left. */
    private void tell(Bequest bequest, SharedObject object) {
        bequest.statements().forEach((id, statement) -> {
            Session session = session(id);
            holdings.movers().grant(session, object);
            if (!statement.location().equals(object.location()) || !statement.home().equals(object.home())) {
                effects.send(
                        session.connection(), new Message.Located(object.id(), object.location(), object.home()));
            }
            if (object.isAtBroker() && !effects.hasRoom(session.connection())) {
                object.setUntold(object.untold().with(id));
            }
        });
        for (Location place : bequest.places()) {
            if (!place.equals(object.location())) {
                leave(bequest, object, place);
            }
        }
    }

    private void leave(Bequest bequest, SharedObject object, Location place) {
        Group group = Objects.requireNonNull(groups.get(place.slab()));
        Slot slot = group.slabs().claim(place);
        if (slot == null) {
            return;
        }
        long word = slot.load();
        boolean buried = slot.isValid(word) && (Word.flags(word) & Word.MOVED) != 0;
        object.setLastMove(buried ? Math.max(object.lastMove(), Word.data(word)) : object.lastMove());
        MemberSet there = late(place.slab());
        for (Map.Entry<Integer, Message.HandObject> holder : bequest.statements().entrySet()) {
            if (holder.getValue().location().equals(place)) {
                there = there.with(holder.getKey());
                long connection = session(holder.getKey()).connection();
                Message.Moved moved = new Message.Moved(object.id(), Word.data(word), place);
                notices.add(() -> effects.send(connection, moved));
            }
        }
        holdings.retirements().add(object, group, place, there);
    }

    /**
     * A thread may sleep at a place that its client has left, and the broker that buried the word there may not have come to
     * wake it. Whose word it was nobody knows any more; as long as those live who have the slab, it stays, for the sake of one of
     * these places: nothing is allocated in it.
     */
    private void visitTombstones(Pieces.Piece piece) {
        Group group = Objects.requireNonNull(groups.get(piece.id()));
        boolean kept = false;
        for (int offset = 0; offset < piece.size(); offset += Long.BYTES) {
            long word = piece.slab().cell(offset).load();
            if (Word.flags(word) == Word.MOVED && word != SlabCache.POISON) {
                Whereabouts.wake(piece.slab().cell(offset));
                Location place = new Location(piece.id(), offset, 0);
                if (!kept && group.slabs().claim(place) != null) {
                    kept = true;
                    holdings.retirements().add(0, group, place, piece.owners().withAll(late(piece.id())));
                }
            }
        }
    }

    private void dropIfEmpty(Pieces.Piece piece) {
        holdings.groups().dropIfEmpty(Objects.requireNonNull(groups.get(piece.id())), piece.id());
    }
}
