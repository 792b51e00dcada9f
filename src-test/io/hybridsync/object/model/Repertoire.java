package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes up what a thread does, from what the scenario allows with objects of each kind. */
final class Repertoire {

    private final World world;
    private final SplittableRandom random;

    Repertoire(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** One of them; no dice are thrown for one alone. */
    <T> T any(List<T> some) {
        return some.get(some.size() == 1 ? 0 : random.nextInt(some.size()));
    }

    void fill(List<Act> acts) {
        if (!world.has(Feature.BRIEF) && random.nextInt(3) == 0) {
            warmUp(any(world.things()), acts);
        }
        int rounds = world.has(Feature.BRIEF) ? 1 : 1 + random.nextInt(4);
        for (int i = 0; i < rounds; i++) {
            add(acts);
        }
    }

    /** The same steps over and over, until the client has learned them. */
    private static void warmUp(Thing thing, List<Act> acts) {
        for (int i = 0; i < 3 && thing.sort.isSemaphore(); i++) {
            acts.add(new PermitAct(thing, PermitAct.Kind.TRY, 1));
            acts.add(new PermitAct(thing, PermitAct.Kind.GIVE_BACK, 0));
        }
    }

    private void add(List<Act> acts) {
        Thing thing = any(world.things());
        if (world.has(Feature.ALL) && random.nextInt(3) == 0) {
            addAll(acts);
        } else if (world.has(Feature.ANY) && random.nextInt(5) < 2) {
            addAny(acts);
        } else if (thing.sort.isSemaphore()) {
            addPermits(thing, acts);
        } else if (thing.sort.isEvent()) {
            acts.add(new EventAct(thing, eventKind()));
        } else {
            addSection(thing, acts);
        }
    }

    private void addPermits(Thing thing, List<Act> acts) {
        if (world.has(Feature.PRODUCERS) && random.nextInt(2) == 0) {
            acts.add(new PermitAct(thing, PermitAct.Kind.RELEASE, random.nextInt(8) == 0 ? 0 : permitsOfOne(thing)));
        } else {
            acts.add(new PermitAct(thing, taking(), permitsOfOne(thing)));
            giveBack(thing, acts);
        }
    }

    private void giveBack(Thing thing, List<Act> acts) {
        if (thing.sort.isSemaphore() && !world.has(Feature.BRIEF) && random.nextInt(4) != 0) {
            acts.add(new PermitAct(thing, PermitAct.Kind.GIVE_BACK, 0));
        }
    }

    private int permitsOfOne(Thing thing) {
        return world.has(Feature.BULK) && (thing.sort == Sort.COUNTED || thing.sort == Sort.LEASED) ? 1 + random.nextInt(2) : 1;
    }

    private PermitAct.Kind taking() {
        return switch (random.nextInt(9)) {
            case 0 -> PermitAct.Kind.TRY;
            case 1 -> random.nextBoolean() ? PermitAct.Kind.VALUE : PermitAct.Kind.DRAIN;
            case 2, 3 -> world.has(Feature.TIMEOUTS) ? PermitAct.Kind.ACQUIRE_TIMED : PermitAct.Kind.ACQUIRE;
            case 4 -> PermitAct.Kind.ACQUIRE_UNINTERRUPTIBLY;
            default -> PermitAct.Kind.ACQUIRE;
        };
    }

    private EventAct.Kind eventKind() {
        return switch (random.nextInt(14)) {
            case 0, 1 -> EventAct.Kind.SET;
            case 2 -> world.has(Feature.RESETS) ? EventAct.Kind.RESET : EventAct.Kind.PULSE;
            case 3, 4, 5 -> EventAct.Kind.PULSE;
            case 6 -> EventAct.Kind.TRY;
            case 7 -> EventAct.Kind.AWAIT_UNINTERRUPTIBLY;
            case 8, 9 -> world.has(Feature.TIMEOUTS) ? EventAct.Kind.AWAIT_TIMED : EventAct.Kind.AWAIT;
            default -> EventAct.Kind.AWAIT;
        };
    }

    private List<Thing> shuffled() {
        List<Thing> things = new ArrayList<>(world.things());
        for (int i = things.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Thing thing = things.get(other);
            things.set(other, things.get(i));
            things.set(i, thing);
        }
        return things;
    }

    private void addAll(List<Act> acts) {
        acts.add(new AllAct(shuffled(), deadline()));
        returnAll(acts);
    }

    private void addAny(List<Act> acts) {
        List<Thing> things = shuffled();
        if (random.nextInt(8) == 0) {
            things.add(things.getFirst());
        }
        Thing alert = things.getLast().sort.isEvent() && random.nextInt(4) == 0 ? things.removeLast() : null;
        acts.add(new AnyAct(things, alert, deadline()));
        returnAll(acts);
    }

    private void returnAll(List<Act> acts) {
        for (Thing thing : world.things()) {
            giveBack(thing, acts);
            if (thing.sort.isMutex()) {
                unlock(thing, acts);
            }
        }
    }

    private long deadline() {
        boolean timed = world.has(Feature.TIMEOUTS) && random.nextInt(4) == 0;
        return timed ? random.nextInt(4) == 0 ? World.PAST : World.DEADLINE : Cell.FOREVER;
    }

    /** Locks it, perhaps again, and unlocks it, unless the thread is going to end. */
    private void addSection(Thing thing, List<Act> acts) {
        acts.add(new MutexAct(thing, locking()));
        if (random.nextInt(3) == 0) {
            acts.add(new MutexAct(thing, MutexAct.Kind.RECOVER));
        }
        if (random.nextInt(4) == 0) {
            acts.add(new MutexAct(thing, MutexAct.Kind.TRY));
        }
        if (!world.has(Feature.ENDS) || random.nextInt(4) != 0) {
            unlock(thing, acts);
        }
    }

    private static void unlock(Thing thing, List<Act> acts) {
        for (int i = 0; i < 3; i++) {
            acts.add(new MutexAct(thing, MutexAct.Kind.UNLOCK));
        }
    }

    private MutexAct.Kind locking() {
        return switch (random.nextInt(8)) {
            case 0 -> MutexAct.Kind.TRY;
            case 1 -> MutexAct.Kind.LOCK_UNINTERRUPTIBLY;
            case 2, 3 -> world.has(Feature.TIMEOUTS) ? MutexAct.Kind.LOCK_TIMED : MutexAct.Kind.LOCK;
            default -> MutexAct.Kind.LOCK;
        };
    }
}
