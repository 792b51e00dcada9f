package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages, descriptors and the end of a connection. Addresses are in {@link SocketAddressTest}. */
@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SeqPacketTest {

    private SeqPacket[] pair;

    @BeforeEach
    void open() {
        pair = Sockets.pair();
    }

    @AfterEach
    void close() {
        pair[0].close();
        pair[1].close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesStayWhole(boolean direct) {
        ByteBuffer message = buffer(direct, 64).put("..first..second".getBytes(StandardCharsets.UTF_8));
        assertThat(pair[0].send(message.position(2).limit(7), null)).isEqualTo(5);
        assertThat(message.position()).as("left as it is, for the next peer").isEqualTo(2);
        assertThat(pair[0].send(message.limit(15).position(9).asReadOnlyBuffer(), null)).isEqualTo(6);
        ByteBuffer into = buffer(direct, 64).position(3);
        assertThat(pair[1].receive(into)).isEqualTo(5);
        assertThat(into.position()).isEqualTo(8);
        assertThat(pair[1].receive(into)).isEqualTo(6);
        assertThat(StandardCharsets.UTF_8.decode(into.flip().position(3)).toString()).isEqualTo("firstsecond");
        assertThat(pair[1].receive(buffer(direct, 1))).isEqualTo(-Errno.EAGAIN);
    }

    private static ByteBuffer buffer(boolean direct, int size) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    @Test
    void emptyMessagesAndBuffersWouldBeTheEndOfFile() {
        assertThatIllegalArgumentException().isThrownBy(() -> pair[0].send(ByteBuffer.allocate(0), null));
        assertThatIllegalArgumentException().isThrownBy(() -> pair[0].receive(ByteBuffer.allocate(0)));
    }

    @Test
    void aDescriptorGoesWithItsMessage() {
        try (Memfd memory = Memfd.create("seqpacket-test", 4096)) {
            assertThat(pair[0].send(hello(), memory.fd())).isEqualTo(5);
            List<Fd> fds = new ArrayList<>();
            assertThat(pair[1].receive(room(), fds)).isEqualTo(5);
            assertThat(fds).hasSize(1);
            assertThat(OpenFiles.flags(fds.getFirst()) & Linux.O_CLOEXEC).isNotZero();
            try (Memfd received = Memfd.receive(fds.getFirst(), 4096)) {
                Mapping mine = memory.map();
                Mapping theirs = received.map();
                mine.segment().set(JAVA_LONG, 0, 42);
                assertThat(theirs.segment().get(JAVA_LONG, 0)).isEqualTo(42);
            }
        }
    }

    @Test
    void aDescriptorThatNobodyExpectsIsClosed() {
        try (Memfd memory = Memfd.create("seqpacket-test", 4096)) {
            List<String> before = OpenFiles.now();
            assertThat(pair[0].send(hello(), memory.fd())).isEqualTo(5);
            assertThat(pair[1].receive(room())).isEqualTo(-Errno.EBADMSG);
            assertThat(OpenFiles.now()).isEqualTo(before);
            assertThat(pair[1].receive(room())).as("the message is dropped").isEqualTo(-Errno.EAGAIN);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 252, 253})
    void allDescriptorsOfAMessageAreTaken(int count) {
        try (Memfd memory = Memfd.create("seqpacket-test", 4096)) {
            List<String> before = OpenFiles.now();
            assertThat(sendMany(memory.fd(), count)).isEqualTo(5);
            List<Fd> fds = new ArrayList<>();
            assertThat(pair[1].receive(room(), fds)).as("all that there can be").isEqualTo(5);
            assertThat(fds).hasSize(count);
            fds.forEach(Fd::close);
            assertThat(OpenFiles.now()).isEqualTo(before);
        }
    }

    /** It looks like the end of file. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 253})
    void descriptorsThatComeWithoutAByteAreAllClosed(int count) {
        try (Memfd memory = Memfd.create("seqpacket-test", 4096)) {
            List<String> before = OpenFiles.now();
            assertThat(sendMany(memory.fd(), count, MemorySegment.NULL)).isZero();
            List<Fd> fds = new ArrayList<>();
            assertThat(pair[1].receive(room(), fds)).isEqualTo(-Errno.EBADMSG);
            assertThat(fds).isEmpty();
            assertThat(OpenFiles.now()).isEqualTo(before);
        }
    }

    private long sendMany(Fd fd, int count) {
        try (Arena arena = Arena.ofConfined()) {
            return sendMany(fd, count, arena.allocateFrom("1234"));
        }
    }

    /** What a stranger can send, and this library does not. */
    private long sendMany(Fd fd, int count, MemorySegment message) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = arena.allocate(Cmsg.DATA + (count + 1L & ~1L) * Integer.BYTES, 8);
            control.set(JAVA_LONG, Cmsg.LEN, Cmsg.DATA + count * Integer.BYTES);
            control.set(JAVA_INT, Cmsg.LEVEL, Linux.SOL_SOCKET);
            control.set(JAVA_INT, Cmsg.TYPE, Linux.SCM_RIGHTS);
            for (int i = 0; i < count; i++) {
                control.set(JAVA_INT, Cmsg.DATA + i * 4L, fd.value());
            }
            MsgHdr header = MsgHdr.of(arena, message);
            header.control(new Cmsg(control));
            return SystemCall.SENDMSG.on(pair[0].fd(), header.address(), 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageThatIsTooLongIsDroppedWithItsDescriptor(boolean direct) {
        try (Memfd memory = Memfd.create("seqpacket-test", 4096)) {
            List<String> before = OpenFiles.now();
            assertThat(pair[0].send(hello(), memory.fd())).isEqualTo(5);
            assertThat(pair[0].send(hello(), null)).isEqualTo(5);
            List<Fd> fds = new ArrayList<>();
            ByteBuffer into = buffer(direct, 4);
            assertThat(pair[1].receive(into, fds)).isEqualTo(-Errno.EBADMSG);
            assertThat(into.position()).isZero();
            assertThat(fds).isEmpty();
            assertThat(OpenFiles.now()).isEqualTo(before);
            assertThat(pair[1].receive(room())).as("the next is whole").isEqualTo(5);
        }
    }

    @Test
    void aFullSocketTakesNothingUntilThereIsRoom() {
        int sent = 0;
        while (pair[0].send(hello(), null) == 5) {
            sent++;
        }
        assertThat(pair[0].send(hello(), null)).isEqualTo(-Errno.EAGAIN);
        assertThat(pair[0].awaitWritable(System.nanoTime() + 1_000_000)).isFalse();
        for (int i = 0; i < sent; i++) {
            assertThat(pair[1].receive(room())).isEqualTo(5);
        }
        assertThat(pair[0].awaitWritable(Long.MAX_VALUE)).isTrue();
        assertThat(pair[0].send(hello(), null)).isEqualTo(5);
    }

    @Test
    void whatWasSentComesBeforeTheEndOfFile() {
        pair[0].send(hello(), null);
        pair[0].shutdown();
        pair[0].shutdown();
        assertThat(pair[1].receive(room())).isEqualTo(5);
        assertThat(pair[1].receive(room())).isZero();
        assertThat(pair[1].send(hello(), null)).as("no signal ends the process").isEqualTo(-Errno.EPIPE);
    }

    @Test
    void aPeerThatClosesUnreadIsAResetFirst() {
        pair[0].send(hello(), null);
        pair[1].send(hello(), null);
        pair[0].close();
        assertThat(pair[1].receive(room())).isEqualTo(-Errno.ECONNRESET);
        assertThat(pair[1].receive(room())).isEqualTo(5);
        assertThat(pair[1].receive(room())).isZero();
    }

    @Test
    void awaitReadableSeesMessageEndAndDeadline() {
        long deadline = System.nanoTime() + 10_000_000;
        assertThat(pair[1].awaitReadable(deadline)).isFalse();
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        assertThat(pair[1].awaitReadable(0)).isFalse();
        assertThat(pair[1].awaitReadable(Long.MIN_VALUE)).as("far past").isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(
                () -> pair[1].awaitReadable(Long.MAX_VALUE), task -> Thread.ofVirtual().start(task));
        pair[0].send(hello(), null);
        assertThat(waiting.join()).isTrue();
        assertThat(pair[1].receive(room())).isEqualTo(5);
        pair[0].close();
        assertThat(pair[1].awaitReadable(Long.MAX_VALUE)).isTrue();
    }

    @Test
    void aClosedOneIsRefused() {
        pair[0].close();
        pair[0].close();
        assertThatThrownBy(() -> pair[0].send(hello(), null)).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> pair[0].receive(room())).isInstanceOf(ObjectClosedException.class);
    }

    private static ByteBuffer hello() {
        return ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer room() {
        return ByteBuffer.allocate(64);
    }
}
