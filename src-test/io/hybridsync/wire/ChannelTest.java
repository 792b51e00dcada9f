package io.hybridsync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Sockets;
import io.hybridsync.wire.Channel.Look;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChannelTest {

    private static final Message DONE = new Message.Done(5);

    private Channel one;
    private Channel two;

    @BeforeEach
    void connect() {
        SeqPacket[] pair = Sockets.pair();
        one = new Channel(pair[0]);
        two = new Channel(pair[1]);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void messagesArriveInOrderAndThenTheEnd() {
        assertThat(two.poll()).isEqualTo(Look.NOTHING);
        assertThat(one.send(DONE, soon())).isTrue();
        assertThat(one.send(new Message.Done(6), soon())).isTrue();
        one.close();
        assertThat(two.poll()).isEqualTo(Look.MESSAGE);
        assertThat(two.received()).isEqualTo(new Channel.Received(DONE, null));
        assertThat(Objects.requireNonNull(two.receive()).message()).isEqualTo(new Message.Done(6));
        assertThat(two.receive()).isNull();
        assertThat(two.poll()).isEqualTo(Look.END);
        assertThatThrownBy(() -> two.send(DONE, soon())).isInstanceOf(BrokerUnavailableException.class);
    }

    @Test
    void whatWasSentBeforeTheSenderDiedComesWhateverItLeftUnread() {
        assertThat(two.send(new Message.Done(1), soon())).isTrue();
        assertThat(one.send(DONE, soon())).isTrue();
        one.close();
        assertThat(Objects.requireNonNull(two.receive()).message()).isEqualTo(DONE);
        assertThat(two.receive()).isNull();
    }

    @Test
    void whoHasNoRoomWaitsUntilTheDeadline() {
        ByteBuffer frame = Codec.encode(DONE);
        int result = one.trySend(frame, null);
        while (result > 0) {
            result = one.trySend(frame, null);
        }
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        long from = System.nanoTime();
        assertThat(one.send(DONE, from + 20_000_000)).isFalse();
        assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(20_000_000);
        while (two.poll() == Look.MESSAGE) {
            assertThat(two.received().message()).isEqualTo(DONE);
        }
        assertThat(one.send(DONE, soon())).isTrue();
    }

    @Test
    void aGrantBringsItsDescriptor() {
        try (Memfd memfd = Memfd.create("a test", 4096)) {
            one.trySend(Codec.encode(new Message.SlabGrant(1, 4096)), memfd.fd());
        }
        Channel.Received received = Objects.requireNonNull(two.receive());
        try (Memfd memfd = Memfd.receive(received.takeFd(), 4096)) {
            assertThat(memfd.size()).isEqualTo(4096);
        }
    }

    @Test
    void descriptorsWhereNoneBelongAreClosed() throws IOException {
        long open = memfds();
        try (Memfd memfd = Memfd.create("a test", 4096)) {
            one.trySend(Codec.encode(DONE), memfd.fd());
            one.trySend(ByteBuffer.wrap(new byte[3]), memfd.fd());
        }
        one.trySend(Codec.encode(new Message.SlabGrant(1, 4096)), null);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(two::poll).isInstanceOf(ProtocolException.class);
        }
        assertThat(memfds()).isEqualTo(open);
    }

    private static long memfds() throws IOException {
        try (var fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(fd -> target(fd).contains("memfd:")).count();
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static long soon() {
        return System.nanoTime() + 10_000_000_000L;
    }
}
