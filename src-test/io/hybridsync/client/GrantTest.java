package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.kernel.Descriptors;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.NoDescriptors;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Sockets;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Slabs that a client cannot take, for want of descriptors or because they are none. */
@Timeout(60)
class GrantTest {

    private static final long OTHER = FakeBroker.SLAB + 1;

    @TempDir
    Path parent;

    private FakeBroker broker;
    private Client client;

    @BeforeEach
    void connect() {
        broker = new FakeBroker(parent);
        client = Client.connect(broker.settings(parent, Duration.ofSeconds(20)), Duration.ofSeconds(20));
    }

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        broker.end();
    }

    @Test
    @SuppressWarnings("try") // it is open, that is its use
    void withoutADescriptorForItTheObjectIsClosedAgainAndTheConnectionStays() throws Exception {
        Fd memory = broker.memory();
        broker.script = (fake, message) -> {
            if (message instanceof Message.Open open) {
                fake.grant(FakeBroker.SLAB, memory);
                fake.say(FakeBroker.opened(open, FakeBroker.SLAB), null);
            } else {
                fake.answer(message);
            }
        };
        try (NoDescriptors none = NoDescriptors.begin()) {
            assertThatThrownBy(() -> client.create("a", Blueprint.semaphore(1, 1)))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("ulimit -n");
        }
        Message.Open open = broker.next(Message.Open.class);
        assertThat(broker.next(Message.SlabDeclined.class).slab()).isEqualTo(FakeBroker.SLAB);
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(FakeBroker.opened(open, 0).object());
        assertThat(client.create("b", Blueprint.semaphore(1, 1)).isCreated()).as("granted again").isTrue();
    }

    @Test
    @SuppressWarnings("try") // it is open, that is its use
    void anObjectThatMovesToWhereThereIsNoRoomIsLostAloneAndGivenBack() throws Exception {
        Opening moving = client.create("moving", Blueprint.semaphore(1, 1));
        Opening staying = client.create("staying", Blueprint.semaphore(1, 1));
        Fd memory = broker.memory();
        Location from = FakeBroker.opened(broker.next(Message.Open.class), FakeBroker.SLAB).location();
        try (NoDescriptors none = NoDescriptors.begin()) {
            broker.grant(OTHER, memory);
            broker.next(Message.SlabDeclined.class);
        }
        broker.say(new Message.Moving(moving.object(), 1, from, new Location(OTHER, 64, 1)), null);
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(moving.object());
        assertThatThrownBy(() -> value(moving))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("\"moving\"");
        assertThat(staying.handle().isClosed()).isFalse();
        moving.close();
        staying.close();
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(staying.object());
    }

    /** As under a security module that forbids it. */
    @Test
    void whatMayNotBeMappedIsDeclinedAndTheConnectionStays() throws Exception {
        broker.script = (fake, message) -> {
            if (message instanceof Message.Open open) {
                try (Memfd memfd = Memfd.create("fake-slab", FakeBroker.SLAB_BYTES);
                        Fd denied = Descriptors.forReadingOnly(memfd)) {
                    fake.grant(OTHER, denied);
                }
                fake.say(FakeBroker.opened(open, OTHER), null);
                fake.script = FakeBroker::answer;
            } else {
                fake.answer(message);
            }
        };
        assertThatThrownBy(() -> client.create("a", Blueprint.semaphore(1, 1)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContainingAll("could not be mapped", "EACCES");
        assertThat(broker.next(Message.SlabDeclined.class).slab()).isEqualTo(OTHER);
        assertThat(client.create("b", Blueprint.semaphore(1, 1)).isCreated()).isTrue();
    }

    private static int value(Opening opening) {
        return opening.handle().value();
    }

    @Test
    void whatIsNoMemoryEndsTheConnectionOfWhoGetsItOnly() {
        broker.script = (fake, message) -> {
            if (message instanceof Message.Open) {
                SeqPacket[] pair = Sockets.pair();
                fake.grant(OTHER, pair[0].fd());
                pair[0].close();
                pair[1].close();
            } else {
                fake.answer(message);
            }
        };
        assertThatThrownBy(() -> client.create("a", Blueprint.semaphore(1, 1)))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("memfd");
    }
}
