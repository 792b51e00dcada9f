package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Descriptors that take long to close, and those that come after them. */
@ExtendWith(OpenFiles.class)
@Timeout(60)
class CloserTest {

    /** Numbers from here on take until the end of the test. */
    private static final int STUCK = 1_000_000;

    private final CountDownLatch over = new CountDownLatch(1);
    private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
    private final Set<Integer> closed = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean noThread;
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();

    private final Closer closer = new Closer() {
        @Override
        void start(Runnable work) {
            if (noThread) {
                throw new OutOfMemoryError("no thread in this test");
            }
            threads.add(Thread.ofPlatform().daemon().start(work));
        }

        @Override
        void closeNow(int number) {
            begun.add(number);
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("no room in this test");
            }
            if (number >= STUCK) {
                awaitEnd();
            }
            closed.add(number);
        }

        @Override
        long nanoTime() {
            return clock.get();
        }
    };

    @BeforeAll
    static void load() {
        Lingering.load();
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        over.countDown();
        closer.awaitIdle();
    }

    private void stick(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            clock.addAndGet(Closer.PATIENCE_NANOS);
            closer.close(STUCK + i);
            assertThat(begun.take()).isEqualTo(STUCK + i);
        }
    }

    @Test
    void allAreClosedAndOneAfterTheOtherByOneThread() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            closer.close(i);
            closer.awaitIdle();
            assertThat(closed).hasSize(i + 1);
        }
        assertThat(threads).hasSize(1);
    }

    @Test
    void whoIsStuckHoldsUpNobodyElse() throws InterruptedException {
        stick(Closer.MOST_THREADS - 1);
        for (int i = 0; i < 100; i++) {
            closer.close(i);
        }
        clock.addAndGet(Closer.PATIENCE_NANOS - 1);
        closer.relieve();
        assertThat(threads).as("it may get on").hasSize(Closer.MOST_THREADS - 1);
        clock.incrementAndGet();
        closer.relieve();
        List<Integer> others = new ArrayList<>();
        while (others.size() < 100) {
            others.add(begun.take());
        }
        assertThat(others).doesNotHaveDuplicates().allMatch(number -> number < STUCK);
        assertThat(closer.behind()).isFalse();
    }

    @Test
    void whenAllAreStuckNoMoreThreadsAreStartedAndManyThatWaitAreTold() throws InterruptedException {
        stick(Closer.MOST_THREADS);
        long begin = clock.get();
        for (int i = 0; i < Closer.MOST_WAITING; i++) {
            closer.close(i);
        }
        clock.set(begin + Closer.STUCK_NANOS);
        assertThat(closer.behind()).as("not many").isFalse();
        closer.close(STUCK - 1);
        clock.set(begin + Closer.STUCK_NANOS - 1);
        assertThat(closer.behind()).as("not long").isFalse();
        clock.set(begin + Closer.STUCK_NANOS);
        assertThat(closer.behind()).isTrue();
        assertThat(threads).hasSize(Closer.MOST_THREADS);
        assertThat(begun).isEmpty();
        over.countDown();
        closer.awaitIdle();
        assertThat(closer.behind()).isFalse();
        assertThat(closed).hasSize(Closer.MOST_THREADS + Closer.MOST_WAITING + 1);
    }

    @Test
    void whatNoThreadCanBeStartedForIsClosedWithTheNext() throws InterruptedException {
        noThread = true;
        closer.close(1);
        noThread = false;
        closer.close(2);
        closer.awaitIdle();
        assertThat(closed).containsExactlyInAnyOrder(1, 2);
    }

    /** The thread is no more, and is not counted: there may be another one. */
    @Test
    void whatThereIsNoRoomToCloseIsClosedByTheNextThread() throws InterruptedException {
        for (int i = 0; i < 2 * Closer.MOST_THREADS; i++) {
            failures.set(1);
            closer.close(i);
            begun.take();
            for (Thread thread : threads) {
                thread.join();
            }
            closer.relieve();
            closer.awaitIdle();
            assertThat(closed).hasSize(i + 1);
        }
    }

    @Test
    void aThreadWithoutWorkEnds() throws InterruptedException {
        closer.close(1);
        for (Thread thread : threads) {
            thread.join();
        }
        closer.close(2);
        closer.awaitIdle();
        assertThat(closed).containsExactlyInAnyOrder(1, 2);
    }

    /** The last who closes it waits for its peer. */
    @Test
    void closingWhatSomebodySentWaitsForNobody() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        try (Lingering socket = Lingering.open()) {
            assertThat(pair[0].send(ByteBuffer.allocate(1), socket.give())).isEqualTo(1);
            socket.letGo();
            List<Fd> fds = new ArrayList<>();
            assertThat(pair[1].receive(ByteBuffer.allocate(8), fds)).isEqualTo(1);
            fds.forEach(Fd::close);
            assertThat(fds).allMatch(Fd::isClosed);
        }
        pair[0].close();
        pair[1].close();
    }

    @Test
    void closingAConnectionWaitsForNothingThatIsUnreadThere() throws Exception {
        SeqPacket[] pair = Sockets.pair();
        try (Lingering socket = Lingering.open()) {
            assertThat(pair[0].send(ByteBuffer.allocate(1), socket.give())).isEqualTo(1);
            socket.letGo();
            pair[1].close();
            assertThat(pair[0].receive(ByteBuffer.allocate(8))).as("the end is seen at once").isIn(0, -Errno.ECONNRESET);
        }
        pair[0].close();
    }
}
