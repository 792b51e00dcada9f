package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FdTest {

    @Test
    void isClosedOnce() {
        Fd fd = Memfd.create("fd-test", 4096).fd();
        int number = fd.value();
        fd.close();
        assertThat(fd.isClosed()).isTrue();
        try (Memfd next = Memfd.create("fd-test-next", 4096)) {
            assertThat(next.fd().value()).as("the kernel reuses the number").isEqualTo(number);
            fd.close();
            assertThat(Stat.of(next.fd()).size()).as("a second close does nothing").isEqualTo(4096);
        }
    }

    @Test
    void aClosedOneIsRefused() {
        Fd fd = Memfd.create("fd-test", 4096).fd();
        fd.close();
        assertThatThrownBy(fd::value).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> Stat.of(fd)).isInstanceOf(ObjectClosedException.class);
        assertThat(fd).hasToString("fd " + fd.toString().split(" ", -1)[1] + " (closed)");
    }

    @Test
    void theNumberIsNotGivenBackWhileACallIsInside() {
        Fd fd = Memfd.create("fd-test", 4096).fd();
        int number = fd.enter();
        fd.close();
        assertThat(fd.tryEnter()).isFalse();
        try (Memfd next = Memfd.create("fd-test-next", 4096)) {
            assertThat(next.fd().value()).isNotEqualTo(number);
        }
        fd.leave();
        try (Memfd next = Memfd.create("fd-test-next", 4096)) {
            assertThat(next.fd().value()).isEqualTo(number);
        }
    }

    @Test
    void closeGetsAThreadOutOfAWaitForASocket() {
        SeqPacket[] pair = Sockets.pair();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(
                () -> pair[0].awaitReadable(Long.MAX_VALUE), task -> Thread.ofPlatform().start(task));
        while (pair[0].fd().calls() == 0) {
            Thread.onSpinWait();
        }
        pair[0].close();
        assertThat(waiting.join()).isTrue();
        pair[1].close();
    }

    @Test
    void everyDescriptorIsCloseOnExec(@TempDir Path temp) {
        try (Memfd memfd = Memfd.create("fd-test", 4096);
                Directory directory = Directory.open(temp);
                Fd file = directory.openFile("file", Linux.O_CREAT | Linux.O_RDWR, 0600);
                SeqPacket listener = SeqPacket.listen(directory, "socket", 5);
                SeqPacket client = SeqPacket.open();
                Epoll epoll = Epoll.create();
                EventFd event = EventFd.create();
                PidFd process = Objects.requireNonNull(PidFd.open(Processes.getpid()))) {
            directory.makeChild("child", 0700);
            assertThat(client.connect(directory, "socket")).isZero();
            try (SeqPacket server = Objects.requireNonNull(listener.accept());
                    Directory child = directory.child("child")) {
                SeqPacket[] pair = Sockets.pair();
                List<Fd> all = List.of(
                        memfd.fd(), directory.fd(), file, listener.fd(), client.fd(), epoll.fd(), event.fd(),
                        process.fd(), server.fd(), child.fd(), pair[0].fd(), pair[1].fd());
                assertThat(all).allSatisfy(fd -> assertThat(OpenFiles.flags(fd) & Linux.O_CLOEXEC).isNotZero());
                pair[0].close();
                pair[1].close();
            }
        }
    }
}
