package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Sleep;
import java.util.concurrent.locks.LockSupport;

/**
 * The seam: a cell of which every operation is a step of the schedule, so that others may run, or its client may be killed,
 * before it. It tells the world what it saw.
 */
final class ModelCell extends Cell {

    private final World world;
    private final Tenant tenant;
    private final Cell memory;

    ModelCell(World world, Tenant tenant, Cell memory) {
        this.world = world;
        this.tenant = tenant;
        this.memory = memory;
    }

    /** For whom the holder of this cell believes the place to be. */
    Tenant tenant() {
        return tenant;
    }

    @Override
    public long load() {
        world.schedule().step();
        world.read(this);
        long word = memory.load();
        world.schedule().trace(() -> "load %s = %016x".formatted(tenant, word));
        return word;
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        world.schedule().step();
        boolean done = memory.compareAndSet(expected, next);
        world.schedule().trace(() -> "cas  %s %016x -> %016x %s".formatted(tenant, expected, next, done));
        if (done) {
            world.wrote(this, expected, next);
        }
        return done;
    }

    @Override
    public void store(long word) {
        world.schedule().step();
        memory.store(word);
        world.schedule().trace(() -> "store %s %016x".formatted(tenant, word));
        world.stored(this, word);
    }

    @Override
    public Sleep await(Half half, int expected, long deadlineNanos, boolean interruptible) {
        Schedule schedule = world.schedule();
        schedule.step();
        Actor me = schedule.self();
        if (interruptible && me.interruptPending) {
            return Sleep.INTERRUPTED;
        }
        if (HeapSlab.half(memory.load(), half) != expected) {
            return Sleep.CHANGED;
        }
        boolean timed = deadlineNanos == World.DEADLINE;
        world.fallsAsleep(this);
        schedule.trace(() -> "sleeps on %s of %s".formatted(half, tenant));
        me.lieDown(this, half, timed, !timed && deadlineNanos != FOREVER, interruptible);
        schedule.sleep();
        me.footprint.looked = false;
        Sleep why = me.getUp();
        schedule.trace(() -> "%s".formatted(why));
        return why;
    }

    /** A wake of nobody is a step and nothing else. */
    @Override
    public int wake(Half half, int count) {
        world.schedule().step();
        LockSupport.unpark(Thread.currentThread());
        int woken = 0;
        while (woken < count && world.wakeOne(tenant.address(), half)) {
            woken++;
        }
        int found = woken;
        world.schedule().trace(() -> "wake %s of %s: %d".formatted(half, tenant, found));
        return found;
    }
}
