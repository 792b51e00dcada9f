package io.hybridsync.object.model;

import io.hybridsync.object.Lease;
import io.hybridsync.object.Nature;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What an object of a run is. */
enum Sort {
    /** A semaphore of one permit at most, so that a release wakes one. */
    BINARY,
    /** A semaphore of a few permits. */
    COUNTED,
    /** A semaphore of as many permits as fit in a word. */
    BRIM,
    /** A few permits that belong to who holds them. */
    LEASED,
    /** A manual-reset event. */
    MANUAL,
    /** An auto-reset event. */
    AUTO,
    /** A mutex that nobody locks when it was abandoned, before somebody recovers it. */
    REFUSING,
    /** A mutex that is taken over when it was abandoned. */
    ADOPTING;

    boolean isSemaphore() {
        return this == BINARY || this == COUNTED || this == BRIM || this == LEASED;
    }

    boolean isEvent() {
        return this == MANUAL || this == AUTO;
    }

    boolean isMutex() {
        return this == REFUSING || this == ADOPTING;
    }

    int maximum(SplittableRandom random) {
        return switch (this) {
            case LEASED -> 4;
            case COUNTED -> 2 + random.nextInt(4);
            case BRIM -> Integer.MAX_VALUE;
            default -> 1;
        };
    }

    Nature nature(int maximum, ModelClient client, @Nullable Lease lease) {
        if (lease != null) {
            return Nature.leased(maximum, lease);
        }
        if (isSemaphore()) {
            return Nature.semaphore(maximum);
        }
        return isMutex() ? Nature.mutex(client.number()) : Nature.event(this == AUTO);
    }

    Ghost ghost(Thing thing) {
        if (isSemaphore()) {
            return this == LEASED ? new Leased(thing) : new Permits(thing);
        }
        return isMutex() ? new Section(thing) : new Pulses(thing);
    }
}
