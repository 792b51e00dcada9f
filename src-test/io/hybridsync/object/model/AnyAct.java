package io.hybridsync.object.model;

import io.hybridsync.object.Ending;
import io.hybridsync.object.Handle;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wait for any of several objects; exactly the lowest in the list that is there is taken. */
final class AnyAct extends Act {

    private final List<Thing> things;
    private final @Nullable Thing alert;
    private final long deadline;

    AnyAct(List<Thing> things, @Nullable Thing alert, long deadline) {
        this.things = things;
        this.alert = alert;
        this.deadline = deadline;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        footprint.begin(Footprint.Intent.TAKE, false);
        things.forEach(thing -> footprint.want(thing, 1));
        if (alert != null) {
            footprint.want(alert, 1);
        }
    }

    @Override
    void perform(Program program) throws InterruptedException {
        List<Handle> handles = handles(program);
        List<Boolean> mine = things.stream().map(thing -> program.depth(thing) > 0).toList();
        Handle alarm = alert == null ? null : program.on(alert);
        Result result = new MultiWait(handles, alarm, deadline, this, true).any();
        switch (result.ending()) {
            case TAKEN, ADOPTED -> {
                requireLowest(program, result.index(), things.get(result.index()), mine);
                take(program, things.get(result.index()), mine.get(result.index()), result.ending() == Ending.ADOPTED);
            }
            case ALERTED -> {
                requireLowest(program, things.size(), alert, mine);
                pass(program, alert);
            }
            case TIMED_OUT -> program.left();
            case ENDED -> throw program.world().schedule().fail("ended although a multi-wait adopts");
        }
    }

    /** What is named twice is named through both handles. */
    private List<Handle> handles(Program program) {
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            Thing thing = things.get(i);
            handles.add(things.indexOf(thing) == i ? program.on(thing) : program.onAlso(thing));
        }
        return handles;
    }

    /** What comes before it in the list was looked at before it, in this order, and was not there. */
    private void requireLowest(Program program, int index, @Nullable Thing taken, List<Boolean> mine) {
        Actor me = program.self();
        boolean own = index < things.size() && mine.get(index);
        Look last = taken == null || own ? null : me.footprint.look(taken, Integer.MAX_VALUE);
        int before = last == null ? Integer.MAX_VALUE : last.at();
        int at = 0;
        for (int i = 0; i < index; i++) {
            Thing lower = things.get(i);
            Look look = me.footprint.look(lower, before);
            if (mine.get(i) || look == null || !look.operable() || lower.ghost.isThere(me, look.value()) || look.at() < at) {
                throw program.world().schedule().fail("not the first that was there: " + lower + ", " + look);
            }
            at = things.indexOf(lower) == i ? look.at() : at;
        }
        for (Thing other : program.world().things()) {
            if (other != taken && me.footprint.changes(other) != 0) {
                throw program.world().schedule().fail("more than one was taken");
            }
        }
    }

    private void take(Program program, Thing taken, boolean again, boolean adopted) {
        if (taken.sort.isSemaphore()) {
            program.did(taken, -1);
        } else if (taken.sort.isEvent()) {
            pass(program, taken);
        } else {
            if (!again) {
                program.did(taken);
                program.require(((Section) taken.ghost).enter(program.self(), adopted));
            }
            program.lock(taken);
        }
    }

    private static void pass(Program program, @Nullable Thing event) {
        if (event == null) {
            throw program.world().schedule().fail("alerted by nothing");
        }
        program.did(event);
        program.require(event.ghost.passed(program.self()));
    }

    @Override
    public String toString() {
        return "ANY of " + things;
    }
}
