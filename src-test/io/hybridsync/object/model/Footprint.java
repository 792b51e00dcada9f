package io.hybridsync.object.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the present operation of an actor wants, and what it has done to words and seen of them, as the cells saw it. */
final class Footprint {

    /** What an operation is about. */
    enum Intent {
        /** It takes something, or waits for it. */
        TAKE,
        /** It sets an event. */
        SET,
        /** It pulses an event. */
        PULSE,
        OTHER
    }

    /** Successful compare-and-sets. */
    int writes;

    /** The object whose word a compare-and-set has released: it may be nobody's. */
    @Nullable Thing released;

    /** Whether a word was read after the latest sleep. */
    boolean looked;

    /** Somebody has to be woken, and WAITERS is still there. */
    boolean owesWake;

    /** The deadline has passed. */
    boolean expired;

    /** The broker has to be told of a signal. */
    boolean owesBroker;

    private Intent intent = Intent.OTHER;
    private boolean releasing;
    private final Map<Thing, Integer> wanted = new HashMap<>();
    private final Map<Thing, Long> given = new HashMap<>();
    private final Map<Thing, Integer> changes = new HashMap<>();
    private final Map<Thing, List<Look>> looks = new HashMap<>();
    private final Map<Thing, Pulses.Vigil> vigils = new HashMap<>();

    void begin(Intent what, boolean isRelease) {
        end();
        intent = what;
        releasing = isRelease;
    }

    /** The operation waits for that many. */
    void want(Thing thing, int permits) {
        wanted.put(thing, permits);
    }

    void end() {
        intent = Intent.OTHER;
        releasing = false;
        writes = 0;
        released = null;
        looked = false;
        owesWake = false;
        expired = false;
        owesBroker = false;
        wanted.clear();
        given.clear();
        changes.clear();
        looks.clear();
        vigils.clear();
    }

    Intent intent() {
        return intent;
    }

    boolean isFor(Thing thing) {
        return wanted.containsKey(thing);
    }

    int wanted(Thing thing) {
        return wanted.getOrDefault(thing, 0);
    }

    /** What the operation's compare-and-sets have put into words of the object, less what they took. */
    long given(Thing thing) {
        return given.getOrDefault(thing, 0L);
    }

    /** How many compare-and-sets of the operation were more than a notice that somebody waits. */
    int changes(Thing thing) {
        return changes.getOrDefault(thing, 0);
    }

    /** The latest look at the object since the latest sleep and before that step. */
    @Nullable Look look(Thing thing, int before) {
        Look latest = null;
        for (Look look : looks.getOrDefault(thing, List.of())) {
            latest = look.at() < before ? look : latest;
        }
        return latest;
    }

    Pulses.Vigil vigil(Thing thing) {
        return vigils.computeIfAbsent(thing, ignored -> new Pulses.Vigil());
    }

    void see(Thing thing, Look look) {
        looked = true;
        looks.computeIfAbsent(thing, ignored -> new ArrayList<>()).add(look);
    }

    void sleep() {
        looked = false;
        looks.clear();
    }

    /** The broker did it for the actor. */
    void give(Thing thing, int change) {
        given.merge(thing, (long) change, Long::sum);
    }

    /** @param change of the value */
    void write(Thing thing, int change) {
        given.merge(thing, (long) change, Long::sum);
        writes++;
        if (releasing) {
            released = thing;
        }
        if (releasing || change != 0) {
            changes.merge(thing, 1, Integer::sum);
        }
    }
}
