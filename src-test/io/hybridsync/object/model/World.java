package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One run: objects, their clients and the broker, what may happen to them, and what must hold at every step. */
final class World implements Schedule.Environment {

    /** The deadline of all timed operations, sooner than a claim's; it passes when the schedule says so. */
    static final long DEADLINE = 1L << 60;

    /** A deadline that has passed. */
    static final long PAST = 1;

    private static final int CLAIMS = Word.LOCKED | Word.MOVED | Word.CORRUPTED;

    private final Scenario scenario;
    private final Set<Flaw> flaws;
    private final Schedule schedule;
    private final List<Thing> things = new ArrayList<>();
    private final ModelBroker broker;
    private final List<ModelClient> clients = new ArrayList<>();
    private final Judge judge;
    private final Fate fate;
    private int signals;

    World(Scenario scenario, Set<Flaw> flaws, long seed) {
        this.scenario = scenario;
        this.flaws = flaws;
        SplittableRandom random = new SplittableRandom(seed);
        this.schedule = new Schedule(random, this);
        for (Sort sort : scenario.sorts()) {
            int maximum = sort.maximum(random);
            things.add(new Thing(things.size(), sort, maximum, Script.initial(scenario, sort, random)));
        }
        this.broker = new ModelBroker(this);
        this.judge = new Judge(this);
        this.fate = new Fate(this, random);
        new Script(this, random).write();
    }

    /** What went wrong, or null. */
    @Nullable String run(Coverage coverage) {
        String violation = schedule.run();
        coverage.add(schedule.steps(), fate);
        return violation;
    }

    Schedule schedule() {
        return schedule;
    }

    List<Thing> things() {
        return things;
    }

    ModelBroker broker() {
        return broker;
    }

    List<ModelClient> clients() {
        return clients;
    }

    Scenario scenario() {
        return scenario;
    }

    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    boolean has(Feature feature) {
        return scenario.has(feature);
    }

    Cell cell(Tenant tenant) {
        return new ModelCell(this, tenant, broker.memory(tenant));
    }

    long peek(Tenant tenant) {
        return broker.memory(tenant).load();
    }

    /** What the object's word says. */
    int value(Thing thing) {
        return Word.data(peek(thing.current())) & Word.VALUE;
    }

    boolean isCorrupt() {
        return things.stream().anyMatch(thing -> thing.corrupt);
    }

    /** How many signals have been given. */
    int signals() {
        return signals;
    }

    Fate fate() {
        return fate;
    }

    /** @param back to a place where it was before */
    void moved(Thing thing, boolean back) {
        fate.moves++;
        fate.returns += back ? 1 : 0;
        judge.wordSays(thing);
    }

    /** The broker found the word to be bad, or not what it left. */
    void brokerFound(Thing thing) {
        if (!thing.corrupt) {
            throw schedule.fail("the broker found a word that it did not write");
        }
    }

    /** A client latched the object as corrupted. */
    void condemned(ModelClient client, Thing thing) {
        if (!thing.corrupt) {
            throw schedule.fail("an innocent object was declared corrupt by client " + client.id);
        }
        fate.condemnations++;
    }

    void read(ModelCell cell, long word) {
        judge.mayTouch(cell);
        Actor me = broker.actsFor();
        Thing thing = cell.tenant().thing();
        if (thing != null && me.footprint.isFor(thing)) {
            boolean operable = (Word.flags(word) & CLAIMS) == 0
                    && cell.tenant().equals(thing.current())
                    && Word.isValid(cell.tenant().location().base(), word);
            Look look = new Look(word, operable, schedule.steps());
            me.footprint.see(thing, look);
            thing.ghost.looked(me, look);
        } else {
            me.footprint.looked = true;
        }
    }

    void wrote(ModelCell cell, long expected, long next) {
        Actor me = schedule.self();
        if (me.client == null) {
            broker.wrote(cell.tenant(), expected, next);
            return;
        }
        judge.mayTouch(cell);
        judge.mayWrite(cell, expected, next);
        if ((Word.flags(next) & Word.CORRUPTED) == 0) {
            operated(me, cell.tenant().owner(), expected, next);
        }
    }

    private void operated(Actor me, Thing thing, long expected, long next) {
        int before = Word.data(expected) & Word.VALUE;
        int after = Word.data(next) & Word.VALUE;
        if (me.footprint.isFor(thing)) {
            me.footprint.see(thing, new Look(expected, true, schedule.steps()));
        }
        thing.change(expected, next);
        me.footprint.write(thing, after - before);
        if (thing.value() < 0 || thing.value() > Word.VALUE) {
            throw schedule.fail("a value out of nothing");
        }
        if (after != before || me.footprint.released != null) {
            thing.ghost.changed(me, before, after);
            signals += me.footprint.released != null ? 1 : 0;
            me.footprint.owesWake = me.footprint.released != null && (Word.data(next) & Word.WAITERS) != 0;
            me.footprint.owesBroker |= me.footprint.released != null && (Word.flags(expected) & Word.WAKE_BROKER) != 0;
        }
        judge.wordSays(thing);
        if (thing.ghost instanceof Leased leased) {
            require(leased.overdrawn());
        }
    }

    void require(@Nullable String violation) {
        if (violation != null) {
            throw schedule.fail(violation);
        }
    }

    void stored(ModelCell cell, long word) {
        broker.stored(cell.tenant(), word);
    }

    void fallsAsleep(ModelCell cell, Half half) {
        judge.maySleep(cell);
        Thing thing = cell.tenant().thing();
        if (half == Half.DATA && thing != null) {
            thing.ghost.sleeps(schedule.self());
        }
        fate.sleeps++;
    }

    /** Wakes one who sleeps there, any of them. */
    boolean wakeOne(long address, Half half) {
        List<Actor.Bed> candidates = new ArrayList<>();
        for (Actor actor : schedule.actors) {
            if (actor.state != Actor.State.DEAD) {
                for (Actor.Bed bed : actor.beds) {
                    if (!bed.woken && bed.half == half && bed.cell.tenant().address() == address) {
                        candidates.add(bed);
                    }
                }
            }
        }
        if (candidates.isEmpty()) {
            return false;
        }
        candidates.get(schedule.random.nextInt(candidates.size())).woken = true;
        return true;
    }

    @Override
    public void happen() {
        fate.strike();
    }

    @Override
    public boolean quiet() {
        return judge.quiet();
    }
}
