package io.hybridsync.broker;

import java.util.List;

/**
 * Where a broker stands in the line of those that its domain has had.
 *
 * @param incarnation its own number: greater than that of each before it
 * @param last the greatest that one before it can have had: as the lock file tells, or if that is new, any smaller one
 * @param heirs the clients of brokers before that live
 */
record Lineage(int incarnation, int last, List<Integer> heirs) {

    /** Keeps its own copy. */
    Lineage {
        heirs = List.copyOf(heirs);
    }

    /** Of a broker that has just taken its seat. */
    static Lineage at(Seat seat, long nowSeconds) {
        int last = seat.lastIncarnation();
        int incarnation = seat.nextIncarnation(nowSeconds);
        return new Lineage(incarnation, last > 0 ? last : incarnation - 1, seat.heirs());
    }

    /** Whether memory or an object with this id can be of a broker before. */
    boolean isOfBefore(long id) {
        return wasBefore(id >>> Integer.SIZE);
    }

    /** Whether there can have been a broker of that incarnation before. */
    boolean wasBefore(long made) {
        return made > 0 && made <= last;
    }
}
