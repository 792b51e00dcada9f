package io.hybridsync.object.model;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Watch;
import java.util.List;
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
        long word = memory.load();
        world.read(this, word);
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
    public Sleep await(Half half, int expected, Patience patience) {
        return awaitAny(List.of(new Watch(this, half, expected)), patience);
    }

    /** As the kernel does it: one futex after the other is compared, and queued on, and may be woken before the next is. */
    @Override
    public Sleep awaitAny(List<Watch> watches, Patience patience) {
        Schedule schedule = world.schedule();
        Actor me = schedule.self();
        for (Watch watch : watches) {
            schedule.step();
            if (patience.interruptible() && me.interruptPending && me.beds.isEmpty()) {
                return Sleep.INTERRUPTED;
            }
            ModelCell cell = (ModelCell) watch.cell();
            if (HeapSlab.half(cell.memory.load(), watch.half()) != watch.expected()) {
                schedule.trace(() -> "does not sleep on %s of %s".formatted(watch.half(), cell.tenant));
                return me.stayUp();
            }
            world.fallsAsleep(cell, watch.half());
            me.queue(cell, watch.half());
        }
        return sleep(me, watches, patience);
    }

    private Sleep sleep(Actor me, List<Watch> watches, Patience patience) {
        boolean timed = patience.deadlineNanos() == World.DEADLINE;
        if (timed && me.footprint.expired) {
            Sleep late = me.stayUp();
            return late == Sleep.WOKEN ? late : Sleep.TIMED_OUT;
        }
        me.lieDown(timed, !timed && patience.deadlineNanos() != FOREVER, patience.interruptible());
        me.interrupted = patience.interruptible() && me.interruptPending;
        world.schedule().trace(() -> "sleeps on " + watches.stream()
                .map(watch -> watch.half() + " of " + ((ModelCell) watch.cell()).tenant)
                .toList());
        world.schedule().sleep();
        me.footprint.sleep();
        Sleep why = me.getUp();
        me.footprint.expired |= timed && why == Sleep.TIMED_OUT;
        world.schedule().trace(() -> "%s".formatted(why));
        return why;
    }

    /** The same word, for the same tenant. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ModelCell cell && cell.tenant.equals(tenant);
    }

    @Override
    public int hashCode() {
        return tenant.hashCode();
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
