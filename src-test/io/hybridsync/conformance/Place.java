package io.hybridsync.conformance;

import io.hybridsync.EventSpec;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;

/** Where the words of a scenario's objects live. */
enum Place {
    /** In memory of those who have the object open. */
    SHARED,
    /** At the broker. */
    BROKER_ONLY,
    /** In memory of the whole domain. */
    GLOBAL,
    /** At the broker, waiters strictly in turn; there are no fair events. */
    FAIR,
    /** Every other object in shared memory and at the broker. */
    MIXED;

    /** The place of the object that a scenario makes as number such and such. */
    Place ofObject(int number) {
        return this != MIXED ? this : number % 2 == 0 ? SHARED : BROKER_ONLY;
    }

    boolean isAtBroker() {
        return this == BROKER_ONLY || this == FAIR;
    }

    SemaphoreSpec of(SemaphoreSpec spec) {
        return switch (this) {
            case SHARED, MIXED -> spec;
            case BROKER_ONLY -> spec.brokerOnly();
            case GLOBAL -> spec.global();
            case FAIR -> spec.fair();
        };
    }

    MutexSpec of(MutexSpec spec) {
        return switch (this) {
            case SHARED, MIXED -> spec;
            case BROKER_ONLY -> spec.brokerOnly();
            case GLOBAL -> spec.global();
            case FAIR -> spec.fair();
        };
    }

    EventSpec of(EventSpec spec) {
        return switch (this) {
            case SHARED, MIXED -> spec;
            case BROKER_ONLY, FAIR -> spec.brokerOnly();
            case GLOBAL -> spec.global();
        };
    }
}
