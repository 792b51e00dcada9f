package io.hybridsync.object.model;

import static io.hybridsync.object.model.Feature.*;

import java.util.EnumSet;
import java.util.Set;

/** Kinds of runs. A seed decides the rest: how many clients and threads, what they do, and when. */
enum Scenario {
    /** Two or three clients hand one permit to each other. */
    HANDOFF(BINARY, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS),
    /** Without anything that would hide a lost wake-up. */
    PLAIN_HANDOFF(BINARY, PRODUCERS),
    BRIEF_HANDOFF(BRIEF, BINARY, PRODUCERS),
    BULK_HANDOFF(BULK, PRODUCERS, TIMEOUTS, INTERRUPTS, SPURIOUS),
    DEATH(BINARY, PRODUCERS, TIMEOUTS, KILLS),
    MOVE(BINARY, PRODUCERS, TIMEOUTS, INTERRUPTS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION),
    /** Two waiters, a releaser, and the word is locked and unlocked again. */
    ROLLBACK(BRIEF, BINARY, PRODUCERS, TIMEOUTS, INTERRUPTS, ROLLBACKS),
    BULK_MOVE(BULK, PRODUCERS, MOVES, ROLLBACKS, REUSE),
    CLOSE(BINARY, PRODUCERS, TIMEOUTS, CLOSES, REUSE),
    /** Two waiters follow two moves, and are closed. */
    MOVE_AND_CLOSE(BRIEF, BINARY, MOVES, CLOSES, REUSE),
    CORRUPT(PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, CORRUPTION),
    CORRUPT_AND_CLOSE(BRIEF, PRODUCERS, BULK, CORRUPTION, CLOSES, REUSE),
    /** Two clients; the word goes back and forth between places, and they come to an end. */
    BACK_AND_FORTH(BINARY, PRODUCERS, TIMEOUTS, KILLS, MOVES, ROLLBACKS, RETURNS, CLOSES),
    /** A waiter, a releaser of all the permits that fit in a word, and a move. */
    BRIM(BRIEF, MOVES),
    EVERYTHING(PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES, CLAIMS),
    EVERYTHING_BINARY(
            PRODUCERS, BINARY, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, ROLLBACKS, REUSE, SUBSCRIPTION, CLOSES, CLAIMS),
    EVERYTHING_CORRUPT(
            PRODUCERS, BULK, TIMEOUTS, INTERRUPTS, SPURIOUS, KILLS, MOVES, REUSE, CLOSES, CORRUPTION, CLAIMS);

    @SuppressWarnings("ImmutableEnumChecker") // never handed out
    private final Set<Feature> features;

    Scenario(Feature first, Feature... rest) {
        features = EnumSet.of(first, rest);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Whether who does what is given, and the seed decides only when. */
    boolean isDirected() {
        return this == BRIM || this == ROLLBACK || this == MOVE_AND_CLOSE;
    }
}
