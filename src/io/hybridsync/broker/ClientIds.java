package io.hybridsync.broker;

import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Issues the ids of clients: increasing, so that none is met again soon, and never one that somebody may still go by.
 * Mutexes carry them in 30 bits.
 *
 * <p>Also over brokers: an id of somebody who has died may still be named somewhere, in a word, or among those who were
 * expelled. Who had the same one would be taken for him by the next broker. So before ids are issued it is written down that
 * they may be, some at a time. Where that has been lost, or all have been issued, what is met of the dead has to be told from
 * the living otherwise.
 */
final class ClientIds {

    /** The largest id. */
    static final int LAST = (1 << 30) - 1;

    /** How many ids in a row may be in use before the search is given up for now. */
    static final int TRIES = 1000;

    /** So many are written down together. */
    static final int RESERVE = 16;

    private final IntPredicate isInUse;
    private final IntConsumer reserve;
    private int last;
    private int reserved;
    private boolean wrapped;

    /**
     * @param isInUse whether a client goes by the id, of this broker or of one before it
     * @param last the id that was issued last, 0 for none
     * @param reserve writes down that ids up to one may have been issued
     */
    ClientIds(IntPredicate isInUse, int last, IntConsumer reserve) {
        this.isInUse = isInUse;
        this.last = last;
        this.reserved = last;
        this.reserve = reserve;
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
            if (last == LAST) {
                wrapped = true;
                reserved = last = 0;
            }
            last++;
            if (!isInUse.test(last)) {
                reserve();
                return OptionalInt.of(last);
            }
        }
        return OptionalInt.empty();
    }

    private void reserve() {
        if (last > reserved) {
            reserved = Math.min(LAST, last - 1 + RESERVE);
            reserve.accept(reserved);
        }
    }
}
