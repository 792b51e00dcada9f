package io.hybridsync.object;

import io.hybridsync.slab.SleeplessCell;
import java.util.concurrent.Callable;

/** A word, as it is seen by the operation that is about to replace it, or not. */
public class Midway extends SleeplessCell {

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
}
