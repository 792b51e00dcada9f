package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.KernelException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class EpollTest {

    private static final long FAR = 0x7654_3210_fedc_ba98L;

    private Epoll epoll;
    private EventFd event;
    private SeqPacket[] pair;

    @BeforeEach
    void open() {
        epoll = Epoll.create();
        event = EventFd.create();
        pair = Sockets.pair();
    }

    @AfterEach
    void close() {
        epoll.close();
        event.close();
        pair[0].close();
        pair[1].close();
    }

    @Test
    void everyEventComesWithItsData() {
        epoll.add(event.fd(), Linux.EPOLLIN, FAR);
        epoll.add(pair[0].fd(), Linux.EPOLLIN | Linux.EPOLLOUT, -1);
        event.signal();
        Map<Long, Integer> results = new TreeMap<>();
        int count = epoll.await(Long.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            results.put(epoll.data(i), epoll.events(i));
        }
        assertThat(results).isEqualTo(Map.of(FAR, Linux.EPOLLIN, -1L, Linux.EPOLLOUT));
        assertThatThrownBy(() -> epoll.data(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> epoll.events(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void interestIsChangedAndRemoved() {
        epoll.add(pair[0].fd(), Linux.EPOLLOUT, 1);
        assertThat(epoll.await(0)).isEqualTo(1);
        epoll.modify(pair[0].fd(), Linux.EPOLLIN, 2);
        assertThat(epoll.await(0)).isZero();
        pair[1].send(ByteBuffer.wrap(new byte[1]), null);
        assertThat(epoll.await(0)).isEqualTo(1);
        assertThat(epoll.data(0)).isEqualTo(2);
        epoll.remove(pair[0].fd());
        assertThat(epoll.await(0)).isZero();
        assertThatThrownBy(() -> epoll.remove(pair[0].fd()))
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void thePeersEndIsAnEvent() {
        epoll.add(pair[0].fd(), Linux.EPOLLIN | Linux.EPOLLRDHUP, 1);
        pair[1].close();
        assertThat(epoll.await(0)).isEqualTo(1);
        assertThat(epoll.events(0)).isEqualTo(Linux.EPOLLIN | Linux.EPOLLRDHUP | Linux.EPOLLHUP);
    }

    @Test
    void aClosedDescriptorIsNoLongerWatched() {
        epoll.add(event.fd(), Linux.EPOLLIN, 1);
        event.signal();
        event.close();
        assertThat(epoll.await(0)).isZero();
    }

    @Test
    void theDeadlineIsNotEarly() {
        long deadline = System.nanoTime() + 3_500_000;
        assertThat(epoll.await(deadline)).isZero();
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        assertThat(epoll.await(Long.MIN_VALUE)).as("far past").isZero();
    }

    @Test
    void anotherThreadEndsAWaitForEver() {
        epoll.add(event.fd(), Linux.EPOLLIN, 1);
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(
                () -> epoll.await(Long.MAX_VALUE), task -> Thread.ofPlatform().start(task));
        event.signal();
        assertThat(waiting.join()).isEqualTo(1);
    }

    @Test
    void signalsAreCounted() {
        assertThat(event.drain()).isZero();
        event.signal();
        event.signal();
        assertThat(event.drain()).isEqualTo(2);
        assertThat(event.drain()).isZero();
    }
}
