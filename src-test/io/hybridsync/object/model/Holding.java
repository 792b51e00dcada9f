package io.hybridsync.object.model;

import io.hybridsync.broker.Settlement;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Ledger;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Ownership;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Spinning;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One object as one client has it: its private portion, and where its word has been and will be. */
final class Holding {

    /** What the broker sends. */
    sealed interface Message {
        /** The word will be there, should the move with this number come to be. */
        record Moving(int number, Tenant to) implements Message {}

        /** The tombstone is there. */
        record Moved(int number, Tenant from) implements Message {}

        /** The word lives there: the answer to who asked. */
        record Answer(Tenant where) implements Message {}
    }

    final List<Handle> handles = new ArrayList<>();

    private final World world;
    private final ModelClient client;
    private final Thing thing;
    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Map<Integer, Tenant> told = new HashMap<>();
    private final List<Message.Moved> leaving = new ArrayList<>();
    private final Set<Tenant> acknowledged = new HashSet<>();
    private @Nullable Portion portion;
    private @Nullable Lease lease;

    /** The entry of the first thread to come, and that of the others. */
    private final List<LedgerCell> ledger;

    private boolean gone;

    Holding(World world, ModelClient client, Thing thing) {
        this.world = world;
        this.client = client;
        this.thing = thing;
        this.ledger = List.of(
                new LedgerCell(world, "own of %d".formatted(client.id)), new LedgerCell(world, "common of %d".formatted(client.id)));
    }

    /** Whether the ledger says that somebody is in the middle of an operation; no step. */
    boolean isUnderWay() {
        return ledger.stream().anyMatch(LedgerCell::isUnderWay);
    }

    /** What the ledger says, as the broker reads it. */
    long held() {
        int held = 0;
        for (LedgerCell entry : ledger) {
            long word = entry.load();
            if (Ledger.isUnderWay(word)) {
                return Settlement.UNDER_WAY;
            }
            held += Ledger.held(word);
        }
        return held;
    }

    /** The broker's answer to the client that opens the object. */
    void open(Tenant tenant) {
        lease = thing.sort == Sort.LEASED ? new Lease(ledger.getFirst(), ledger.getLast(), true) : null;
        Portion opened = new Portion(
                thing.number, thing.toString(), thing.sort.nature(thing.maximum, client, lease), slot(tenant), client, Spinning.none(), false);
        handles.add(new Handle(opened));
        handles.add(new Handle(opened));
        portion = opened;
    }

    Thing thing() {
        return thing;
    }

    boolean isOpen() {
        return portion != null;
    }

    /** Which of the handles is open. */
    int openHandle() {
        return handles.getFirst().isClosed() ? 1 : 0;
    }

    /** Whether the client will take part in nothing any more that concerns the object. */
    boolean isOut() {
        return client.dead || gone;
    }

    /** Whether the client has no more to do with that place. */
    boolean hasLeft(Tenant place) {
        return isOut() || acknowledged.contains(place);
    }

    void take(Message message) {
        switch (message) {
            case Message.Moving(int number, Tenant to) -> hear(number, to);
            case Message.Moved moved -> look(moved);
            case Message.Answer answer -> client.answered.add(answer);
        }
    }

    /** What is told first under a number is what counts. */
    private void hear(int number, Tenant to) {
        told.putIfAbsent(number, to);
        if (world.has(Flaw.SWITCH_WHEN_TOLD)) {
            slots.values().stream().filter(this::isAt).findFirst().ifPresent(here -> portion().relocate(here, slot(to)));
        }
    }

    private void look(Message.Moved moved) {
        Slot here = slot(moved.from());
        if (isAt(here)) {
            Tenant to = told.get(moved.number());
            if (to == null || number(here.load(), here) != moved.number()) {
                return;
            }
            go(here, to);
        }
        leaving.add(moved);
    }

    boolean mayAcknowledge() {
        return leaving.stream().anyMatch(this::hasLeft);
    }

    void acknowledge() {
        for (Message.Moved moved : List.copyOf(leaving)) {
            if (hasLeft(moved)) {
                leaving.remove(moved);
                told.keySet().removeIf(number -> number <= moved.number());
                world.schedule().step();
                acknowledged.add(moved.from());
            }
        }
    }

    /** Also where the portion has ended and did not go on to the next place, threads may be about to sleep. */
    private boolean hasLeft(Message.Moved moved) {
        return world.has(Flaw.HASTY_ACKNOWLEDGEMENT) || !slot(moved.from()).isOnSlowPath();
    }

    private void go(Slot from, Tenant to) {
        portion().relocate(from, slot(to));
    }

    private boolean isAt(Slot slot) {
        return portion().slotAt(slot.location()) == slot;
    }

    /** The number on the tombstone, or -1. */
    private static int number(long word, Slot slot) {
        return slot.isValid(word) && (Word.flags(word) & Word.MOVED) != 0 ? Word.data(word) & Word.VALUE : -1;
    }

    /** Marks a mutex whose owning thread has ended. */
    void abandon() {
        Ownership ownership = portion().nature().ownership();
        world.schedule().step();
        if (ownership != null && ownership.takeFromDead()) {
            portion().apply(MutexRule.ABANDON, client.number());
        }
    }

    /** Closes one of the handles, and with the last one the object, as a client does. */
    void close(Handle handle) {
        handle.close();
        if (handles.stream().allMatch(Handle::isClosed) && !gone) {
            portion().end(() -> new ObjectClosedException("closed"));
            Lease mine = lease;
            if (mine != null) {
                mine.end();
                ledger.forEach(LedgerCell::end);
            }
            do {
                portion().wakeAll();
            } while (slots.values().stream().anyMatch(Slot::isOnSlowPath));
            gone = true;
            world.broker().events.add(new ModelBroker.Event.Left(client, thing));
        }
    }

    /** A broker in the middle of a move does not answer in time; one that is not moves nothing, so the lock is not its own. */
    Authority.Verdict askLocked(Slot slot) {
        world.schedule().step();
        if (!isAt(slot)) {
            return Authority.Verdict.GONE;
        }
        if (thing.target != null) {
            return Authority.Verdict.CONFIRMED;
        }
        Tenant where = thing.current();
        long word = world.peek(tenant(slot));
        client.await(new Message.Answer(where));
        if (!where.equals(tenant(slot))) {
            go(slot, where);
            return Authority.Verdict.GONE;
        }
        boolean locked = slot.isValid(word) && (Word.flags(word) & Word.LOCKED) != 0;
        return locked ? Authority.Verdict.REFUTED : Authority.Verdict.GONE;
    }

    Authority.Verdict follow(Slot slot) {
        int number = number(slot.load(), slot);
        if (number < 0) {
            return Authority.Verdict.GONE;
        }
        world.schedule().await(() -> told.containsKey(number) || isLate(slot, number));
        Tenant to = told.get(number);
        if (to == null) {
            return Authority.Verdict.GONE;
        }
        go(slot, to);
        return Authority.Verdict.CONFIRMED;
    }

    /** Whether others have gone on; then what was told is forgotten. Otherwise the message is on its way. */
    private boolean isLate(Slot slot, int number) {
        boolean coming = client.inbox.stream()
                .anyMatch(m -> m instanceof Message.Moving moving && moving.to().thing() == thing && moving.number() == number);
        if (isAt(slot) && !coming && !told.containsKey(number)) {
            world.schedule().note("a member saw MOVED and had not been told");
        }
        return !isAt(slot);
    }

    private Slot slot(Tenant tenant) {
        return slots.computeIfAbsent(tenant.id(), ignored -> new Slot(tenant.location(), world.cell(tenant)));
    }

    private static Tenant tenant(Slot slot) {
        return ((ModelCell) slot.cell()).tenant();
    }

    Portion portion() {
        Portion open = portion;
        if (open == null) {
            throw new AssertionError("client " + client.id + " has not opened " + thing);
        }
        return open;
    }
}
