package io.hybridsync.object.model;

import io.hybridsync.object.Ending;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.Result;
import java.util.List;

/** A wait for all of several objects: all are taken at once, or nothing is. */
final class AllAct extends Act {

    private final List<Thing> things;
    private final long deadline;

    AllAct(List<Thing> things, long deadline) {
        this.things = things;
        this.deadline = deadline;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        footprint.begin(Footprint.Intent.TAKE, false);
        things.forEach(thing -> footprint.want(thing, 1));
    }

    @Override
    void perform(Program program) throws InterruptedException {
        List<Boolean> mine = things.stream().map(thing -> program.depth(thing) > 0).toList();
        Result result = new MultiWait(things.stream().map(program::on).toList(), null, deadline, this, true).all();
        if (result.ending() == Ending.TIMED_OUT) {
            return;
        }
        for (int i = 0; i < things.size(); i++) {
            take(program, things.get(i), mine.get(i), result.ending() == Ending.ADOPTED && result.index() == i);
        }
    }

    private static void take(Program program, Thing thing, boolean again, boolean adopted) {
        if (thing.sort.isSemaphore()) {
            program.did(thing, -1);
        } else {
            program.did(thing);
        }
        if (thing.sort.isEvent()) {
            program.require(thing.ghost.passed(program.self()));
        }
        if (thing.ghost instanceof Section section) {
            if (!again) {
                program.require(section.enter(program.self(), adopted));
            }
            program.lock(thing);
        }
    }

    @Override
    public String toString() {
        return "ALL of " + things;
    }
}
