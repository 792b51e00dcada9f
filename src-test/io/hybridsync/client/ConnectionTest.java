package io.hybridsync.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
        return connection(channel, late, Means.ofTheMachine());
    }

    private Connection connection(Channel channel, Consumer<Message.Answer> late, Means means) {
        Slabs slabs = new Slabs();
        Ledgers ledgers = new Ledgers();
        Settings settings = new Settings("test", parent, Duration.ZERO, Duration.ZERO, false, Optional.empty());
        return new Connection(
                new Contact(Domain.of("test", parent).make(), channel, 1, false),
                new Succession(new Connector(settings, new Identity()), "test"),
                means,
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
        wait.begin();
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
            assertThat(wait.request().failed).isTrue();
            Message.Answer taken = new Message.Awaited(wait.request().number(), WaitOutcome.TAKEN, 0, List.of());
            broker.send(taken, Long.MAX_VALUE);
            assertThat(undone.take()).isEqualTo(taken);
        } finally {
            connection.close();
        }
    }

    private static Request asked(Connection connection, Consumer<Message.Answer> undo) {
        return connection.prepare(Message.Sync::new, answer -> {}, undo);
    }

    /** It may have said before that it will ask: somebody may wait until that is over. */
    @Test
    void ofAThreadThatHasFailedBeforeItHasAskedThatIsKnown() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        Connection connection = connection(new Channel(pair[0]), answer -> {});
        BlockingQueue<Message.Answer> undone = new LinkedBlockingQueue<>();
        try (Channel _ = new Channel(pair[1])) {
            connection.start();
            Request request = asked(connection, undone::add);
            connection.watch(request);
            request.failed = true;
            connection.hurry();
            assertThat(undone.take()).isInstanceOf(Message.Failed.class);
        } finally {
            connection.close();
        }
    }

    /** Nothing else may happen for long. */
    @Test
    void whatIsGivenBackForAThreadThatHasFailedIsTriedAgainWhenThereIsNoThreadForIt() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        AtomicBoolean scarce = new AtomicBoolean(true);
        Aside aside = new Aside(thread -> {
            if (scarce.getAndSet(false)) {
                throw new LimitExceededException("for a test");
            }
            thread.start();
        });
        Connection connection = connection(new Channel(pair[0]), answer -> {}, new Means(aside, new Delivery()));
        CountDownLatch done = new CountDownLatch(1);
        try (Channel _ = new Channel(pair[1])) {
            connection.start();
            Request request = asked(connection, answer -> connection.aside("a test", done::countDown));
            connection.watch(request);
            request.failed = true;
            connection.hurry();
            done.await();
            assertThat(scarce).isFalse();
        } finally {
            connection.close();
            connection.awaitAside();
        }
    }

    /** He may have had no room to say so: who closes does not wait until it is his turn. */
    @Test
    void whoHasFailedInAQueueIsTakenOutBeforeTheEnd() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        Connection connection = connection(new Channel(pair[0]), answer -> {});
        try (Channel broker = new Channel(pair[1])) {
            connection.start();
            Message.Await await = new Message.Await(1, false, List.of(), List.of());
            Request request = connection.prepare(number -> await, answer -> {}, answer -> {});
            connection.begin(request);
            request.failed = true;
            connection.hurry();
            assertThat(requireNonNull(broker.receive()).message()).isEqualTo(await);
            assertThat(requireNonNull(broker.receive()).message()).isEqualTo(new Message.Withdraw(request.number()));
        } finally {
            connection.close();
        }
    }

    /** Who was not failing yet when the answer came to him is looked at until he has left with it. */
    @Test
    void whoFailsWithTheAnswerHasNotGotIt() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        Connection connection = connection(new Channel(pair[0]), answer -> {});
        BlockingQueue<Message.Answer> undone = new LinkedBlockingQueue<>();
        try (Channel broker = new Channel(pair[1])) {
            connection.start();
            Request has = asked(connection, undone::add);
            Request fails = asked(connection, undone::add);
            for (Request request : List.of(has, fails)) {
                connection.watch(request);
                connection.begin(request);
                broker.send(new Message.Done(request.number()), Long.MAX_VALUE);
                assertThat(request.answer().join()).isEqualTo(new Message.Done(request.number()));
            }
            has.busy = false;
            fails.failed = true;
            assertThat(undone.take()).isEqualTo(new Message.Done(fails.number()));
            assertThat(undone).isEmpty();
        } finally {
            connection.close();
        }
    }
}
