package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Sockets;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConnectionTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    @Test
    void nobodyWaitsWhenTheReadingThreadFails(@TempDir Path parent) {
        SeqPacket[] pair = Sockets.pair();
        Slabs slabs = new Slabs();
        Ledgers ledgers = new Ledgers();
        Settings settings = new Settings("test", parent, Duration.ZERO, Duration.ZERO, false, Optional.empty());
        Connection connection = new Connection(
                new Contact(Domain.of("test", parent).make(), new Channel(pair[0]), 1, false),
                new Succession(new Connector(settings, new Identity()), "test"),
                Means.ofTheMachine(),
                slabs,
                ledgers,
                new Residences(slabs, ledgers, new Party(1, HOUR, false, () -> {})),
                "test",
                HOUR,
                answer -> {
                    throw new OutOfMemoryError("for a test");
                },
                (why, object) -> {},
                () -> {});
        try (Channel broker = new Channel(pair[1])) {
            connection.start();
            broker.send(new Message.Done(77), Long.MAX_VALUE);
            assertThatThrownBy(() -> connection.ask(Message.Leave::new, Message.Done.class))
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasStackTraceContaining("for a test");
        } finally {
            connection.close();
        }
    }
}
