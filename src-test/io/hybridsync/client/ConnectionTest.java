package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Sockets;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConnectionTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    @TempDir
    Path parent;

    private Connection connection(Channel channel, Consumer<Message.Answer> late) {
        Slabs slabs = new Slabs();
        Ledgers ledgers = new Ledgers();
        Settings settings = new Settings("test", parent, Duration.ZERO, Duration.ZERO, false, Optional.empty());
        return new Connection(
                new Contact(Domain.of("test", parent).make(), channel, 1, false),
                new Succession(new Connector(settings, new Identity()), "test"),
                Means.ofTheMachine(),
                slabs,
                ledgers,
                new Residences(slabs, ledgers, new Party(1, HOUR, false, () -> {})),
                "test",
                HOUR,
                late,
                (why, object) -> {},
                () -> {});
    }

    @Test
    void nobodyWaitsWhenTheReadingThreadFails() {
        SeqPacket[] pair = Sockets.pair();
        Connection connection = connection(new Channel(pair[0]), answer -> {
            throw new OutOfMemoryError("for a test");
        });
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

    private static Correspondence.Vigil failing(Connection connection, Consumer<Message.Answer> undo) {
        Correspondence.Vigil wait = connection.vigil(
                number -> new Message.Await(number, false, List.of(), List.of()),
                () -> {
                    throw new StackOverflowError("for a test");
                },
                answer -> {},
                undo);
        assertThatThrownBy(() -> wait.await(new Patience(Cell.FOREVER, false, false, null)))
                .isInstanceOf(StackOverflowError.class);
        return wait;
    }

    @Test
    void whatComesForAThreadThatHasFailedIsTakenBack() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        Connection connection = connection(new Channel(pair[0]), answer -> {});
        BlockingQueue<Message.Answer> undone = new LinkedBlockingQueue<>();
        try (Channel broker = new Channel(pair[1])) {
            connection.start();
            Correspondence.Vigil wait = failing(connection, undone::add);
            assertThat(wait.isGivenUp()).isTrue();
            Message.Answer taken = new Message.Awaited(wait.number(), WaitOutcome.TAKEN, 0, List.of());
            broker.send(taken, Long.MAX_VALUE);
            assertThat(undone.take()).isEqualTo(taken);
        } finally {
            connection.close();
        }
    }
}
