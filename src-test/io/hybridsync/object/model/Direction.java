package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import java.util.List;
import java.util.SplittableRandom;

/** What each thread does in the runs where that is given: small ones, in which few schedules show what is sought. */
final class Direction {

    private final World world;
    private final SplittableRandom random;

    Direction(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** What the threads of a client do; there are two clients. */
    List<List<Act>> parts(int client) {
        Thing thing = world.things().getFirst();
        Thing other = world.things().getLast();
        boolean first = client == 0;
        return switch (world.scenario()) {
            case ROLLBACK -> first ? List.of(acquire(thing), acquire(thing)) : List.of(release(thing, 1));
            case MOVE_AND_CLOSE -> first
                    ? List.of(acquire(thing), acquire(thing))
                    : List.of(List.of(new PermitAct(thing, PermitAct.Kind.VALUE, 0)));
            case BRIM -> List.of(first ? acquire(thing) : brim(thing));
            case EITHER -> first
                    ? List.of(acquire(thing), acquire(other), List.of(new AnyAct(world.things(), null, Cell.FOREVER)))
                    : List.of(release(thing, 1), release(other, 1));
            case WITHHELD -> first
                    ? List.of(List.of(new AnyAct(List.of(other, thing), null, Cell.FOREVER)), acquire(thing))
                    : List.of(release(thing, 1));
            case TAKEN_BACK -> first
                    ? List.of(act(thing, EventAct.Kind.AWAIT), act(thing, EventAct.Kind.AWAIT))
                    : List.of(act(thing, EventAct.Kind.SET), act(thing, EventAct.Kind.RESET), act(thing, EventAct.Kind.SET));
            case SET_TWICE, MANUAL_SET_TWICE -> first
                    ? List.of(act(thing, EventAct.Kind.AWAIT), act(thing, EventAct.Kind.AWAIT))
                    : List.of(act(thing, EventAct.Kind.SET), act(thing, EventAct.Kind.SET));
            case BARGED -> first
                    ? List.of(List.of(new AllAct(world.things(), Cell.FOREVER)), acquire(thing))
                    : List.of(release(thing, 1), release(other, 1), List.of(new PermitAct(other, PermitAct.Kind.TRY, 1)));
            default -> throw new AssertionError(world.scenario() + " is not directed");
        };
    }

    private List<Act> acquire(Thing thing) {
        boolean timed = world.has(Feature.TIMEOUTS) && random.nextBoolean();
        return List.of(new PermitAct(thing, timed ? PermitAct.Kind.ACQUIRE_TIMED : PermitAct.Kind.ACQUIRE, 1));
    }

    private static List<Act> release(Thing thing, int permits) {
        return List.of(new PermitAct(thing, PermitAct.Kind.RELEASE, permits));
    }

    private static List<Act> brim(Thing thing) {
        return List.of(
                new PermitAct(thing, PermitAct.Kind.RELEASE, 0),
                new PermitAct(thing, PermitAct.Kind.RELEASE, Integer.MAX_VALUE));
    }

    private static List<Act> act(Thing thing, EventAct.Kind kind) {
        return List.of(new EventAct(thing, kind));
    }
}
