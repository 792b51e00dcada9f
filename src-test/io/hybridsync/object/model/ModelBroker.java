package io.hybridsync.object.model;

import io.hybridsync.broker.Move;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The broker as far as one word is concerned: moves it by the shipped {@link Move}, gives old places to other objects when
 * every member has acknowledged, wakes for the dead.
 */
final class ModelBroker {

    /** What the broker has to do; in any order. */
    sealed interface Event {
        record Move(boolean rollback, @Nullable ModelClient opener) implements Event {}

        record Death(ModelClient client) implements Event {}

        record Left(ModelClient client) implements Event {}

        record Subscribe(boolean on) implements Event {}
    }

    final List<Event> events = new ArrayList<>();
    final Set<ModelClient> members = new LinkedHashSet<>();

    private final World world;
    private final SlabCache cache;
    private final Map<Long, Tenant> tenants = new HashMap<>();
    private final Map<Tenant, Long> strangers = new HashMap<>();
    private final Set<Long> homes = new HashSet<>();
    private Tenant current;
    private @Nullable Tenant target;
    private boolean told;
    private int lastMove;
    private int issued;
    private int formerBase;

    ModelBroker(World world, int permits) {
        this.world = world;
        this.cache = new SlabCache(() -> 0x1_0000_0001L, HeapSlab::new, (place, word) -> {
            throw new AssertionError("word 0x%x in free memory at %s".formatted(word, place));
        });
        this.current = settle(cache.allocate(true));
        homes.add(current.address());
        memory(current).store(pack(current, permits, 0));
    }

    Tenant current() {
        return current;
    }

    /** The base of the place that the word left last; a word from there is a bad one here. */
    int formerBase() {
        return formerBase;
    }

    /** Who has the place now; null: nobody. */
    @Nullable Tenant tenantAt(long address) {
        return tenants.get(address);
    }

    /** Whether it is in the middle of a move, and answers nobody. */
    boolean isMoving() {
        return target != null;
    }

    /** The memory of a place, without a step. */
    Cell memory(Tenant tenant) {
        var slab = cache.slab(tenant.location().slab());
        if (slab == null) {
            throw new AssertionError("no slab for " + tenant);
        }
        return slab.cell(tenant.location().offset());
    }

    /** Another object whose word is not what it was. */
    @Nullable Tenant disturbed() {
        for (var stranger : strangers.entrySet()) {
            if (memory(stranger.getKey()).load() != stranger.getValue()) {
                return stranger.getKey();
            }
        }
        return null;
    }

    /** The broker's thread. */
    void serve() {
        for (;;) {
            world.schedule().await(() -> !events.isEmpty());
            switch (events.remove(world.schedule().random.nextInt(events.size()))) {
                case Event.Move move -> move(move);
                case Event.Death(ModelClient client) -> bury(client);
                case Event.Left(ModelClient client) -> leave(client);
                case Event.Subscribe(boolean on) -> subscribe(on);
            }
        }
    }

    /** One attempt of the shipped class: what it reads and writes goes through the seam, so others run in between. */
    private void move(Event.Move event) {
        ModelClient opener = event.opener();
        if (opener != null) {
            members.add(opener);
        }
        Tenant from = current;
        Tenant to = settle(cache.allocate(true));
        target = to;
        Move move = new Move(slot(from), slot(to), lastMove, (number, place) -> tellAll(number, to, event.rollback()));
        Move.Result result = move.run();
        target = null;
        told = false;
        lastMove = move.number();
        switch (result) {
            case DONE -> {
                answer(opener, to);
                finish(lastMove, from);
            }
            case DELAYED -> giveUp(to);
            case CORRUPTED -> {
                world.brokerFound();
                condemn(slot(from));
                giveUp(to);
            }
        }
    }

    private void giveUp(Tenant to) {
        world.schedule().step();
        release(to);
    }

    /** Reaches everybody; or some, and then one whose socket is full. */
    private boolean tellAll(int number, Tenant to, boolean full) {
        int reached = full ? world.schedule().random.nextInt(members.size() + 1) : members.size();
        tell(new ModelClient.Message.Moving(number, to), reached);
        told = !full;
        return told;
    }

    /** By the seam: the broker has written this to a place. */
    void wrote(Tenant tenant, long word) {
        Tenant to = target;
        if (to == null || !Word.isValid(tenant.location().base(), word)) {
            return;
        }
        if (tenant.equals(to) && (Word.flags(word) & Word.LOCKED) == 0 && !told) {
            throw world.schedule().fail("the word was unlocked at a place that its members had not been told");
        }
        if (tenant.equals(current) && (Word.flags(word) & Word.MOVED) != 0) {
            formerBase = tenant.location().base();
            current = to;
            world.moved(!homes.add(to.address()));
        }
    }

    private static void condemn(Slot slot) {
        long word;
        do {
            word = slot.load();
        } while (!slot.cell().compareAndSet(word, Judge.marked(word)));
        wake(slot);
    }

    private static void wake(Slot slot) {
        slot.cell().wake(Half.DATA, Cell.ALL);
        slot.cell().wake(Half.FLAGS, Cell.ALL);
    }

    private void answer(@Nullable ModelClient opener, Tenant to) {
        if (opener != null && !opener.dead) {
            opener.open(to, world.maximum());
        }
    }

    private void finish(int number, Tenant from) {
        tell(new ModelClient.Message.Moved(number, from), members.size());
        Set<ModelClient> holders = new LinkedHashSet<>(members);
        world.schedule().spawn("reaper of " + from.id(), null, () -> {
            if (!world.has(Flaw.NO_ACKNOWLEDGEMENT)) {
                world.schedule().await(() -> holders.stream().allMatch(c -> c.isOut() || c.acknowledged.contains(from.id())));
            }
            world.schedule().step();
            reuse(from);
        });
    }

    private void tell(ModelClient.Message message, int reached) {
        for (ModelClient member : members.stream().limit(reached).toList()) {
            world.schedule().step();
            if (!member.isOut() && member.isOpen()) {
                member.inbox.add(message);
            }
        }
    }

    private void bury(ModelClient client) {
        members.remove(client);
        if (!world.has(Flaw.SILENT_DEATH)) {
            wake(slot(current));
        }
        vacate();
    }

    private void leave(ModelClient client) {
        members.remove(client);
        vacate();
    }

    /** Nobody has the object open: its name and its place end. */
    private void vacate() {
        if (members.isEmpty() && current.equals(tenants.get(current.address())) && events.isEmpty()) {
            world.schedule().step();
            world.ended();
            reuse(current);
        }
    }

    private void subscribe(boolean on) {
        Slot slot = slot(current);
        for (;;) {
            long word = slot.load();
            if (!slot.isValid(word) || (Word.flags(word) & ~Word.WAKE_BROKER) != 0) {
                world.brokerFound();
                return;
            }
            if (slot.replace(word, Word.data(word), on ? Word.WAKE_BROKER : 0)) {
                return;
            }
        }
    }

    private void reuse(Tenant tenant) {
        if (world.has(Feature.RETURNS)) {
            release(tenant);
        }
        if (!world.reuses()) {
            return;
        }
        int value = Word.data(memory(tenant).load()) & Word.VALUE;
        release(tenant);
        world.schedule().step();
        Tenant stranger = settle(cache.allocate(true));
        int data = switch (world.schedule().random.nextInt(4)) {
            case 0, 1 -> Word.WAITERS;
            case 2 -> 1;
            default -> value ^ Word.WAITERS;
        };
        long word = pack(stranger, data, 0);
        memory(stranger).store(word);
        strangers.put(stranger, word);
    }

    private void release(Tenant tenant) {
        tenants.remove(tenant.address());
        cache.free(tenant.location());
    }

    private Tenant settle(Slot slot) {
        Tenant tenant = new Tenant(++issued, slot.location());
        tenants.put(tenant.address(), tenant);
        return tenant;
    }

    private Slot slot(Tenant tenant) {
        return new Slot(tenant.location(), world.cell(tenant));
    }

    private static long pack(Tenant tenant, int data, int flags) {
        return Word.pack(tenant.location().base(), data, flags);
    }
}
