package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Watch;
import java.util.List;
import java.util.concurrent.Callable;

/** A word, as it is seen by the operation that is about to replace it, or not. */
public class Midway extends Cell {

    private final Callable<Boolean> replaced;

    /** @param replaced what happens then, and whether it is replaced */
    Midway(Callable<Boolean> replaced) {
        this.replaced = replaced;
    }

    /**
     * Acquires a permit of a leased semaphore.
     *
     * @param replaced what happens while that is under way, and whether it succeeds
     */
    public static boolean acquire(Lease lease, Callable<Boolean> replaced) {
        return lease.replace(new Midway(replaced), 0, 0, 1) == Lease.Outcome.DONE;
    }

    @Override
    public long load() {
        return 0;
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        try {
            return replaced.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void store(long word) {}

    @Override
    public Sleep await(Half half, int expected, Patience patience) {
        throw new AssertionError("nobody sleeps");
    }

    @Override
    public Sleep awaitAny(List<Watch> watches, Patience patience) {
        throw new AssertionError("nobody sleeps");
    }

    @Override
    public int wake(Half half, int count) {
        throw new AssertionError("nobody wakes");
    }
}
