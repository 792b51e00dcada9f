package io.hybridsync.object.model;

import io.hybridsync.object.Ledger;
import io.hybridsync.slab.SleeplessCell;
import java.util.concurrent.atomic.AtomicLong;

/** The seam of a ledger: the word of one entry, of which every operation is a step of the schedule. */
final class LedgerCell extends SleeplessCell {

    private final World world;
    private final String name;
    private final AtomicLong memory = new AtomicLong();
    private boolean over;

    LedgerCell(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** Whether somebody is in the middle of an operation; no step. */
    boolean isUnderWay() {
        return (int) memory.get() != 0;
    }

    /** It may be another object's from now on. */
    void end() {
        over = true;
    }

    private void mayWrite() {
        if (over) {
            throw world.schedule().fail("a ledger was written to that has ended");
        }
    }

    @Override
    public long load() {
        world.schedule().step();
        long word = memory.get();
        world.schedule().trace(() -> "load %s = %d, %d under way".formatted(name, Ledger.held(word), (int) word));
        return word;
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        world.schedule().step();
        mayWrite();
        boolean done = memory.compareAndSet(expected, next);
        world.schedule().trace(() -> "cas  %s to %d, %d %s".formatted(name, Ledger.held(next), (int) next, done));
        return done;
    }

    @Override
    public void store(long word) {
        world.schedule().step();
        mayWrite();
        memory.set(word);
        world.schedule().trace(() -> "store %s to %d, %d".formatted(name, Ledger.held(word), (int) word));
    }
}
