package io.hybridsync.broker;

import io.hybridsync.wire.Spec;
import java.util.function.IntPredicate;

/**
 * Looks at shared memory in the background, for what nobody else may look at soon: a word that is bad while all sleep on it,
 * a mutex whose owner nobody is, free places and the gaps between words. Each round is short, and goes on where the one
 * before it ended.
 *
 * <pre>
 *   what is there                      what it means, and what is done
 *   --------------------------------   ---------------------------------------------------------------------
 *   a word that does not verify, is    somebody wrote to it: it is condemned, which wakes all who sleep there
 *   marked, makes a claim, or has a
 *   value that no operation leads to
 *   an owner that was never a client   the same
 *   an owner that does not have it     it has gone, or was never meant: the mutex is abandoned
 *   open
 *   no poison where nobody's word is   somebody wrote there: logged, and the place is not used again
 * </pre>
 *
 * <p>In memory that a broker before has made places count that were poisoned when this one took over: at others there may be
 * tombstones, and what that broker had begun.
 *
 * <p>Which ids were clients' the broker knows: those that it has issued, and what words named as owners when it took over,
 * for the broker before may have issued more than there are left to tell of.
 *
 * <p>A mutex whose move is due is left alone: {@link Abandonments} comes to it when it has moved.
 */
final class Patrol {

    private static final int OBJECTS_PER_ROUND = 2000;
    private static final int WORDS_PER_ROUND = 1 << 13;

    private final Catalog catalog;
    private final Groups groups;
    private final Abandonments abandonments;
    private final IntPredicate isIssued;
    private long last;

    /** @param isIssued whether an id is, or was, a client's */
    Patrol(Catalog catalog, Groups groups, Abandonments abandonments, IntPredicate isIssued) {
        this.catalog = catalog;
        this.groups = groups;
        this.abandonments = abandonments;
        this.isIssued = isIssued;
    }

    /** Looks at a part of everything. */
    void round() {
        for (int i = 0; i < OBJECTS_PER_ROUND; i++) {
            SharedObject next = catalog.after(last);
            if (next == null) {
                last = 0;
                break;
            }
            last = next.id();
            look(next);
        }
        groups.patrol(WORDS_PER_ROUND);
    }

    /** To ask whether a word is corrupted is to verify it, of whatever kind it is. */
    private void look(SharedObject object) {
        if (object.isCorrupted()) {
            return;
        }
        int owner = Abandonments.owner(object);
        if (owner != 0 && !isIssued.test(owner)) {
            object.condemn();
        } else if (owner != 0 && !object.holders().contains(owner) && isSettled(object)) {
            abandonments.moved(object);
        }
    }

    private static boolean isSettled(SharedObject object) {
        return object.spec().has(Spec.GLOBAL)
                || object.isAtBroker()
                || object.group().memberSet().equals(object.holders());
    }
}
