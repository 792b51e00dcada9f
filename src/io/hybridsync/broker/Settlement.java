package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slot;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Gives back the permits of a leased semaphore that those held who have gone: nobody asks what that was. What those who are
 * left do not hold is free.
 *
 * <pre>
 *   step                                                what the word says       if the broker dies here
 *   -------------------------------------------------   ----------------------   ----------------------------
 *   1. lock                                             LOCKED, permits          the next one unlocks it as it
 *   2. read the ledgers of all who are left             LOCKED, permits          is, and settles it again
 *   3. nothing under way: unlock, wake all              total less what is held  -
 *      something is, after a moment too: unlock, later  permits                  -
 * </pre>
 *
 * <p>Who was faster than the lock has said before that he is under way, so step 2 sees it, or what came of it. Who comes
 * later finds the lock, changes nothing and does not stay under way. Read before the lock, the ledgers would be older than
 * the word. A client that is stopped in the middle of an operation keeps this from being done until it goes on, or is dead;
 * it must not keep the others from the word meanwhile, so the lock is given up.
 */
public final class Settlement {

    /** In place of what a client holds: it cannot be said now. */
    public static final long UNDER_WAY = Long.MIN_VALUE;

    /** What became of it. */
    public enum Result {
        /** What is not held is free. */
        DONE,
        /** Somebody is in the middle of an operation: nothing has changed. */
        UNSETTLED,
        /** Others write to the word without a pause: nothing has changed. */
        BUSY,
        /** The word is not the library's. */
        CORRUPTED,
        /** There are not so many permits as the ledgers say are held: nothing has changed. */
        OVERDRAWN
    }

    /** One client that is left. */
    @FunctionalInterface
    public interface Holder {

        /** How many permits it holds, or {@link #UNDER_WAY}. */
        long held();
    }

    private final Slot slot;
    private final Step lock;
    private final int total;
    private final List<? extends Holder> holders;
    private final BooleanSupplier patience;

    /**
     * A settlement that has not been made.
     *
     * @param slot where the word is
     * @param total how many permits there are, held and free
     * @param holders all who may hold some
     * @param patience asked each time when the holder that was asked last is under way: false when that has been waited for
     *     long enough
     */
    public Settlement(Slot slot, int total, List<? extends Holder> holders, BooleanSupplier patience) {
        this.slot = slot;
        this.lock = new Step(slot, Rule.LOOK, 0, total);
        this.total = total;
        this.holders = holders;
        this.patience = patience;
    }

    /** Settles, once. */
    public Result run() {
        return switch (lock.lockOrSubscribe()) {
            case DONE -> settle();
            case BUSY -> Result.BUSY;
            case REFUSED, UNTOLD, CORRUPTED -> Result.CORRUPTED;
        };
    }

    private Result settle() {
        long held = heldOrUnlock();
        if (held == UNDER_WAY || held < 0 || held > total) {
            boolean unlocked = lock.unlock();
            return !unlocked ? Result.CORRUPTED : held == UNDER_WAY ? Result.UNSETTLED : Result.OVERDRAWN;
        }
        boolean settled = lock.commit(total - (int) held);
        slot.cell().wake(Half.DATA, Cell.ALL);
        return settled ? Result.DONE : Result.CORRUPTED;
    }

    /** What fails in the asking must not leave a lock behind that nobody would take away. After an Error the next broker does. */
    private long heldOrUnlock() {
        try {
            return held();
        } catch (RuntimeException e) {
            boolean _ = lock.unlock();
            throw e;
        }
    }

    /**
     * All of them together; negative, but not {@link #UNDER_WAY}, if one holds less than nothing. Who has said it is not asked
     * again: under the lock it does not change.
     */
    private long held() {
        long sum = 0;
        boolean overdrawn = false;
        for (Holder holder : holders) {
            long held = holder.held();
            while (held == UNDER_WAY && patience.getAsBoolean()) {
                held = holder.held();
            }
            if (held == UNDER_WAY) {
                return UNDER_WAY;
            }
            overdrawn |= held < 0;
            sum += held;
        }
        return overdrawn ? -1 : sum;
    }
}
