package io.hybridsync.object.model;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Ending;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Rule;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process: what it has open, and the thread of its connection to the broker. */
final class ModelClient implements Authority {

    private static final long CLAIM_TIMEOUT_NANOS = Long.MAX_VALUE;

    final int id;
    final List<Actor> threads = new ArrayList<>();
    final Deque<Holding.Message> inbox = new ArrayDeque<>();
    final Set<Holding.Message.Answer> answered = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean dead;

    /** Its process is stopped. */
    boolean stopped;

    private final World world;
    private final List<Holding> holdings;

    ModelClient(World world, int id) {
        this.world = world;
        this.id = id;
        this.holdings = world.things().stream().map(thing -> new Holding(world, this, thing)).toList();
    }

    /** The id that mutexes name it by. */
    int number() {
        return id + 1;
    }

    Holding holding(Thing thing) {
        return holdings.get(thing.number);
    }

    boolean isOpen() {
        return holdings.stream().allMatch(Holding::isOpen);
    }

    /** Whether it will take part in nothing any more. */
    boolean isOut() {
        return holdings.stream().allMatch(Holding::isOut);
    }

    /** The thread of the connection: acknowledges when there is nothing to read. */
    void serve() {
        for (;;) {
            world.schedule().await(() -> !inbox.isEmpty() || holdings.stream().anyMatch(Holding::mayAcknowledge));
            if (inbox.isEmpty()) {
                holdings.forEach(Holding::acknowledge);
            } else {
                take(inbox.removeFirst());
            }
        }
    }

    /** The thread that looks now and then whether threads have ended that own something: at least once after each end. */
    void keepHouse() {
        Set<Actor> seen = new HashSet<>();
        world.schedule().await(this::isOpen);
        for (int looks = world.schedule().random.nextInt(3); ; looks--) {
            int left = looks;
            world.schedule().await(() -> left > 0 || threads.stream().anyMatch(actor -> hasEnded(actor) && !seen.contains(actor)));
            threads.stream().filter(ModelClient::hasEnded).forEach(seen::add);
            holdings.stream().filter(holding -> holding.thing().sort.isMutex()).forEach(Holding::abandon);
        }
    }

    private static boolean hasEnded(Actor actor) {
        return actor.state == Actor.State.DONE;
    }

    private void take(Holding.Message message) {
        Tenant place = switch (message) {
            case Holding.Message.Moving moving -> moving.to();
            case Holding.Message.Moved moved -> moved.from();
            case Holding.Message.Answer answer -> answer.where();
        };
        holding(place.owner()).take(message);
    }

    /** Until the connection's thread has read the answer. */
    void await(Holding.Message.Answer answer) {
        inbox.add(answer);
        world.schedule().await(() -> answered.contains(answer));
    }

    @Override
    public long claimTimeoutNanos() {
        return CLAIM_TIMEOUT_NANOS;
    }

    @Override
    public Verdict askLocked(Portion asking, Slot slot, Patience patience) {
        return holding(asking).askLocked(slot);
    }

    @Override
    public Verdict follow(Portion asking, Slot slot, Patience patience) {
        return holding(asking).follow(slot);
    }

    @Override
    public long operate(Portion asking, Rule rule, int argument) {
        throw new AssertionError("the word is not the broker's");
    }

    @Override
    public long look(Portion asking, Patience patience) {
        throw new AssertionError("the word is not the broker's");
    }

    /** Asks for all of several; when it has waited long enough it takes that back, and waits for the one answer. */
    @Override
    public Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience) throws InterruptedException {
        Actor me = world.schedule().self();
        AllWait wait = new AllWait(me, this, wants, want -> holdings.get((int) want.object()).thing());
        world.broker().events.add(new ModelBroker.Event.Await(wait));
        boolean once = patience.deadlineNanos() == World.PAST;
        if (!once) {
            me.until = wait::isOver;
            me.lieDown(patience.deadlineNanos() == World.DEADLINE, false, patience.interruptible());
            me.interrupted = patience.interruptible() && me.interruptPending;
            world.schedule().sleep();
        }
        if (!wait.isOver()) {
            world.broker().events.add(new ModelBroker.Event.Withdraw(wait));
            world.schedule().await(wait::isOver);
        }
        if (!wait.isTaken() && me.interrupted && !once) {
            throw new InterruptedException("while waiting at the broker");
        }
        if (!wait.isTaken()) {
            return new Grant(Ending.TIMED_OUT, -1, List.of());
        }
        wants.forEach(Want::granted);
        return new Grant(Ending.TAKEN, 0, wait.abandoned());
    }

    @Override
    public void signaled(Portion asking) {
        world.schedule().step();
        world.schedule().self().footprint.owesBroker = false;
        world.broker().events.add(new ModelBroker.Event.Signaled(this, holding(asking).thing()));
    }

    @Override
    public void corrupted(Portion asking, Slot slot, long word) {
        world.condemned(this, holding(asking).thing());
    }

    @Override
    public List<Writer> writers(Portion asking) {
        return List.of();
    }

    private Holding holding(Portion portion) {
        return holdings.get((int) portion.id());
    }
}
