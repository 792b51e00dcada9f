package io.hybridsync.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a broker is started when none is running. */
@FunctionalInterface
public interface Starter {

    /** A broker that has been started and may not be ready yet. */
    interface Started extends AutoCloseable {

        /** Why it has ended without ever having been ready, or null as long as it runs. */
        @Nullable String failure();

        /** Whether it was killed, for no fault of its own that is known: another one may live. */
        default boolean wasKilled() {
            return false;
        }

        /** It is ready, or given up: frees what was needed to watch it. */
        @Override
        void close();
    }

    /**
     * Starts a broker; does not wait until it is ready.
     *
     * @param arguments of the broker's command line
     * @throws io.hybridsync.error.BrokerUnavailableException when it cannot be started
     */
    Started start(List<String> arguments);
}
