package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ParkingTest {

    private static final long FOREVER = Long.MAX_VALUE;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(64, 64);
    private final long word = memory.address();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void turnsBackTimesOutAndIsWoken() {
        assertThat(Parking.await(word, 1, FOREVER, true, this)).isEqualTo(-Errno.EAGAIN);
        long deadline = System.nanoTime() + 50_000_000;
        assertThat(Parking.await(word, 0, deadline, true, this)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        CompletableFuture<Integer> woken =
                CompletableFuture.supplyAsync(() -> Parking.await(word, 0, FOREVER, true, this), VIRTUAL);
        FutexTest.wakeOne(word);
        assertThat(woken.join()).isZero();
        assertThat(memory.get(JAVA_INT, 0)).isZero();
    }
}
