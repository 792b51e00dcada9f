package io.hybridsync.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a domain.
 *
 * @param name of the domain
 * @param parent of its directory, or null for the default
 * @param linger how long a broker that this client starts outlives its last client
 * @param claimTimeout how long a claim of the broker is waited for, and at least an answer
 * @param parked whether waiting threads park while others sleep for them
 * @param starter starts a broker when there is none; empty when somebody else does that
 */
public record Settings(
        String name,
        @Nullable Path parent,
        Duration linger,
        Duration claimTimeout,
        boolean parked,
        Optional<Starter> starter) {

    /** Starts the broker as a process of its own. */
    public static Starter spawning() {
        return SpawnedBroker::start;
    }
}
