package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Features;
import io.hybridsync.kernel.OpenFiles;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Unwinding;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a broker begins and ends, and what it finds in its directory and leaves there. */
@Timeout(60)
class BrokerLifeTest {

    @RegisterExtension
    final BrokerFixture broker = new BrokerFixture();

    @Test
    void itEndsAfterLingeringAndLeavesNothing() throws Exception {
        BrokerFixture.Running running = broker.start();
        TestClient client = broker.client();
        client.opened(Mode.CREATE, "a");
        long from = System.nanoTime();
        client.close();
        running.awaitEnd();
        assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(50_000_000);
        assertThat(broker.files()).containsExactly(broker.parent());
    }

    @Test
    void itStaysWhileSomebodyIsThere() throws Exception {
        BrokerFixture.Running running = broker.start(broker.quick().withLinger(Duration.ZERO));
        TestClient one = broker.client();
        TestClient two = broker.client();
        one.close();
        for (int i = 0; i < 100; i++) {
            two.opened(Mode.CREATE, "");
        }
        assertThat(running.isAlive()).isTrue();
        two.close();
        running.awaitEnd();
        assertThat(broker.files()).containsExactly(broker.parent());
    }

    @Test
    void itEndsWhenNobodyEverComes() throws Exception {
        broker.start(broker.quick()
                        .withTimes(Duration.ofMillis(80), Duration.ofMillis(10), Duration.ofMillis(10))
                        .withLinger(Duration.ZERO))
                .awaitEnd();
        assertThat(broker.files()).containsExactly(broker.parent());
    }

    @Test
    void toStopItWhileClientsAreConnectedEndsTheirConnections() throws Exception {
        BrokerFixture.Running running = broker.start();
        TestClient client = broker.client();
        running.stop();
        client.awaitEnd();
        assertThat(broker.files()).as("somebody still holds a lock there").contains(path("clients"));
        broker.expectLitter();
    }

    @Test
    void theLogBeginsWithWhatTheKernelHas() {
        broker.start();
        assertThat(broker.log().lines().findFirst().orElseThrow())
                .contains("INFO started, incarnation ")
                .endsWith(Features.current().report());
    }

    @Test
    void aLogWithAWarningStays() throws Exception {
        BrokerFixture.Running running = broker.start();
        TestClient client = broker.client();
        client.send(new Message.Alive());
        client.refusal();
        client.close();
        running.awaitEnd();
        assertThat(broker.files()).containsExactly(broker.parent(), path(""), path("broker.log"));
        assertThat(broker.log()).contains("WARN").contains("expelled");
    }

    @Test
    void ofManyStartersOneStarts() throws Exception {
        int starters = 50;
        AtomicInteger started = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(starters);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < starters; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                ready.countDown();
                await(go);
                Optional<Broker> mine = Broker.start(broker.directory(), broker.quick());
                mine.ifPresent(serving -> {
                    started.incrementAndGet();
                    serving.run();
                });
            }));
        }
        ready.await();
        go.countDown();
        TestClient client = null;
        while (client == null) {
            client = tryConnect();
        }
        assertThat(client.names()).isEmpty();
        client.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(started).hasValue(1);
    }

    private @Nullable TestClient tryConnect() {
        try (SeqPacket probe = SeqPacket.open()) {
            return broker.directory().connect(probe) == 0 ? broker.client() : null;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void leftoversOfAKilledBrokerDoNotStandInTheWay() throws Exception {
        Files.writeString(path("lock"), "garbage, and more than eight bytes of it");
        Files.writeString(path("clients"), "");
        Files.writeString(path("socket.new"), "not even a socket");
        try (SeqPacket dead = Objects.requireNonNull(broker.directory().listen())) {
            assertThat(dead.fd().isClosed()).isFalse();
        }
        assertThat(Files.exists(path("socket"))).isTrue();
        broker.start();
        assertThat(broker.client().names()).isEmpty();
    }

    @Test
    void theSocketIsReplacedInOneStep() throws Exception {
        Files.writeString(path("socket"), "in the way");
        broker.start();
        assertThat(broker.client().names()).isEmpty();
    }

    @Test
    void incarnationsIncrease() throws Exception {
        Files.write(path("lock"), new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x70, 0, 0, 0, 0});
        broker.start();
        long object = broker.client().opened(Mode.CREATE, "a").object();
        assertThat(object >>> 32).isEqualTo(0x71000000);
    }

    @Test
    void aLockFileThatWasDeletedIsMadeAgain() throws Exception {
        broker.start();
        TestClient client = broker.client();
        client.opened(Mode.CREATE, "a");
        Files.delete(path("lock"));
        assertThat(Broker.start(broker.directory(), broker.quick())).as("somebody listens").isEmpty();
        awaitLog("made again");
        assertThat(LockFile.isHeld(broker.directory(), LockFile.Role.BROKER)).isTrue();
        assertThat(broker.client().names()).containsExactly("a");
    }

    @Test
    void aSocketThatWasDeletedIsMadeAgain() throws Exception {
        broker.start();
        TestClient one = broker.client();
        one.opened(Mode.CREATE, "a");
        Files.delete(path("socket"));
        awaitLog("made again");
        assertThat(broker.client().names()).containsExactly("a");
        assertThat(one.names()).containsExactly("a");
    }

    @Test
    void aDirectoryThatWasDeletedIsMadeAgain() throws Exception {
        broker.start();
        TestClient one = broker.client();
        one.opened(Mode.CREATE, "a");
        for (Path file : broker.files().reversed()) {
            if (!file.equals(broker.parent())) {
                Files.delete(file);
            }
        }
        while (!Files.exists(path("socket"))) {
            assertThat(one.names()).containsExactly("a");
        }
        DomainDirectory made = broker.make();
        TestClient two = broker.keep(TestClient.connect(made));
        assertThat(two.names()).containsExactly("a");
        one.disconnect();
        one.close();
        two.closeObject(0);
        while (!two.names().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /** The housekeeping looks every 20 ms. */
    private void awaitLog(String text) {
        while (!broker.log().contains(text)) {
            Thread.onSpinWait();
        }
    }

    private Path path(String name) {
        Path own = broker.parent().resolve("test");
        return name.isEmpty() ? own : own.resolve(name);
    }

    /** Whatever fails when a broker begins, and be it the last thing: what it has opened until then is known. */
    @Test
    void whatABrokerOpensBeforeItServesCanBeClosed() throws InterruptedException {
        List<String> before = OpenFiles.now();
        Deque<AutoCloseable> made = new ArrayDeque<>();
        Seat seat = Objects.requireNonNull(Seat.take(broker.directory(), false));
        made.push(seat);
        Broker _ = new Broker(seat, broker.quick(), made);
        assertThat(broker.log()).contains("started");
        seat.clear(false);
        Unwinding.closeAll(made);
        // What listens is closed soon.
        OpenFiles.awaitClosed();
        assertThat(OpenFiles.now()).hasSameSizeAs(before);
    }
}
