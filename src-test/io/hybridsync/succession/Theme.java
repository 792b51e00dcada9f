package io.hybridsync.succession;

import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import java.util.List;

/** What the clients of a run have between them, and do with it. */
public enum Theme {
    /** Semaphores that are opened and closed all the time, so that their words move. */
    MOVING(List.of(semaphore(1, 0), semaphore(2, 0))),
    /** The same with mutexes, whose owners die. */
    MUTEXES(List.of(mutex(), semaphore(1, 0))),
    /** Waits for all of several at the broker. */
    ALL(List.of(semaphore(1, 0), mutex(), event())),
    /** Words that are the broker's own. */
    FAIR(List.of(semaphore(1, Spec.FAIR), semaphore(2, Spec.BROKER_ONLY))),
    /** Permits that come back from the dead. */
    LEASES(List.of(semaphore(2, Spec.LEASED), semaphore(1, Spec.LEASED))),
    /** Permits of the broker's own that come back. */
    LEASES_AT_BROKER(List.of(semaphore(2, Spec.LEASED | Spec.BROKER_ONLY), semaphore(1, Spec.LEASED))),
    /** All of it. */
    EVERYTHING(List.of(semaphore(1, 0), mutex(), event(), semaphore(1, Spec.FAIR), semaphore(2, Spec.LEASED)));

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<Spec> specs;

    Theme(List<Spec> specs) {
        this.specs = specs;
    }

    /** The objects; each is named by its place in the list. */
    List<Spec> specs() {
        return specs;
    }

    /** Whether threads wait for several of them. */
    boolean hasMultiWaits() {
        return switch (this) {
            case ALL, LEASES, LEASES_AT_BROKER, EVERYTHING -> true;
            case MOVING, MUTEXES, FAIR -> false;
        };
    }

    private static Spec semaphore(int permits, int attributes) {
        return new Spec(Kind.SEMAPHORE, permits, permits, attributes);
    }

    private static Spec mutex() {
        return new Spec(Kind.MUTEX, 0, 1, Spec.ADOPT);
    }

    private static Spec event() {
        return new Spec(Kind.EVENT, 1, 1, Spec.AUTO_RESET);
    }
}
