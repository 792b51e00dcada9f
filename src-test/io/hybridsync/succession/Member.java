package io.hybridsync.succession;

import io.hybridsync.client.Ground;
import io.hybridsync.client.Household;
import io.hybridsync.error.SyncException;
import io.hybridsync.object.model.Actor;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Sleep;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A process that is a client: its threads, and what they have taken of each object. */
final class Member implements Ground {

    final String name;
    final Household household = new Household(this);
    final List<Actor> actors = new ArrayList<>();
    private final Realm realm;

    /** By its own compare-and-sets. */
    private final Map<Long, Integer> taken = new HashMap<>();

    /** By brokers, as it was told. */
    private final Map<Long, Integer> granted = new HashMap<>();

    private boolean dead;
    private int ended;
    private boolean halted;
    private boolean doubtful;

    Member(Realm realm, String name) {
        this.realm = realm;
        this.name = name;
        add("client " + name, household::live);
    }

    private void add(String title, Runnable body) {
        Actor actor = realm.schedule().spawn(title, body);
        actors.add(actor);
        realm.owns(actor, this);
    }

    /** One more of its threads. */
    void runs(Runnable program) {
        add("thread " + name + actors.size(), program);
    }

    boolean isDead() {
        return dead;
    }

    void die() {
        dead = true;
        actors.forEach(Actor::die);
    }

    /** It stands still, or goes on. */
    void halt(boolean still) {
        halted = still;
        actors.forEach(actor -> actor.halt(still));
    }

    boolean isHalted() {
        return halted && !dead;
    }

    /** A broker may have taken everything from it, whether it knows that or not. */
    void doubt() {
        doubtful = true;
    }

    boolean isDoubtful() {
        return doubtful;
    }

    /** Whether nothing of what it has done counts any more: it is dead, or has lost everything. */
    boolean isGone() {
        return dead || household.isLost();
    }

    void took(long object, int permits) {
        taken.merge(object, permits, Integer::sum);
    }

    /** How many permits it has, by what it has done and was told. */
    int has(long object) {
        return taken.getOrDefault(object, 0) + granted.getOrDefault(object, 0);
    }

    @Override
    public void step() {
        realm.step();
    }

    @Override
    public void await(BooleanSupplier condition) {
        realm.schedule().await(condition);
    }

    @Override
    public Sleep awaitInTime(BooleanSupplier condition, boolean interruptible) {
        return realm.dormitory().await(condition, false, interruptible);
    }

    @Override
    public boolean awaitWord(BooleanSupplier condition) {
        return realm.dormitory().await(condition, true, false) == Sleep.CHANGED;
    }

    @Override
    public boolean hasBroker() {
        return realm.throne() != null;
    }

    @Override
    public void endanger() {
        realm.endanger(this);
    }

    @Override
    public void aside(Runnable task) {
        runs(() -> {
            try {
                task.run();
            } catch (SyncException e) {
                realm.trace(() -> "it could not be done: " + e.getMessage());
            }
        });
    }

    /** Threads have ended since this was asked last. */
    boolean hasLostThreads() {
        int before = ended;
        ended = (int) actors.stream().filter(Actor::isDone).count();
        return ended != before;
    }

    @Override
    public void lost(String why) {
        if (!doubtful) {
            throw realm.schedule().fail(this + " has lost everything: " + why);
        }
        realm.chronicle().lost++;
    }

    /** What it does from now on counts again. */
    @Override
    public void anew() {
        if (!doubtful) {
            throw realm.schedule().fail(this + " has come in time, and is taken for another");
        }
        for (Thing thing : realm.things().values()) {
            if (thing.isMutex() ? thing.owner == this : has(thing.id) != 0) {
                throw realm.schedule().fail("%s goes on as another, and has %s".formatted(this, thing));
            }
        }
        doubtful = false;
        realm.chronicle().anew++;
    }

    @Override
    public void signaled() {
        realm.threaten();
    }

    @Override
    public void awaitThreads() {
        Actor me = realm.schedule().self();
        realm.schedule().await(() -> actors.stream().allMatch(actor -> actor == me || actor.isDone()));
    }

    @Override
    public void condemned(long object, Location place, long word) {
        Thing thing = realm.things().get(object);
        if (thing == null || !thing.isBad()) {
            throw realm.schedule().fail("an innocent object was declared corrupt: %016x at %s".formatted(word, place));
        }
    }

    @Override
    public Line connect() {
        return realm.connect(this);
    }

    @Override
    public boolean show(int id) {
        return realm.show(id, this);
    }

    @Override
    public void hide(int id) {
        realm.hide(id);
    }

    @Override
    public Slab create(int size) {
        return realm.create(Memory.LEDGER, 1, size);
    }

    @Override
    public void granted(long object, int permits) {
        granted.merge(object, permits, Integer::sum);
    }

    @Override
    public Error nonsense(Message message, String why) {
        return realm.schedule().fail(why + ": " + message);
    }

    @Override
    public String toString() {
        return name;
    }
}
