package io.hybridsync.broker;

import io.hybridsync.kernel.Daemon;
import io.hybridsync.wire.DomainDirectory;
import java.util.List;
import java.util.Optional;

/** A broker on a daemon thread of a JVM that does other things as well, and with which it ends. */
public final class BrokerThread {

    private BrokerThread() {}

    /**
     * Becomes the broker of a domain, and serves until it has lingered long enough.
     *
     * @param arguments see {@link BrokerArguments}
     * @return the thread; empty when another process is the domain's broker
     * @throws io.hybridsync.error.SyncException when the domain's directory cannot be used, or the machine is at a
     *     limit; then this process is not the domain's broker
     */
    public static Optional<Thread> start(List<String> arguments) {
        BrokerArguments parsed = BrokerArguments.parse(arguments);
        String name = "hybrid-sync broker of " + parsed.domain();
        try (DomainDirectory directory = parsed.domain().make()) {
            Broker broker = Broker.start(directory, parsed.options()).orElse(null);
            return broker == null ? Optional.empty() : start(name, broker);
        }
    }

    /** One that gets no thread ends on the caller's, before it has served anybody. */
    private static Optional<Thread> start(String name, Broker broker) {
        try {
            Thread thread = Daemon.named(name, broker);
            Optional<Thread> started = Optional.of(thread);
            Daemon.start(thread);
            return started;
        } catch (RuntimeException | Error e) {
            broker.endUnserved();
            throw e;
        }
    }
}
