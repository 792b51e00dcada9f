package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
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
        Optional<Broker> broker;
        try (DomainDirectory directory = parsed.domain().make()) {
            broker = Broker.start(directory, parsed.options());
        }
        return broker.map(serving -> start("hybrid-sync broker of " + parsed.domain(), serving));
    }

    /** One that gets no thread ends on the caller's, before it has served anybody. */
    private static Thread start(String name, Broker broker) {
        Thread thread = Daemon.named(name, broker);
        try {
            Daemon.start(thread);
            return thread;
        } catch (LimitExceededException e) {
            broker.stop();
            broker.run();
            throw e;
        }
    }
}
