package io.hybridsync.object.model;

import static io.hybridsync.object.model.Feature.ALL;
import static io.hybridsync.object.model.Feature.ANY;
import static io.hybridsync.object.model.Feature.BRIEF;
import static io.hybridsync.object.model.Feature.BULK;
import static io.hybridsync.object.model.Feature.CLAIMS;
import static io.hybridsync.object.model.Feature.CLOSES;
import static io.hybridsync.object.model.Feature.CORRUPTION;
import static io.hybridsync.object.model.Feature.ENDS;
import static io.hybridsync.object.model.Feature.FREEZES;
import static io.hybridsync.object.model.Feature.INTERRUPTS;
import static io.hybridsync.object.model.Feature.KILLS;
import static io.hybridsync.object.model.Feature.MOVES;
import static io.hybridsync.object.model.Feature.PRODUCERS;
import static io.hybridsync.object.model.Feature.RESETS;
import static io.hybridsync.object.model.Feature.RETURNS;
import static io.hybridsync.object.model.Feature.REUSE;
import static io.hybridsync.object.model.Feature.ROLLBACKS;
import static io.hybridsync.object.model.Feature.SPURIOUS;
import static io.hybridsync.object.model.Feature.STOPS;
import static io.hybridsync.object.model.Feature.SUBSCRIPTION;
import static io.hybridsync.object.model.Feature.TIMEOUTS;
import static io.hybridsync.object.model.Sort.ADOPTING;
import static io.hybridsync.object.model.Sort.AUTO;
import static io.hybridsync.object.model.Sort.BINARY;
import static io.hybridsync.object.model.Sort.COUNTED;
import static io.hybridsync.object.model.Sort.LEASED;
import static io.hybridsync.object.model.Sort.MANUAL;
import static io.hybridsync.object.model.Sort.REFUSING;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Kinds of runs: which objects take part, and what may happen. A seed decides who does what, and when. */
enum Scenario {
    /** Two or three clients hand one permit to each other. */
    HANDOFF(List.of(BINARY), PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS),
    /** Without anything that would hide a lost wake-up. */
    PLAIN_HANDOFF(List.of(BINARY), PRODUCERS),
    BRIEF_HANDOFF(List.of(BINARY), BRIEF, PRODUCERS),
    BULK_HANDOFF(List.of(COUNTED), BULK, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS),
    DEATH(List.of(BINARY), PRODUCERS, TIMEOUTS, KILLS),
    MOVE(List.of(BINARY), PRODUCERS, TIMEOUTS, INTERRUPTS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    /** Two waiters, a releaser, and the word is locked and unlocked again. */
    ROLLBACK(List.of(BINARY), BRIEF, PRODUCERS, TIMEOUTS, INTERRUPTS, ROLLBACKS),
    BULK_MOVE(List.of(COUNTED), BULK, PRODUCERS, MOVES, ROLLBACKS, REUSE),
    CLOSE(List.of(BINARY), PRODUCERS, TIMEOUTS, CLOSES, REUSE),
    /** Two waiters follow two moves, and are closed. */
    MOVE_AND_CLOSE(List.of(BINARY), BRIEF, MOVES, CLOSES, REUSE),
    CORRUPT(List.of(COUNTED), PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, CORRUPTION),
    CORRUPT_AND_CLOSE(List.of(COUNTED), BRIEF, PRODUCERS, BULK, CORRUPTION, CLOSES, REUSE),
    /** Two clients; the word goes back and forth between places, and they come to an end. */
    BACK_AND_FORTH(List.of(BINARY), PRODUCERS, TIMEOUTS, KILLS, MOVES, ROLLBACKS, RETURNS, CLOSES),
    /** A waiter, a releaser of all the permits that fit in a word, and a move. */
    BRIM(List.of(Sort.BRIM), BRIEF, MOVES),
    EVERYTHING(
            List.of(COUNTED),
            PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES, CLAIMS),
    EVERYTHING_BINARY(
            List.of(BINARY),
            PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES, CLAIMS),
    EVERYTHING_CORRUPT(
            List.of(COUNTED),
            PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, REUSE, CLOSES, CORRUPTION, CLAIMS),

    /** A waiter for either of two semaphores, one for each of them, and two releasers. */
    EITHER(List.of(BINARY, BINARY), BRIEF, INTERRUPTS),
    /** A waiter for either, the second of which becomes bad, one for the first, and a releaser. */
    WITHHELD(List.of(BINARY, BINARY), BRIEF, CORRUPTION),
    /** Waiters for either of two semaphores, for one of them, and releasers. */
    ANY_OF_TWO(List.of(BINARY, BINARY), ANY, PRODUCERS),
    /** The same with one operation a thread. */
    ANY_BRIEFLY(List.of(BINARY, BINARY), ANY, BRIEF, PRODUCERS, INTERRUPTS),
    ANY_OF_THREE(List.of(BINARY, COUNTED, BINARY), ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS),
    ANY_AND_MOVE(List.of(BINARY, BINARY), ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    ANY_AND_DEATH(List.of(BINARY, BINARY, BINARY), ANY, PRODUCERS, TIMEOUTS, KILLS, MOVES, RETURNS),
    ANY_AND_CLOSE(List.of(BINARY, BINARY), ANY, PRODUCERS, TIMEOUTS, CLOSES, MOVES, REUSE),
    ANY_AND_EVERYTHING(
            List.of(COUNTED, BINARY, COUNTED),
            ANY, PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES, CLAIMS),
    ANY_CORRUPT(List.of(BINARY, BINARY), ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, CORRUPTION, CLOSES, REUSE, CLAIMS),

    /** An event is set and pulsed; who waits passes. */
    MANUAL_EVENT(List.of(MANUAL), TIMEOUTS, INTERRUPTS, RESETS),
    AUTO_EVENT(List.of(AUTO), TIMEOUTS, INTERRUPTS, RESETS),
    PULSED_MANUAL(List.of(MANUAL), BRIEF, TIMEOUTS, RESETS),
    PULSED_AUTO(List.of(AUTO), BRIEF, TIMEOUTS, RESETS),
    /** Two waiters, and an event that is set, reset and set. */
    TAKEN_BACK(List.of(AUTO), BRIEF, RESETS),
    /** Waiters, and two who set; one of them stops for a while. */
    SET_TWICE(List.of(AUTO), BRIEF, STOPS),
    MANUAL_SET_TWICE(List.of(MANUAL), BRIEF, STOPS),
    MANUAL_MOVE(List.of(MANUAL), TIMEOUTS, INTERRUPTS, RESETS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    AUTO_MOVE(List.of(AUTO), TIMEOUTS, INTERRUPTS, RESETS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    MANUAL_DEATH(List.of(MANUAL), TIMEOUTS, SPURIOUS, KILLS, MOVES, RETURNS),
    AUTO_DEATH(List.of(AUTO), TIMEOUTS, SPURIOUS, KILLS, MOVES, RETURNS),
    /** Waiters for an event, a semaphore, or either. */
    ANY_AND_MANUAL(List.of(MANUAL, BINARY), ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, RESETS, MOVES, ROLLBACKS),
    ANY_AND_AUTO(List.of(AUTO, BINARY), ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, RESETS, MOVES, ROLLBACKS),
    EVENTS_AND_EVERYTHING(
            List.of(AUTO, MANUAL, BINARY),
            ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS, RESETS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES),

    /** Two or three clients lock a mutex in turn. */
    REFUSING_MUTEX(List.of(REFUSING), TIMEOUTS, INTERRUPTS),
    REFUSING_DEATH(List.of(REFUSING), TIMEOUTS, KILLS),
    ADOPTING_DEATH(List.of(ADOPTING), TIMEOUTS, INTERRUPTS, KILLS),
    REFUSING_END(List.of(REFUSING), TIMEOUTS, ENDS),
    ADOPTING_END(List.of(ADOPTING), TIMEOUTS, INTERRUPTS, ENDS),
    MUTEX_MOVE(List.of(REFUSING), TIMEOUTS, INTERRUPTS, KILLS, ENDS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    MUTEXES_AND_EVERYTHING(
            List.of(REFUSING, ADOPTING, BINARY),
            ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, ENDS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),


    /** Waits for all of two semaphores at the broker, for one of them, and releasers. */
    ALL_OF_TWO(List.of(BINARY, BINARY), ALL, PRODUCERS),
    /** The first is signaled and waited for, the second is signaled and taken by another, and somebody waits for both. */
    BARGED(List.of(BINARY, BINARY), ALL, BRIEF),
    ALL_BRIEFLY(List.of(BINARY, BINARY), ALL, BRIEF, PRODUCERS, KILLS),
    ALL_OF_THREE(List.of(BINARY, COUNTED, BINARY), ALL, PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS),
    ALL_AND_MOVE(List.of(BINARY, BINARY), ALL, PRODUCERS, TIMEOUTS, INTERRUPTS, MOVES, ROLLBACKS, REUSE),
    ALL_AND_DEATH(List.of(BINARY, COUNTED), ALL, PRODUCERS, TIMEOUTS, KILLS),
    ALL_KINDS(List.of(AUTO, REFUSING, BINARY), ALL, PRODUCERS, TIMEOUTS, INTERRUPTS, KILLS, RESETS),
    ALL_AND_EVERYTHING(
            List.of(MANUAL, ADOPTING, BINARY),
            ALL, ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS, RESETS, KILLS, MOVES, ROLLBACKS, REUSE),

    /** Permits that come back: clients take them, give them back, are killed. */
    LEASES(List.of(LEASED), TIMEOUTS, KILLS),
    /** Any thread releases what any of its client has taken, or tries to. */
    SHARED_LEASES(List.of(LEASED), PRODUCERS, TIMEOUTS, INTERRUPTS, KILLS),
    STOPPED_LEASES(List.of(LEASED), PRODUCERS, TIMEOUTS, KILLS, FREEZES),
    BULK_LEASES(List.of(LEASED), PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, FREEZES),
    CLOSED_LEASES(List.of(LEASED), PRODUCERS, TIMEOUTS, CLOSES, KILLS),
    MOVED_LEASES(List.of(LEASED), PRODUCERS, TIMEOUTS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    ALL_OF_LEASES(List.of(LEASED, BINARY, LEASED), ALL, ANY, PRODUCERS, TIMEOUTS, INTERRUPTS, KILLS);

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<Sort> sorts;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out
    private final Set<Feature> features;

    Scenario(List<Sort> sorts, Feature first, Feature... rest) {
        this.sorts = sorts;
        features = EnumSet.of(first, rest);
    }

    /** The objects. */
    List<Sort> sorts() {
        return sorts;
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Whether who does what is given, and the seed decides only when. */
    boolean isDirected() {
        return switch (this) {
            case BRIM, ROLLBACK, MOVE_AND_CLOSE, EITHER, TAKEN_BACK, SET_TWICE, MANUAL_SET_TWICE, WITHHELD, BARGED -> true;
            default -> false;
        };
    }
}
