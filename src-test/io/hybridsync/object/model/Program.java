package io.hybridsync.object.model;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Handle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one thread does. */
final class Program {

    final List<Act> acts = new ArrayList<>();
    private final World world;
    private final ModelClient client;
    private final int handle;
    private final Map<Thing, Integer> held = new HashMap<>();
    private final Map<Thing, Integer> depths = new HashMap<>();
    private final Map<Thing, Integer> expected = new HashMap<>();
    private boolean over;

    /** @param handle through which of the client's handles */
    Program(World world, ModelClient client, int handle) {
        this.world = world;
        this.client = client;
        this.handle = handle;
    }

    void run() {
        world.schedule().await(client::isOpen);
        for (Act act : acts) {
            if (!over) {
                run(act);
            }
        }
        depths.keySet().forEach(this::abandon);
    }

    /** Looks at an object that is corrupted, as the last. */
    void probe(Thing thing) {
        run(new PermitAct(thing, PermitAct.Kind.VALUE, 0));
        run(new PermitAct(thing, PermitAct.Kind.TRY, 1));
        if (!over) {
            throw world.schedule().fail("an operation on a corrupted word succeeded");
        }
    }

    private void run(Act act) {
        Footprint footprint = self().footprint;
        footprint.end();
        expected.clear();
        act.announce(this, footprint);
        try {
            act.perform(this);
        } catch (InterruptedException e) {
            self().interruptPending = false;
            left();
        } catch (CorruptedObjectException e) {
            over = true;
            if (!world.isCorrupt()) {
                throw world.schedule().fail("an innocent object was declared corrupt");
            }
        } catch (ObjectClosedException e) {
            over = true;
        } catch (BrokerUnavailableException e) {
            over = !world.has(Feature.CLAIMS);
        }
        check(act, footprint);
        footprint.end();
    }

    private void check(Act act, Footprint footprint) {
        for (Thing thing : world.things()) {
            int says = expected.getOrDefault(thing, 0);
            if (footprint.given(thing) != says) {
                throw world.schedule().fail(act + " says " + says + " and did " + footprint.given(thing));
            }
            held.merge(thing, -says, Integer::sum);
            if (says < 0 && thing.ghost instanceof Leased leased) {
                leased.gained(client, -says);
            }
        }
        if (footprint.owesBroker && !over) {
            throw world.schedule().fail("the broker was not told of a signal");
        }
    }

    World world() {
        return world;
    }

    ModelClient client() {
        return client;
    }

    Actor self() {
        return world.schedule().self();
    }

    Handle on(Thing thing) {
        return client.holding(thing).handles.get(handle);
    }

    /** The client's other handle, for what is named again. */
    Handle onAlso(Thing thing) {
        self().footprint.vigil(thing).namedAgain();
        return client.holding(thing).handles.get(1 - handle);
    }

    /** The operation says that it changed the value by that much. */
    void did(Thing thing, int change) {
        expected.put(thing, change);
    }

    /** The operation says that it changed the value, as the cells have seen. */
    void did(Thing thing) {
        did(thing, (int) self().footprint.given(thing));
    }

    /** How many permits it has taken and not given back. */
    int held(Thing thing) {
        return held.getOrDefault(thing, 0);
    }

    /** How often it has locked a mutex and not unlocked. */
    int depth(Thing thing) {
        return depths.getOrDefault(thing, 0);
    }

    void lock(Thing thing) {
        depths.merge(thing, 1, Integer::sum);
    }

    /** True for the last time. */
    boolean unlock(Thing thing) {
        return depths.merge(thing, -1, Integer::sum) == 0;
    }

    private void abandon(Thing thing) {
        if (depth(thing) > 0 && thing.ghost instanceof Section section) {
            section.abandon();
        }
    }

    /** A wait has ended without anything. */
    void left() {
        Actor me = self();
        if (!me.footprint.looked) {
            throw world.schedule().fail("a time-out was reported without another look");
        }
        for (Thing thing : world.things()) {
            if (me.footprint.isFor(thing)) {
                require(thing.ghost.left(me));
            }
        }
    }

    void require(@Nullable String violation) {
        if (violation != null) {
            throw world.schedule().fail(violation);
        }
    }
}
