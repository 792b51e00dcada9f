package io.hybridsync.object.model;

import io.hybridsync.broker.Move;
import io.hybridsync.broker.Settlement;
import io.hybridsync.broker.Step;
import io.hybridsync.broker.Transaction;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The broker as far as words are concerned: moves them by the shipped {@link Move}, gives old places to other objects when
 * every member has acknowledged, marks and wakes for the dead.
 */
final class ModelBroker {

    /** What the broker has to do; in any order. */
    sealed interface Event {
        record Move(Thing thing, boolean rollback, @Nullable ModelClient opener) implements Event {}

        record Death(ModelClient client) implements Event {}

        record Left(ModelClient client, Thing thing) implements Event {}

        record Subscribe(Thing thing, boolean on) implements Event {}

        record Await(AllWait pending) implements Event {}

        record Withdraw(AllWait pending) implements Event {}

        record Settle(Thing thing) implements Event {}

        record Signaled(ModelClient client, Thing thing) implements Event {}

        /** Whose message it is: messages of a client come in their order; null for what is nobody's. */
        default @Nullable ModelClient sender() {
            return switch (this) {
                case Await(AllWait wait) -> wait.client;
                case Withdraw(AllWait wait) -> wait.client;
                case Signaled(ModelClient client, Thing thing) -> client;
                case Left(ModelClient client, Thing thing) -> client;
                default -> null;
            };
        }
    }

    final List<Event> events = new ArrayList<>();

    private final World world;
    private final SlabCache cache;
    private final Map<Long, Tenant> tenants = new HashMap<>();
    private final Map<Tenant, Long> strangers = new HashMap<>();
    private final List<AllWait> waits = new ArrayList<>();

    /** What the broker has taken for clients. */
    private final Map<Holding, Integer> granted = new HashMap<>();

    private @Nullable AllWait attempted;
    private int issued;

    ModelBroker(World world) {
        this.world = world;
        this.cache = new SlabCache(() -> 0x1_0000_0001L, HeapSlab::new, (place, word) -> {
            throw new AssertionError("word 0x%x in free memory at %s".formatted(word, place));
        });
        for (Thing thing : world.things()) {
            Tenant place = settle(cache.allocate(true), thing);
            thing.settle(place);
            thing.homes.add(place.address());
            memory(place).store(pack(place, (int) thing.value(), 0));
        }
    }

    /** Who has the place now; null: nobody. */
    @Nullable Tenant tenantAt(long address) {
        return tenants.get(address);
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
            switch (next()) {
                case Event.Move move -> move(move);
                case Event.Death(ModelClient client) -> bury(client);
                case Event.Left(ModelClient client, Thing thing) -> leave(client, thing);
                case Event.Subscribe(Thing thing, boolean on) -> subscribe(thing, on);
                case Event.Await(AllWait wait) -> attempt(wait);
                case Event.Withdraw(AllWait wait) -> end(wait);
                case Event.Signaled(ModelClient client, Thing thing) -> look(thing);
                case Event.Settle(Thing thing) -> settle(thing);
            }
        }
    }

    /** Any of the events, but of one client's messages the first; those of the dead end with them. */
    private Event next() {
        Event any = events.get(world.schedule().random.nextInt(events.size()));
        ModelClient sender = any.sender();
        Event first = sender == null
                ? any
                : events.stream().filter(event -> event.sender() == sender).findFirst().orElse(any);
        events.remove(first);
        return first;
    }

    /** Tries to satisfy a wait by the shipped class; what that does not take, it subscribes. */
    private void attempt(AllWait wait) {
        if (wait.isOver() || !isAdmitted(wait)) {
            return;
        }
        Transaction transaction = wait.transaction(thing -> slot(thing.current()));
        Thing before = wait.subscribed();
        attempted = wait;
        Step.Result result = transaction.run(() -> true);
        attempted = null;
        switch (result) {
            case DONE -> {
                wait.take(transaction);
                wait.things().forEach(thing -> granted.merge(wait.client.holding(thing), 1, Integer::sum));
                world.fate().grants++;
                waits.remove(wait);
            }
            case REFUSED -> wait.subscribe(transaction.at(), transaction.value(transaction.at()));
            case BUSY, UNTOLD, CORRUPTED -> throw world.schedule().fail("a transaction is " + result);
        }
        forget(before);
    }

    private boolean isAdmitted(AllWait wait) {
        if (wait.client.dead) {
            wait.end();
            return false;
        }
        if (!waits.contains(wait)) {
            waits.add(wait);
        }
        return true;
    }

    private void look(Thing thing) {
        for (AllWait wait : List.copyOf(waits)) {
            if (wait.subscribed() == thing) {
                attempt(wait);
            }
        }
    }

    private void end(AllWait wait) {
        Thing before = wait.subscribed();
        waits.remove(wait);
        wait.end();
        forget(before);
    }

    /** The last wait that was subscribed there may have gone. */
    private void forget(@Nullable Thing thing) {
        if (thing != null && !thing.ended && waits.stream().noneMatch(wait -> wait.subscribed() == thing)) {
            subscribe(thing, false);
        }
    }

    /** For whom the broker acts, or who acts. */
    Actor actsFor() {
        AllWait wait = attempted;
        Actor self = world.schedule().self();
        return wait != null && self.client == null ? wait.actor : self;
    }

    /** A wait that should not be pending when nobody can run. */
    @Nullable String pending() {
        for (AllWait wait : waits) {
            Thing at = wait.subscribed();
            if (at == null || (Word.flags(world.peek(at.current())) & Word.WAKE_BROKER) == 0) {
                return "pending and nobody would tell: " + wait.actor;
            }
            if (wait.things().stream().allMatch(thing -> thing.ghost.isThere(wait.actor, world.value(thing)))) {
                return "pending while everything is there: " + wait.actor;
            }
        }
        return null;
    }

    /** One attempt of the shipped class: what it reads and writes goes through the seam, so others run in between. */
    private void move(Event.Move event) {
        Thing thing = event.thing();
        ModelClient opener = event.opener();
        if (opener != null) {
            thing.members.add(opener);
        }
        Tenant from = thing.current();
        Tenant to = settle(cache.allocate(true), thing);
        thing.target = to;
        Move move = new Move(
                slot(from), slot(to), thing.lastMove, (number, place) -> tellAll(thing, number, to, event.rollback()));
        Move.Result result = move.run();
        thing.target = null;
        thing.told = false;
        thing.lastMove = move.number();
        switch (result) {
            case DONE -> {
                answer(opener, to);
                finish(thing.lastMove, from);
                look(thing);
            }
            case DELAYED -> giveUp(to);
            case CORRUPTED -> {
                world.brokerFound(thing);
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
    private boolean tellAll(Thing thing, int number, Tenant to, boolean full) {
        int members = thing.members.size();
        int reached = full ? world.schedule().random.nextInt(members + 1) : members;
        tell(thing, new Holding.Message.Moving(number, to), reached);
        thing.told = !full;
        return thing.told;
    }

    /** By the seam: the broker has written this to a place. */
    void stored(Tenant tenant, long word) {
        Thing thing = tenant.thing();
        if (thing == null || !tenant.equals(thing.target) || !Word.isValid(tenant.location().base(), word)) {
            return;
        }
        if ((Word.flags(word) & Word.LOCKED) == 0 && !thing.told) {
            throw world.schedule().fail("the word was unlocked at a place that its members had not been told");
        }
    }

    /** By the seam: the broker has replaced a word. */
    void wrote(Tenant tenant, long expected, long next) {
        Thing thing = tenant.thing();
        if (thing == null || !tenant.equals(thing.current()) || (Word.flags(next) & Word.CORRUPTED) != 0) {
            return;
        }
        Tenant to = thing.target;
        if ((Word.flags(next) & Word.MOVED) == 0) {
            operated(thing, expected, next);
        } else if (to != null && Word.isValid(tenant.location().base(), next)) {
            thing.formerBase = tenant.location().base();
            thing.settle(to);
            world.moved(thing, !thing.homes.add(to.address()));
        }
    }

    private void operated(Thing thing, long expected, long next) {
        int before = Word.data(expected) & Word.VALUE;
        int after = Word.data(next) & Word.VALUE;
        boolean locks = (Word.flags(next) & Word.LOCKED) != 0;
        if (locks && after != before && !world.has(Flaw.LOSS_UNNOTICED)) {
            throw world.schedule().fail("the value of a word changed that is locked");
        }
        thing.change(expected, next);
        AllWait wait = attempted;
        boolean unlocks = !locks && (Word.flags(expected) & Word.LOCKED) != 0;
        if (wait != null && after != before) {
            took(wait, thing, before, after);
        } else if (wait != null && unlocks && thing.sort.isSemaphore()) {
            world.fate().rollbacks++;
        }
    }

    /** Others must not see that one is taken and another one is not. */
    private void took(AllWait wait, Thing thing, int before, int after) {
        wait.actor.footprint.give(thing, after - before);
        thing.ghost.changed(wait.actor, before, after);
        if (wait.client.dead) {
            thing.ghost.killed(wait.client, after);
        }
        for (Thing other : wait.things()) {
            boolean done = other == thing || wait.actor.footprint.given(other) != 0;
            boolean locked = (Word.flags(world.peek(other.current())) & Word.LOCKED) != 0;
            if (!done && !locked && !other.sort.isEvent() && !world.has(Flaw.LOSS_UNNOTICED)) {
                throw world.schedule().fail("a part was taken while another was not locked");
            }
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

    private static void answer(@Nullable ModelClient opener, Tenant to) {
        if (opener != null && !opener.dead) {
            opener.holding(to.owner()).open(to);
        }
    }

    private void finish(int number, Tenant from) {
        Thing thing = from.owner();
        tell(thing, new Holding.Message.Moved(number, from), thing.members.size());
        Set<ModelClient> holders = new LinkedHashSet<>(thing.members);
        world.schedule().spawn("reaper of " + from.id(), null, () -> {
            if (!world.has(Flaw.NO_ACKNOWLEDGEMENT)) {
                world.schedule().await(() -> holders.stream().allMatch(client -> client.holding(thing).hasLeft(from)));
            }
            world.schedule().step();
            reuse(from);
        });
    }

    private void tell(Thing thing, Holding.Message message, int reached) {
        for (ModelClient member : thing.members.stream().limit(reached).toList()) {
            world.schedule().step();
            Holding holding = member.holding(thing);
            if (!holding.isOut() && holding.isOpen()) {
                member.inbox.add(message);
            }
        }
    }

    private void bury(ModelClient client) {
        waits.stream().filter(wait -> wait.client == client).toList().forEach(this::end);
        for (Thing thing : world.things()) {
            if (thing.members.remove(client)) {
                mourn(client, thing);
                gone(client, thing);
                if (!world.has(Flaw.DEATH_WITHOUT_LOOK)) {
                    look(thing);
                }
                vacate(thing);
            }
        }
    }

    /** First the mark, then the wakes: otherwise somebody sleeps in between. All of them, for the dead may have had a wake. */
    private void mourn(ModelClient client, Thing thing) {
        boolean silent = world.has(Flaw.SILENT_DEATH);
        if (world.has(Flaw.WAKES_THEN_MARKS)) {
            wake(slot(thing.current()));
            silent = true;
        }
        boolean marked = thing.sort.isMutex() && operate(thing, MutexRule.ABANDON, client.number());
        if (marked && world.has(Flaw.MARK_WAKES_ONE)) {
            slot(thing.current()).cell().wake(Half.DATA, 1);
        } else if (!silent) {
            wake(slot(thing.current()));
        }
    }

    private boolean operate(Thing thing, Rule rule, int argument) {
        Slot slot = slot(thing.current());
        for (;;) {
            long word = slot.load();
            int next = rule.next(Word.data(word) & Word.VALUE, argument, thing.maximum);
            if (next == Rule.REFUSED || thing.corrupt) {
                return false;
            }
            if (slot.replace(word, next | (Word.data(word) & Word.WAITERS), Word.flags(word))) {
                return true;
            }
        }
    }

    private void leave(ModelClient client, Thing thing) {
        thing.members.remove(client);
        gone(client, thing);
        vacate(thing);
    }

    private void gone(ModelClient client, Thing thing) {
        if (thing.ghost instanceof Leased leased) {
            leased.gone(client);
            settle(thing);
        }
    }

    /** One attempt of the shipped class; if somebody is in the middle of an operation, another when nobody is. */
    private void settle(Thing thing) {
        if (thing.members.isEmpty() || thing.corrupt || !(thing.ghost instanceof Leased leased)) {
            return;
        }
        List<Settlement.Holder> holders = thing.members.stream()
                .map(member -> member.holding(thing))
                .<Settlement.Holder>map(holding -> () -> held(holding))
                .toList();
        int[] looks = {3};
        Settlement.Result result =
                new Settlement(slot(thing.current()), thing.total, holders, () -> --looks[0] > 0).run();
        switch (result) {
            case DONE -> {
                world.fate().settlements++;
                world.require(leased.settled(thing.total, thing.value()));
                look(thing);
            }
            case UNSETTLED -> {
                world.fate().unsettled++;
                world.schedule().spawn("timer", null, () -> {
                    world.schedule().await(() -> thing.members.stream().noneMatch(m -> m.holding(thing).isUnderWay()));
                    events.add(new Event.Settle(thing));
                });
            }
            case BUSY, CORRUPTED, OVERDRAWN -> {
                if (!thing.corrupt) {
                    throw world.schedule().fail("a settlement is " + result);
                }
            }
        }
    }

    private long held(Holding holding) {
        long held = holding.held();
        return held == Settlement.UNDER_WAY ? held : held + granted.getOrDefault(holding, 0);
    }

    /** Nobody has the object open: its name and its place end. */
    private void vacate(Thing thing) {
        Tenant last = thing.current();
        if (thing.members.isEmpty() && last.equals(tenants.get(last.address())) && events.isEmpty()) {
            world.schedule().step();
            thing.ended = true;
            reuse(last);
        }
    }

    private void subscribe(Thing thing, boolean on) {
        Slot slot = slot(thing.current());
        for (;;) {
            long word = slot.load();
            if (!slot.isValid(word) || (Word.flags(word) & ~Word.WAKE_BROKER) != 0) {
                world.brokerFound(thing);
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
        if (!world.has(Feature.REUSE)) {
            return;
        }
        int value = Word.data(memory(tenant).load()) & Word.VALUE;
        release(tenant);
        world.schedule().step();
        Tenant stranger = settle(cache.allocate(true), null);
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

    private Tenant settle(Slot slot, @Nullable Thing thing) {
        Tenant tenant = new Tenant(++issued, thing, slot.location());
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
