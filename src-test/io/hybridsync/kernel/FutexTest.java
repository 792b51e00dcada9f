package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.hybridsync.error.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FutexTest {

    private static final long FOREVER = Long.MAX_VALUE;
    private static final Executor THREAD = task -> Thread.ofPlatform().daemon().start(task);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment words = arena.allocate(64, 64);
    private final long word = words.address();
    private final long[] some = {word, word + 8, word + 16};
    private final int[] unlike = {0, 0, 1};

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void anotherValueTurnsBackAtOnce() {
        assertThat(Futex.await(word, 1, FOREVER)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void negativeValuesAreValuesLikeOthers() {
        words.set(JAVA_INT, 0, Integer.MIN_VALUE);
        assertThat(Futex.await(word, Integer.MIN_VALUE, 0)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(awaitAny(System.nanoTime(), Integer.MIN_VALUE, 0)).isEqualTo(-Errno.ETIMEDOUT);
    }

    @Test
    void theDeadlineIsInTheClockOfNanoTime() {
        long deadline = System.nanoTime() + 30_000_000;
        assertThat(Futex.await(word, 0, deadline)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        assertThat(Futex.await(word, 0, deadline)).as("past").isEqualTo(-Errno.ETIMEDOUT);
        assertThat(Futex.await(word, 0, Long.MIN_VALUE)).as("negative").isEqualTo(-Errno.ETIMEDOUT);
    }

    @Test
    void nanoTimeIsClockMonotonic() throws Throwable {
        FunctionDescriptor shape =
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ValueLayout.ADDRESS);
        Linker linker = Linker.nativeLinker();
        MethodHandle clock = linker.downcallHandle(
                linker.defaultLookup().find("clock_gettime").orElseThrow(), shape);
        for (int i = 0; i < 1000; i++) {
            long before = System.nanoTime();
            assertThat((int) clock.invokeExact(Linux.CLOCK_MONOTONIC, words)).isZero();
            long between = words.get(JAVA_LONG, 0) * 1_000_000_000 + words.get(JAVA_LONG, 8);
            assertThat(between).isBetween(before, System.nanoTime());
        }
    }

    @Test
    void wakeTellsHowManyItWoke() {
        assertThat(Futex.wake(word, 5)).isZero();
        CompletableFuture<Integer> sleeper = asleep(word, 0);
        wakeOne(word);
        assertThat(sleeper.join()).isZero();
    }

    /** The same memory at two addresses, as two processes see it: a private futex would not find the sleeper. */
    @Test
    void sleepersAreSharedThroughTheMemory() {
        try (Memfd memory = Memfd.create("futex-test", 4096)) {
            Mapping one = memory.map();
            Mapping other = memory.map();
            try {
                CompletableFuture<Integer> sleeper = asleep(one.address(), 0);
                wakeOne(other.address());
                assertThat(sleeper.join()).isZero();
            } finally {
                Reference.reachabilityFence(one);
                Reference.reachabilityFence(other);
            }
        }
    }

    @Test
    void awaitAnyTellsWhichWordWasWoken() {
        for (int index = 0; index < 3; index++) {
            CompletableFuture<Integer> sleeper =
                    CompletableFuture.supplyAsync(() -> awaitAny(FOREVER, 0, 0, 0), THREAD);
            wakeOne(word + index * 8L);
            assertThat(sleeper.join()).isEqualTo(index);
        }
    }

    @Test
    void awaitAnyComparesEveryWord() {
        assertThat(awaitAny(FOREVER, 0, 0, 1)).isEqualTo(-Errno.EAGAIN);
        long deadline = System.nanoTime() + 10_000_000;
        assertThat(awaitAny(deadline, 0, 0, 0)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
    }

    @Test
    void awaitAnyTakesAsManyWordsAsTheKernel() {
        long[] addresses = new long[Futex.MAX_WORDS + 1];
        Arrays.fill(addresses, word);
        int[] expected = new int[addresses.length];
        assertThat(Futex.awaitAny(addresses, expected, Futex.MAX_WORDS, 0)).isEqualTo(-Errno.ETIMEDOUT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Futex.awaitAny(addresses, expected, Futex.MAX_WORDS + 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Futex.awaitAny(addresses, expected, 0, 0));
    }

    @Test
    void memoryThatIsNotMappedIsAnError() {
        assertThatThrownBy(() -> Futex.await(4096, 0, FOREVER))
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EFAULT))
                .hasMessageContaining("EFAULT");
    }

    /** Once it is compiled: until then the JVM allocates for itself. */
    @Test
    void theHotPathAllocatesNothing() {
        Sleeper sleeper = Sleeper.ofCurrentThread();
        while (allocatedBy(sleeper) > 5_000) {
            Thread.onSpinWait();
        }
        assertThat(allocatedBy(sleeper)).as("bytes in 35,000 calls").isLessThan(5_000);
    }

    private long allocatedBy(Sleeper sleeper) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
            hotPath(sleeper);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void hotPath(Sleeper sleeper) {
        Futex.wake(word, 1);
        Futex.await(word, 1, FOREVER);
        Futex.await(word, 0, 1);
        sleeper.await(word, 1, FOREVER, true);
        sleeper.await(word, 1, FOREVER, false);
        sleeper.awaitAny(some, unlike, some.length, FOREVER, true);
        sleeper.awaitAny(some, unlike, some.length, FOREVER, false);
    }

    private int awaitAny(long deadlineNanos, int... expected) {
        return Futex.awaitAny(new long[] {word, word + 8, word + 16}, expected, expected.length, deadlineNanos);
    }

    private static CompletableFuture<Integer> asleep(long address, int expected) {
        return CompletableFuture.supplyAsync(() -> Futex.await(address, expected, FOREVER), THREAD);
    }

    /** The kernel says when somebody was asleep there. */
    static void wakeOne(long address) {
        while (Futex.wake(address, 1) == 0) {
            Thread.onSpinWait();
        }
    }
}
