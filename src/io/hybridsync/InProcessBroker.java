package io.hybridsync;

import io.hybridsync.broker.BrokerThread;
import io.hybridsync.client.Starter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A broker on a daemon thread of this JVM. */
final class InProcessBroker implements Starter.Started {

    private final Optional<Thread> thread;

    private InProcessBroker(Optional<Thread> thread) {
        this.thread = thread;
    }

    static Starter.Started start(List<String> arguments) {
        return new InProcessBroker(BrokerThread.start(arguments));
    }

    @Override
    public @Nullable String failure() {
        if (thread.isEmpty()) {
            return "another process is the domain's broker";
        }
        return thread.get().isAlive() ? null : "its thread has ended";
    }

    @Override
    public void close() {}
}
