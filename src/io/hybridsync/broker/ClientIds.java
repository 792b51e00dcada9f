package io.hybridsync.broker;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Issues the ids of clients: increasing, so that none is met again soon, and never one that somebody may still go by.
 * Mutexes carry them in 30 bits.
 */
final class ClientIds {

    /** The largest id. */
    static final int LAST = (1 << 30) - 1;

    /** How many ids in a row may be in use before the search is given up for now. */
    static final int TRIES = 1000;

    private final IntPredicate isInUse;
    private int last;
    private boolean wrapped;

    /**
     * @param isInUse whether a client goes by the id, of this broker or of one before it
     * @param last the id that was issued last, 0 for none
     */
    ClientIds(IntPredicate isInUse, int last) {
        this.isInUse = isInUse;
        this.last = last;
    }

    /** Whether a client goes, or went, by the id. */
    boolean isIssued(int id) {
        return wrapped || id <= last || isInUse.test(id);
    }

    /** A word names the id, which a broker before must have issued: the next ones come behind it. */
    void found(int id) {
        last = Math.max(last, id);
    }

    /**
     * The next id; empty when none of the next {@value #TRIES} is free. Any client can make ids look taken, by locks on
     * bytes that are not its own: that must not keep the broker busy.
     */
    OptionalInt next() {
        for (int tries = 0; tries < TRIES; tries++) {
            wrapped |= last == LAST;
            last = last == LAST ? 1 : last + 1;
            if (!isInUse.test(last)) {
                return OptionalInt.of(last);
            }
        }
        return OptionalInt.empty();
    }
}
