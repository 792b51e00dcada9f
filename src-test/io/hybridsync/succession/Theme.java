package io.hybridsync.succession;

import static io.hybridsync.succession.Trait.EXPULSIONS;
import static io.hybridsync.succession.Trait.INTERRUPTS;
import static io.hybridsync.succession.Trait.LATE_CLIENTS;
import static io.hybridsync.succession.Trait.MULTI_WAITS;
import static io.hybridsync.succession.Trait.PULSES;
import static io.hybridsync.succession.Trait.SCRIBBLES;

import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import java.util.List;
import java.util.Set;

/** What the clients of a run have between them, and do with it. */
public enum Theme {
    /** Semaphores that are opened and closed all the time, so that their words move. */
    MOVING(List.of(semaphore(1, 0), semaphore(2, 0))),
    /** The same with mutexes, whose owners die. */
    MUTEXES(List.of(mutex(), semaphore(1, 0))),
    /** Waits for all of several at the broker. */
    ALL(List.of(semaphore(1, 0), mutex(), event()), MULTI_WAITS),
    /** Words that are the broker's own. */
    FAIR(List.of(semaphore(1, Spec.FAIR), semaphore(2, Spec.BROKER_ONLY))),
    /** Permits that come back from the dead. */
    LEASES(List.of(semaphore(2, Spec.LEASED), semaphore(1, Spec.LEASED)), MULTI_WAITS),
    /** Permits of the broker's own that come back. */
    LEASES_AT_BROKER(List.of(semaphore(2, Spec.LEASED | Spec.BROKER_ONLY), semaphore(1, Spec.LEASED)), MULTI_WAITS),
    /** Signals of conditions. */
    CONDITIONS(List.of(mutex()), Trait.CONDITIONS, INTERRUPTS),
    /** Mutexes whose owner ends while its process goes on. */
    DEAD_THREADS(List.of(mutex(), mutex(), semaphore(1, 0)), Trait.DEAD_THREADS, MULTI_WAITS),
    /** Clients that come too late, or are expelled, and live. */
    OUTCASTS(List.of(mutex(), semaphore(1, 0), semaphore(2, Spec.LEASED)), MULTI_WAITS, LATE_CLIENTS, EXPULSIONS),
    /** Words that somebody has written to. */
    CORRUPTION(List.of(semaphore(1, 0), mutex(), event()), MULTI_WAITS, SCRIBBLES),
    /** Events that are set, reset and pulsed. */
    EVENTS(List.of(event(0, Spec.AUTO_RESET), event(0, 0), semaphore(1, 0)), MULTI_WAITS, PULSES, INTERRUPTS),
    /** Objects in memory that everybody has, and that never move. */
    GLOBAL(List.of(semaphore(1, Spec.GLOBAL), new Spec(Kind.MUTEX, 0, 1, Spec.ADOPT | Spec.GLOBAL)), MULTI_WAITS),
    /** All kinds of objects. */
    EVERYTHING(List.of(semaphore(1, 0), mutex(), event(), semaphore(1, Spec.FAIR), semaphore(2, Spec.LEASED)), MULTI_WAITS, INTERRUPTS);

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<Spec> specs;

    @SuppressWarnings("ImmutableEnumChecker") // a set that does not change
    private final Set<Trait> traits;

    Theme(List<Spec> specs, Trait... traits) {
        this.specs = specs;
        this.traits = Set.of(traits);
    }

    /** The objects; each is named by its place in the list. */
    List<Spec> specs() {
        return specs;
    }

    /** Whether that happens. */
    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    private static Spec semaphore(int permits, int attributes) {
        return new Spec(Kind.SEMAPHORE, permits, permits, attributes);
    }

    private static Spec mutex() {
        return new Spec(Kind.MUTEX, 0, 1, Spec.ADOPT);
    }

    private static Spec event() {
        return event(1, Spec.AUTO_RESET);
    }

    private static Spec event(int signaled, int attributes) {
        return new Spec(Kind.EVENT, signaled, 1, attributes);
    }
}
