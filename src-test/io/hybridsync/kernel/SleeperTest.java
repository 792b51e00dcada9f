package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hybridsync.process.Idleness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SleeperTest {

    private static final long FOREVER = Long.MAX_VALUE;
    private static final VarHandle WORD = JAVA_INT.varHandle();
    private static final Executor PLATFORM = task -> Thread.ofPlatform().daemon().start(task);
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(64, 64);
    private final long word = memory.address();

    @AfterEach
    void free() {
        arena.close();
    }

    private static Sleeper sleeper(boolean futexWaitv) {
        return new Sleeper(new Features(futexWaitv, true, true, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void turnsBackTimesOutAndIsWoken(boolean futexWaitv) {
        for (boolean interruptible : new boolean[] {true, false}) {
            Sleeper here = sleeper(futexWaitv);
            assertThat(here.await(word, 1, FOREVER, interruptible)).isEqualTo(-Errno.EAGAIN);
            long deadline = System.nanoTime() + 50_000_000;
            assertThat(here.await(word, 0, deadline, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
            assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
            CompletableFuture<Integer> woken = CompletableFuture.supplyAsync(
                    () -> sleeper(futexWaitv).await(word, 0, FOREVER, interruptible), PLATFORM);
            FutexTest.wakeOne(word);
            assertThat(woken.join()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptOnEntryComesFirstAndStays(boolean futexWaitv) {
        Thread.currentThread().interrupt();
        assertThat(sleeper(futexWaitv).await(word, 0, FOREVER, true)).isEqualTo(-Errno.EINTR);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUninterruptibleSleepDoesNotLoseAnInterrupt(boolean futexWaitv) {
        Thread.currentThread().interrupt();
        long deadline = System.nanoTime() + 50_000_000;
        assertThat(sleeper(futexWaitv).await(word, 0, deadline, false)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUninterruptibleSleepDoesNotSpinOnAnInterrupt(boolean futexWaitv) {
        CompletableFuture<Path> thread = new CompletableFuture<>();
        CompletableFuture<Integer> woken = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    thread.complete(Idleness.currentThread());
                    return sleeper(futexWaitv).await(word, 0, FOREVER, false);
                },
                PLATFORM);
        Idleness.awaitThread(thread.join(), Duration.ofMillis(100));
        FutexTest.wakeOne(word);
        assertThat(woken.join()).isZero();
    }

    /**
     * One thread sleeps, and takes each interrupt it is told of; one interrupts it at a random moment and waits until
     * the interrupt was taken; one wakes and changes the word at random, so that the interrupts also meet a thread that
     * is about to sleep, or just woken. A lost interrupt hangs, a doubled one is counted.
     */
    @ParameterizedTest
    @CsvSource({"true, true, 5000", "true, false, 5000", "false, true, 100", "false, false, 100"})
    void noInterruptIsLostOrDoubled(boolean futexWaitv, boolean disturbed, int interrupts) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        CompletableFuture<String> verdict = new CompletableFuture<>();
        Thread sleeping = Thread.ofPlatform()
                .daemon()
                .start(() -> verdict.complete(takeInterrupts(sleeper(futexWaitv), taken, interrupts)));
        CompletableFuture<Void> disturber = disturbed
                ? CompletableFuture.runAsync(() -> disturb(sleeping), PLATFORM)
                : CompletableFuture.completedFuture(null);
        for (int i = 1; i <= interrupts; i++) {
            spin(ThreadLocalRandom.current().nextInt(20_000));
            sleeping.interrupt();
            while (taken.get() < i && !verdict.isDone()) {
                Thread.onSpinWait();
            }
        }
        assertThat(verdict.get()).isEqualTo("each taken once");
        disturber.get();
    }

    private String takeInterrupts(Sleeper sleeper, AtomicInteger taken, int interrupts) {
        while (taken.get() < interrupts) {
            int result = sleeper.await(word, (int) WORD.getVolatile(memory, 0L), FOREVER, true);
            if (result == -Errno.EINTR) {
                if (!Thread.interrupted()) {
                    return "-EINTR without an interrupt";
                }
                taken.incrementAndGet();
            } else if (result != 0 && result != -Errno.EAGAIN) {
                return "result " + result;
            }
        }
        int after = sleeper.await(word, (int) WORD.getVolatile(memory, 0L), System.nanoTime() + 1_000_000, true);
        return after == -Errno.EINTR ? "one too many" : "each taken once";
    }

    private void disturb(Thread sleeping) {
        while (sleeping.isAlive()) {
            spin(ThreadLocalRandom.current().nextInt(30_000));
            if (ThreadLocalRandom.current().nextBoolean()) {
                int _ = (int) WORD.getAndAdd(memory, 0L, 1);
            }
            Futex.wake(word, 1);
        }
    }

    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** The interrupter rings after it has let go of the thread: it then meets a thread that is not interrupted. */
    @Test
    void aLateRingIsASpuriousWakeUpOnceAndNoInterrupt() {
        CancelWord cancel = new CancelWord();
        Sleeper sleeper = new Sleeper(new Features(true, true, true, true), cancel);
        cancel.wakeup();
        assertThat(sleeper.await(word, 0, System.nanoTime() + 1_000_000, true)).isEqualTo(-Errno.ETIMEDOUT);
        CompletableFuture<Integer> asleep =
                CompletableFuture.supplyAsync(() -> sleeper.await(word, 0, FOREVER, true), PLATFORM);
        FutexTest.wakeOne(cancel.address());
        assertThat(asleep.join()).as("woken through the cancel word alone").isZero();
    }

    /** The interrupt comes after the look on entry, and before the thread is armed. */
    @Test
    void anInterruptOfAThreadThatIsAboutToSleepIsSeen() {
        CancelWord cancel = new CancelWord() {
            @Override
            void arm() {
                Thread.currentThread().interrupt();
                super.arm();
            }
        };
        Sleeper sleeper = new Sleeper(new Features(true, true, true, true), cancel);
        assertThat(sleeper.await(word, 0, FOREVER, true)).isEqualTo(-Errno.EINTR);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sleeper.await(word, 1, FOREVER, true)).as("the word comes first").isNotZero();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theCancelWordChangesWithEveryInterruptThatMeetsItArmed() {
        CancelWord cancel = new CancelWord();
        int before = cancel.value();
        Thread.currentThread().interrupt();
        assertThat(cancel.value()).as("not armed").isEqualTo(before);
        cancel.arm();
        assertThat(cancel.value()).as("interrupted before it was armed").isEqualTo(before + 1);
        cancel.disarm();
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void virtualThreadsMaySleepToo(boolean futexWaitv) {
        Supplier<Integer> sleep = () -> sleeper(futexWaitv).await(word, 0, FOREVER, true);
        CompletableFuture<Integer> woken = CompletableFuture.supplyAsync(sleep, VIRTUAL);
        FutexTest.wakeOne(word);
        assertThat(woken.join()).isZero();

        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    started.complete(Thread.currentThread());
                    return sleep.get() == -Errno.EINTR && Thread.interrupted();
                },
                VIRTUAL);
        started.join().interrupt();
        assertThat(interrupted.join()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitAnyTurnsBackTimesOutAndIsWokenAtEachWord(boolean interruptible) {
        Sleeper here = sleeper(true);
        assertThat(here.awaitAny(words(3), new int[] {0, 0, 1}, 3, FOREVER, interruptible))
                .isEqualTo(-Errno.EAGAIN);
        assertThat(here.awaitAny(words(3), new int[] {0, 0, 1}, 2, 1, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Integer> woken = CompletableFuture.supplyAsync(
                    () -> sleeper(true).awaitAny(words(3), new int[3], 3, FOREVER, interruptible), PLATFORM);
            FutexTest.wakeOne(word + 4L * i);
            assertThat(woken.join()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitAnyTakesTheMostWords(boolean interruptible) {
        long[] most = new long[Sleeper.MOST_WORDS + 1];
        Arrays.fill(most, word);
        int[] expected = new int[most.length];
        Sleeper here = sleeper(true);
        assertThat(here.awaitAny(most, expected, Sleeper.MOST_WORDS, 1, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(here.awaitAny(most, expected, 1, 1, interruptible)).isEqualTo(-Errno.ETIMEDOUT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> here.awaitAny(most, expected, Sleeper.MOST_WORDS + 1, 1, interruptible));
        assertThatIllegalArgumentException().isThrownBy(() -> here.awaitAny(most, expected, 0, 1, interruptible));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> sleeper(false).awaitAny(most, expected, 1, 1, interruptible));
    }

    @Test
    void anInterruptEndsAwaitAnyOnEntryAndAsleep() {
        Thread.currentThread().interrupt();
        assertThat(sleeper(true).awaitAny(words(3), new int[3], 3, FOREVER, true)).isEqualTo(-Errno.EINTR);
        assertThat(sleeper(true).awaitAny(words(3), new int[3], 3, 1, false)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(Thread.interrupted()).isTrue();

        CancelWord cancel = new CancelWord();
        Sleeper sleeper = new Sleeper(new Features(true, true, true, true), cancel);
        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Integer> asleep = CompletableFuture.supplyAsync(
                () -> {
                    started.complete(Thread.currentThread());
                    int result = sleeper.awaitAny(words(3), new int[3], 3, FOREVER, true);
                    return Thread.interrupted() ? result : 1;
                },
                PLATFORM);
        started.join().interrupt();
        assertThat(asleep.join()).isEqualTo(-Errno.EINTR);

        CompletableFuture<Integer> late = CompletableFuture.supplyAsync(
                () -> sleeper.awaitAny(words(3), new int[3], 3, FOREVER, true), PLATFORM);
        FutexTest.wakeOne(cancel.address());
        assertThat(late.join()).as("woken through the cancel word alone").isZero();
    }

    private long[] words(int count) {
        long[] words = new long[count];
        Arrays.setAll(words, i -> word + 4L * i);
        return words;
    }

    @Test
    void everyThreadHasItsOwn() {
        Sleeper mine = Sleeper.ofCurrentThread();
        assertThat(Sleeper.ofCurrentThread()).isSameAs(mine);
        assertThat(CompletableFuture.supplyAsync(Sleeper::ofCurrentThread, PLATFORM).join())
                .isNotSameAs(mine);
    }
}
