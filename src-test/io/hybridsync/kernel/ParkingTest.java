package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hybridsync.error.KernelException;
import io.hybridsync.process.Idleness;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ParkingTest {

    private static final long FOREVER = Long.MAX_VALUE;
    private static final long IDLE = 20_000_000;
    private static final Executor PLATFORM = task -> Thread.ofPlatform().daemon().start(task);
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final Arena arena = Arena.ofShared();
    private final Words words = new Words(300, arena);
    private final List<Dispatchers> made = new ArrayList<>();
    private final Dispatchers dispatchers = dispatchers(true);

    private Dispatchers dispatchers(boolean futexWaitv) {
        return made(new Dispatchers(new Features(futexWaitv, true, true, true), IDLE));
    }

    private Dispatchers made(Dispatchers by) {
        made.add(by);
        return by;
    }

    /** Also that every dispatcher ends, and that no word is kept. */
    @AfterEach
    void free() throws InterruptedException {
        for (Dispatchers by : made) {
            for (Thread thread : by.threads()) {
                thread.join();
            }
            assertThat(by.words()).isZero();
        }
        arena.close();
    }

    private int await(int index, int expected, long deadlineNanos, boolean interruptible) {
        return await(dispatchers, index, expected, deadlineNanos, interruptible);
    }

    private int await(Dispatchers by, int index, int expected, long deadlineNanos, boolean interruptible) {
        return by.await(new long[] {words.address(index)}, new int[] {expected}, 1, deadlineNanos, interruptible, this);
    }

    /** One that waits for a word with value 0, and is seen to. */
    private CompletableFuture<Integer> parked(Dispatchers by, Executor executor, int... indices) {
        return parkedAt(0, by, executor, indices);
    }

    private CompletableFuture<Integer> parkedAt(int expected, Dispatchers by, Executor executor, int... indices) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        int[] values = new int[indices.length];
        Arrays.fill(values, expected);
        CompletableFuture<Integer> result = CompletableFuture.supplyAsync(
                () -> {
                    thread.set(Thread.currentThread());
                    return by.await(addresses(indices), values, indices.length, FOREVER, false, this);
                },
                executor);
        while (thread.get() == null || thread.get().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return result;
    }

    private long[] addresses(int... indices) {
        return Arrays.stream(indices).mapToLong(words::address).toArray();
    }

    private static int[] range(int count) {
        int[] range = new int[count];
        Arrays.setAll(range, i -> i);
        return range;
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void turnsBackTimesOutAndIsWoken(boolean futexWaitv, boolean interruptible) {
        Dispatchers by = dispatchers(futexWaitv);
        assertThat(await(by, 0, 1, FOREVER, interruptible)).isEqualTo(-Errno.EAGAIN);
        assertThat(await(by, 0, 1, 0, interruptible)).isEqualTo(-Errno.EAGAIN);
        assertThat(await(by, 0, 0, Long.MIN_VALUE, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
        long deadline = System.nanoTime() + 30_000_000;
        assertThat(await(by, 0, 0, deadline, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        for (Executor executor : List.of(PLATFORM, VIRTUAL)) {
            CompletableFuture<Integer> woken = parkedAt(words.get(0), by, executor, 0);
            words.release(0);
            assertThat(woken.join()).isZero();
        }
    }

    @Test
    void aWakeAloneIsPassedOnToo() {
        CompletableFuture<Integer> woken = parked(dispatchers, VIRTUAL, 0);
        FutexTest.wakeOne(words.address(0));
        assertThat(woken.join()).isZero();
    }

    @Test
    void anInterruptEndsAnInterruptibleWaitAndStays() {
        Thread.currentThread().interrupt();
        assertThat(await(0, 1, FOREVER, true)).isEqualTo(-Errno.EINTR);
        assertThat(Thread.interrupted()).isTrue();
        for (Executor executor : List.of(PLATFORM, VIRTUAL)) {
            CompletableFuture<Thread> started = new CompletableFuture<>();
            CompletableFuture<Integer> interrupted = CompletableFuture.supplyAsync(
                    () -> {
                        started.complete(Thread.currentThread());
                        int result = await(0, 0, FOREVER, true);
                        return Thread.interrupted() ? result : 1;
                    },
                    executor);
            OneCarrier.awaitState(started.join(), Thread.State.WAITING);
            started.join().interrupt();
            assertThat(interrupted.join()).isEqualTo(-Errno.EINTR);
        }
    }

    @Test
    void anUninterruptibleWaitKeepsTheInterruptAndDoesNotSpin() {
        CompletableFuture<Path> thread = new CompletableFuture<>();
        CompletableFuture<Integer> woken = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    thread.complete(Idleness.currentThread());
                    int result = await(0, 0, FOREVER, false);
                    return Thread.interrupted() ? result : 1;
                },
                PLATFORM);
        Idleness.awaitThread(thread.join(), Duration.ofMillis(50));
        words.release(0);
        assertThat(woken.join()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"WAITING, 9223372036854775807", "TIMED_WAITING, 9223372036854775806"})
    void aParkedThreadShowsWhatItWaitsFor(Thread.State state, long deadline) throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(() -> await(0, 0, deadline, true));
        OneCarrier.awaitState(thread, state);
        assertThat(LockSupport.getBlocker(thread)).isSameAs(this);
        words.release(0);
        thread.join();
    }

    @Test
    void oneWakeOfAWordThatIsAsExpectedWakesOne() {
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(parked(dispatchers, VIRTUAL, 0));
        }
        for (int i = 0; i < 3; i++) {
            FutexTest.wakeOne(words.address(0));
            assertThat(waiters.get(i).join()).as("first in, first out").isZero();
            assertThat(waiters).filteredOn(CompletableFuture::isDone).hasSize(i + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneWakeOfAWordThatHasChangedForGoodLetsAllGo(boolean futexWaitv) {
        Dispatchers by = dispatchers(futexWaitv);
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            waiters.add(parked(by, VIRTUAL, 0));
        }
        words.release(0);
        assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.join()).isZero());
    }

    /** One after the other would be a thousand sleeps; and here no dispatcher wakes up because its patience ends. */
    @Test
    void theyGoInFewRoundsOfWhichEachIsStartedByTheLast() {
        AtomicInteger sleeps = new AtomicInteger();
        AtomicBoolean patient = new AtomicBoolean(true);
        Dispatchers counting = made(new Dispatchers(
                (addresses, expected, count, deadline) -> {
                    sleeps.incrementAndGet();
                    return Futex.awaitAny(addresses, expected, count, patient.get() ? FOREVER : deadline);
                },
                IDLE));
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            waiters.add(parked(counting, VIRTUAL, 0));
        }
        int before = sleeps.get();
        words.release(0);
        assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.join()).isZero());
        assertThat(sleeps.get() - before).isLessThan(100);

        patient.set(false);
        CompletableFuture<Integer> last = parkedAt(1, counting, VIRTUAL, 0);
        FutexTest.wakeOne(words.address(0));
        assertThat(last.join()).isZero();
    }

    /** The kernel names one of the words that were woken. */
    @Test
    void ofWordsThatAreWokenAtOnceEachIsPassedOn() {
        for (int i = 0; i < 50; i++) {
            List<CompletableFuture<Integer>> waiters = new ArrayList<>();
            for (int index = 0; index < 20; index++) {
                waiters.add(parkedAt(i, dispatchers, VIRTUAL, index));
            }
            for (int index = 0; index < 20; index++) {
                words.add(index, 1);
            }
            for (int index = 0; index < 20; index++) {
                Futex.wake(words.address(index), 1);
            }
            assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.join()).isZero());
        }
    }

    /** The word changes without a wake: nobody would notice, but for the one who comes after. */
    @Test
    void whoJoinsWithAnotherValueMakesTheOthersLook() {
        List<CompletableFuture<Integer>> before = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            before.add(parked(dispatchers, VIRTUAL, 0));
        }
        words.add(0, 1);
        CompletableFuture<Integer> after = parkedAt(1, dispatchers, VIRTUAL, 0);
        assertThat(before).allSatisfy(waiter -> assertThat(waiter.join()).isZero());
        assertThat(after).isNotDone();
        FutexTest.wakeOne(words.address(0));
        assertThat(after.join()).isZero();
    }

    /** Else it would take the wake of another process's sleeper. */
    @Test
    void noDispatcherSleepsForWhoHasLeft() {
        int[] all = range(300);
        for (int i = 0; i < 50; i++) {
            long deadline = System.nanoTime() + 200_000;
            assertThat(dispatchers.await(addresses(all), new int[300], 300, deadline, false, null))
                    .isEqualTo(-Errno.ETIMEDOUT);
            assertThat(nobodySleeps()).isTrue();
        }
        CompletableFuture<Integer> woken = parked(dispatchers, PLATFORM, all);
        FutexTest.wakeOne(words.address(299));
        assertThat(woken.join()).isZero();
        assertThat(nobodySleeps()).isTrue();
        assertThat(dispatchers.words()).isZero();
    }

    private boolean nobodySleeps() {
        return Arrays.stream(range(300)).allMatch(index -> Futex.wake(words.address(index), 1) == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitAnyIsWokenAtEachOfManyWords(boolean futexWaitv) {
        Dispatchers by = dispatchers(futexWaitv);
        for (int index : new int[] {0, 126, 127, 299}) {
            CompletableFuture<Integer> woken = parked(by, VIRTUAL, range(300));
            assertThat(by.threads()).hasSize(3);
            words.release(index);
            assertThat(woken.join()).isZero();
            words.add(index, -1);
        }
    }

    @Test
    void whatIsNoWordIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parking.await(words.address(0) + 2, 0, FOREVER, true, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parking.awaitAny(addresses(0), new int[1], 0, FOREVER, true, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parking.awaitAny(addresses(0), new int[1], 2, FOREVER, true, null));
    }

    @Test
    void dispatchersEndWhenIdleAndComeAgain() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Integer> woken = parked(dispatchers, PLATFORM, 0);
            List<Thread> threads = dispatchers.threads();
            assertThat(threads).singleElement().satisfies(thread -> {
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.getName()).startsWith("hybrid-sync dispatcher ");
            });
            FutexTest.wakeOne(words.address(0));
            assertThat(woken.join()).isZero();
            threads.getFirst().join();
            assertThat(dispatchers.threads()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDispatcherThatFailsWakesItsWaitersAndAnotherServesThem(boolean error) throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        Dispatchers failing = made(new Dispatchers(
                (addresses, expected, count, deadline) -> {
                    int result = Futex.awaitAny(addresses, expected, count, deadline);
                    if (words.get(1) == 1 && failures.getAndIncrement() == 0) {
                        failOnPurpose(error);
                    }
                    return result;
                },
                IDLE));
        CompletableFuture<Integer> first = parked(failing, PLATFORM, 0);
        CompletableFuture<Integer> second = parked(failing, VIRTUAL, 0);
        Thread failedOnPurpose = failing.threads().getFirst();
        failedOnPurpose.setUncaughtExceptionHandler((thread, e) -> {});
        words.add(1, 1);
        while (!first.isDone()) {
            Futex.wake(words.address(0), 1);
        }
        assertThat(first.join()).isZero();
        assertThat(second.join()).isZero();
        assertThat(failures).hasPositiveValue();
        failedOnPurpose.join();
        CompletableFuture<Integer> again = parked(failing, VIRTUAL, 0);
        FutexTest.wakeOne(words.address(0));
        assertThat(again.join()).isZero();
    }

    private static void failOnPurpose(boolean error) {
        if (error) {
            throw new StackOverflowError("on purpose");
        }
        throw new KernelException("on purpose", Errno.EFAULT);
    }

    @Test
    void manyVirtualThreadsAtOneSemaphoreAreNoHerd() throws InterruptedException {
        int many = 65_536;
        AtomicInteger waits = new AtomicInteger();
        CountDownLatch waiting = new CountDownLatch(many);
        CountDownLatch through = new CountDownLatch(many);
        for (int i = 0; i < many; i++) {
            Thread.ofVirtual().start(() -> {
                waiting.countDown();
                while (!words.tryAcquire(0)) {
                    waits.incrementAndGet();
                    await(0, 0, FOREVER, false);
                }
                through.countDown();
            });
        }
        waiting.await();
        for (int i = 0; i < many; i++) {
            words.release(0);
        }
        through.await();
        assertThat(words.get(0)).isZero();
        assertThat(waits.get()).as("waits, of which one per thread is due").isLessThan(10 * many);
    }

    @Test
    void manyVirtualThreadsAtAsManyWords() throws InterruptedException {
        int many = 10_000;
        try (Arena memory = Arena.ofShared()) {
            Words own = new Words(many, memory);
            CountDownLatch waiting = new CountDownLatch(many);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int index = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    waiting.countDown();
                    while (!own.tryAcquire(index)) {
                        dispatchers.await(new long[] {own.address(index)}, new int[1], 1, FOREVER, false, null);
                    }
                }));
            }
            waiting.await();
            assertThat(dispatchers.threads()).hasSizeLessThanOrEqualTo(80);
            for (int i = 0; i < many; i++) {
                own.release(i);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void oneCarrierIsEnough() throws Exception {
        List<String> options = List.of(
                "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        try (ChildJvm child = ChildJvm.start(options, "one-carrier")) {
            assertThat(child.line()).isEqualTo("all proceeded");
        }
    }
}
