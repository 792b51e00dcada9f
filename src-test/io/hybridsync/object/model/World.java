package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run: a semaphore, its clients and the broker, what may happen to them, and what must hold at every step.
 *
 * <p>The permits are counted at the seam. Whatever clients' compare-and-sets put into words and took from them, wherever that
 * was, must be what the word of the object says; so a write to a place that the object has left shows as permits that are
 * lost, and one that a move copied too early as permits that are there twice.
 */
final class World implements Schedule.Environment {

    /** The deadline of all timed operations; it passes when the schedule says so. */
    static final long DEADLINE = 1;

    private static final long LARGEST_SUM = Integer.MAX_VALUE;

    private final Scenario scenario;
    private final Set<Flaw> flaws;
    private final Schedule schedule;
    private final ModelBroker broker;
    private final List<ModelClient> clients = new ArrayList<>();
    private final Judge judge;
    private final Fate fate;
    private final int maximum;

    private long sum;
    private boolean corrupt;
    private boolean ended;

    World(Scenario scenario, Set<Flaw> flaws, long seed) {
        this.scenario = scenario;
        this.flaws = flaws;
        SplittableRandom random = new SplittableRandom(seed);
        this.schedule = new Schedule(random, this);
        Script script = new Script(this, random);
        this.maximum = script.maximum();
        int permits = script.permits();
        this.sum = permits;
        this.broker = new ModelBroker(this, permits);
        this.judge = new Judge(this);
        this.fate = new Fate(this, random);
        script.write();
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

    ModelBroker broker() {
        return broker;
    }

    List<ModelClient> clients() {
        return clients;
    }

    Scenario scenario() {
        return scenario;
    }

    int maximum() {
        return maximum;
    }

    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    boolean has(Feature feature) {
        return scenario.has(feature);
    }

    boolean reuses() {
        return has(Feature.REUSE);
    }

    Cell cell(Tenant tenant) {
        return new ModelCell(this, tenant, broker.memory(tenant));
    }

    long peek(Tenant tenant) {
        return broker.memory(tenant).load();
    }

    boolean isCorrupt() {
        return corrupt;
    }

    boolean isEnded() {
        return ended;
    }

    /** What the word should say. */
    long sum() {
        return sum;
    }

    Fate fate() {
        return fate;
    }

    void ended() {
        ended = true;
    }

    void corrupted() {
        corrupt = true;
    }

    /** @param back to a place where it was before */
    void moved(boolean back) {
        fate.moves++;
        fate.returns += back ? 1 : 0;
        judge.wordSays();
    }

    /** The broker found the word to be bad, or not what it left. */
    void brokerFound() {
        if (!corrupt) {
            throw schedule.fail("the broker found a word that it did not write");
        }
    }

    /** A client latched the object as corrupted. */
    void condemned(ModelClient client) {
        if (!corrupt) {
            throw schedule.fail("an innocent object was declared corrupt by client " + client.id);
        }
        fate.condemnations++;
    }

    void read(ModelCell cell) {
        judge.mayTouch(cell);
        schedule.self().footprint.looked = true;
    }

    void wrote(ModelCell cell, long expected, long next) {
        Actor me = schedule.self();
        if (me.client == null) {
            broker.wrote(cell.tenant(), next);
            return;
        }
        judge.mayTouch(cell);
        judge.mayWrite(cell, expected, next);
        int change = (Word.data(next) & Word.VALUE) - (Word.data(expected) & Word.VALUE);
        if ((Word.flags(next) & Word.CORRUPTED) == 0) {
            sum += change;
            me.footprint.write(change);
            if (sum < 0 || sum > LARGEST_SUM) {
                throw schedule.fail("permits out of nothing");
            }
            judge.wordSays();
        }
    }

    void stored(ModelCell cell, long word) {
        broker.wrote(cell.tenant(), word);
    }

    void fallsAsleep(ModelCell cell) {
        judge.maySleep(cell);
        fate.sleeps++;
    }

    /** Wakes one who sleeps there, any of them. */
    boolean wakeOne(long address, Half half) {
        List<Actor> candidates = new ArrayList<>();
        for (Actor actor : schedule.actors) {
            ModelCell bed = actor.bed;
            if (bed != null && !actor.woken && actor.half == half && bed.tenant().address() == address
                    && actor.state == Actor.State.ASLEEP) {
                candidates.add(actor);
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
