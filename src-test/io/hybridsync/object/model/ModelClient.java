package io.hybridsync.object.model;

import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Spinning;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process: its private portion of the object, and the thread of its connection to the broker. */
final class ModelClient implements Authority {

    private static final long CLAIM_TIMEOUT_NANOS = 1_000_000_000_000_000L;

    /** What the broker sends. */
    sealed interface Message {
        /** The word will be there, should the move with this number come to be. */
        record Moving(int number, Tenant to) implements Message {}

        /** The tombstone is there. */
        record Moved(int number, Tenant from) implements Message {}

        /** The word lives there: the answer to who asked. */
        record Answer(Tenant where) implements Message {}
    }

    final int id;
    final List<Handle> handles = new ArrayList<>();
    final List<Actor> threads = new ArrayList<>();
    final Deque<Message> inbox = new ArrayDeque<>();
    final Set<Integer> acknowledged = new HashSet<>();
    boolean dead;
    boolean gone;

    private final World world;
    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Map<Integer, Tenant> told = new HashMap<>();
    private final List<Message.Moved> leaving = new ArrayList<>();
    private final Set<Message.Answer> answered = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Portion portion;

    ModelClient(World world, int id) {
        this.world = world;
        this.id = id;
    }

    /** The broker's answer to the client that opens the object. */
    void open(Tenant tenant, int maximum) {
        Portion opened = new Portion(id, "semaphore", maximum, slot(tenant), this, Spinning.none());
        handles.add(new Handle(opened));
        handles.add(new Handle(opened));
        portion = opened;
    }

    boolean isOpen() {
        return portion != null;
    }

    /** Whether it will take part in nothing any more. */
    boolean isOut() {
        return dead || gone;
    }

    /** The thread of the connection: acknowledges when there is nothing to read. */
    void serve() {
        for (;;) {
            world.schedule().await(() -> !inbox.isEmpty() || leaving.stream().anyMatch(this::hasLeft));
            if (inbox.isEmpty()) {
                acknowledge();
            } else {
                take(inbox.removeFirst());
            }
        }
    }

    private void take(Message message) {
        switch (message) {
            case Message.Moving(int number, Tenant to) -> hear(number, to);
            case Message.Moved moved -> look(moved);
            case Message.Answer answer -> answered.add(answer);
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

    private void acknowledge() {
        for (Message.Moved moved : List.copyOf(leaving)) {
            if (hasLeft(moved)) {
                leaving.remove(moved);
                told.keySet().removeIf(number -> number <= moved.number());
                world.schedule().step();
                acknowledged.add(moved.from().id());
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

    /** Closes one of the handles, and with the last one the object, as a client does. */
    void close(Handle handle) {
        handle.close();
        if (handles.stream().allMatch(Handle::isClosed) && !gone) {
            portion().end(() -> new ObjectClosedException("closed"));
            do {
                portion().wakeAll();
            } while (slots.values().stream().anyMatch(Slot::isOnSlowPath));
            gone = true;
            world.broker().events.add(new ModelBroker.Event.Left(this));
        }
    }

    @Override
    public long claimTimeoutNanos() {
        return CLAIM_TIMEOUT_NANOS;
    }

    /** A broker in the middle of a move does not answer in time; one that is not moves nothing, so the lock is not its own. */
    @Override
    public Verdict askLocked(Portion asking, Slot slot) {
        world.schedule().step();
        if (!isAt(slot)) {
            return Verdict.GONE;
        }
        if (world.broker().isMoving()) {
            return Verdict.CONFIRMED;
        }
        Tenant where = world.broker().current();
        long word = world.peek(tenant(slot));
        await(new Message.Answer(where));
        if (!where.equals(tenant(slot))) {
            go(slot, where);
            return Verdict.GONE;
        }
        return slot.isValid(word) && (Word.flags(word) & Word.LOCKED) != 0 ? Verdict.REFUTED : Verdict.GONE;
    }

    private void await(Message.Answer answer) {
        inbox.add(answer);
        world.schedule().await(() -> answered.contains(answer));
    }

    @Override
    public Verdict follow(Portion asking, Slot slot) {
        int number = number(slot.load(), slot);
        if (number < 0) {
            return Verdict.GONE;
        }
        world.schedule().await(() -> told.containsKey(number) || isLate(slot, number));
        Tenant to = told.get(number);
        if (to == null) {
            return Verdict.GONE;
        }
        go(slot, to);
        return Verdict.CONFIRMED;
    }

    /** Whether others have gone on; then what was told is forgotten. Otherwise the message is on its way. */
    private boolean isLate(Slot slot, int number) {
        boolean coming = inbox.stream().anyMatch(m -> m instanceof Message.Moving moving && moving.number() == number);
        if (isAt(slot) && !coming && !told.containsKey(number)) {
            world.schedule().note("a member saw MOVED and had not been told");
        }
        return !isAt(slot);
    }

    @Override
    public void signaled(Portion asking) {}

    @Override
    public void corrupted(Portion asking, Slot slot, long word) {
        world.condemned(this);
    }

    private Slot slot(Tenant tenant) {
        return slots.computeIfAbsent(tenant.id(), ignored -> new Slot(tenant.location(), world.cell(tenant)));
    }

    private static Tenant tenant(Slot slot) {
        return ((ModelCell) slot.cell()).tenant();
    }

    private Portion portion() {
        Portion open = portion;
        if (open == null) {
            throw new AssertionError("client " + id + " has not opened the object");
        }
        return open;
    }
}
