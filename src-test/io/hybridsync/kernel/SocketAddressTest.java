package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.KernelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Listening, connecting and who is at the other end. */
@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SocketAddressTest {

    @TempDir
    Path temp;

    private Directory directory;

    @BeforeEach
    void open() {
        directory = Directory.open(temp);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private int connect(Directory where, String file) {
        try (SeqPacket socket = SeqPacket.open()) {
            return socket.connect(where, file);
        }
    }

    @Test
    void aSocketMayLieDeep() throws IOException {
        Path deep = temp.resolve("a".repeat(200)).resolve("b".repeat(200));
        Files.createDirectories(deep);
        try (Directory where = Directory.open(deep);
                SeqPacket listener = SeqPacket.listen(where, "socket", 5);
                SeqPacket client = SeqPacket.open()) {
            assertThat(deep.resolve("socket").toString().length()).isGreaterThan(400);
            assertThat(Objects.requireNonNull(where.statChild("socket")).isSocket()).isTrue();
            assertThat(listener.accept()).isNull();
            assertThat(client.connect(where, "socket")).isZero();
            assertThat(listener.awaitReadable(Long.MAX_VALUE)).isTrue();
            Objects.requireNonNull(listener.accept()).close();
            assertThat(listener.accept()).isNull();
        }
    }

    @Test
    void whatTheListenerDecidesIsAnAnswer() {
        assertThat(connect(directory, "socket")).isEqualTo(-Errno.ENOENT);
        SeqPacket listener = SeqPacket.listen(directory, "socket", 0);
        try (SeqPacket first = SeqPacket.open();
                SeqPacket second = SeqPacket.open()) {
            assertThat(first.connect(directory, "socket")).isZero();
            assertThat(second.connect(directory, "socket")).as("backlog").isEqualTo(-Errno.EAGAIN);
            Objects.requireNonNull(listener.accept()).close();
            assertThat(second.connect(directory, "socket")).as("tried again").isZero();
        }
        listener.close();
        assertThat(connect(directory, "socket")).as("a leftover").isEqualTo(-Errno.ECONNREFUSED);
        assertThat(directory.unlink("socket")).isTrue();
    }

    @Test
    void anotherTypeOfSocketIsAnAnswer() {
        int sockStream = 1;
        try (Fd stream = new Fd((int) SystemCall.SOCKET.call(Linux.AF_UNIX, sockStream, 0, 0));
                Arena arena = Arena.ofConfined()) {
            SockaddrUn address = SockaddrUn.of(arena, directory.procPath("stream"));
            assertThat(SystemCall.BIND.on(stream, address.address(), SockaddrUn.BYTES, 0)).isZero();
            assertThat(connect(directory, "stream")).isEqualTo(-Errno.EPROTOTYPE);
        }
    }

    @Test
    void aLeftoverIsInTheWayUntilItIsUnlinked() {
        SeqPacket.listen(directory, "socket", 5).close();
        assertThatThrownBy(() -> SeqPacket.listen(directory, "socket", 5))
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE))
                .hasMessageContaining("bind(" + temp + ", socket)");
        directory.unlink("socket");
        SeqPacket.listen(directory, "socket", 5).close();
    }

    @Test
    void aNameThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SeqPacket.listen(directory, "x".repeat(100), 5));
        assertThatIllegalArgumentException().isThrownBy(() -> connect(directory, "x".repeat(100)));
    }

    @Test
    void bothEndsKnowWhoTheOtherIs() throws Exception {
        Peer self = new Peer(Processes.getpid(), Processes.geteuid(), Processes.getegid());
        try (SeqPacket listener = SeqPacket.listen(directory, "socket", 5);
                SeqPacket client = SeqPacket.open()) {
            assertThat(client.connect(directory, "socket")).isZero();
            try (SeqPacket server = Objects.requireNonNull(listener.accept())) {
                assertThat(server.peer()).isEqualTo(self);
                assertThat(client.peer()).isEqualTo(self);
                assertThat(server.peerGroups()).containsExactlyInAnyOrder(ProcessesTest.ids("Groups:"));
            }
        }
    }
}
