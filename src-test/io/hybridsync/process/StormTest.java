package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import io.hybridsync.process.StormThread.End;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Interrupts and time-outs rain on threads that wait in every way: each wait is granted, or interrupted, or has timed out,
 * never two of these and never none; and everything is there in the end.
 *
 * <p>{@code -Dstorm.seed=N} gives the same choices again, {@code -Dstorm.seconds=N} makes it longer.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class StormTest {

    private static final int THREADS = 8;
    private static final int MILLIS = 500;
    private static final int LEAST_ATTEMPTS = 500;
    private static final long LONGEST_PAUSE_NANOS = 100_000;

    @TempDir
    Path directory;

    private final AtomicLong progress = new AtomicLong();

    /** How threads wait. */
    enum Manner {
        DIRECT,
        PARKED,
        VIRTUAL
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "PARKED, false", "VIRTUAL, false", "DIRECT, true", "PARKED, true", "VIRTUAL, true"})
    void grantedOrInterruptedOrTooLate(Manner manner, boolean brokerOnly) throws Exception {
        try (SyncDomain domain = open(manner)) {
            StormObjects objects = new StormObjects(domain, brokerOnly);
            AtomicBoolean over = new AtomicBoolean();
            Map<End, Integer> ends = storm(manner, objects::take, over::get, random -> {}, () -> over.compareAndSet(false, true));
            System.out.printf("storm, %s%s: %s%n", manner, brokerOnly ? " at the broker" : "", ends);
            assertThat(objects.isComplete()).isTrue();
            assertThat(ends).containsKeys(End.GRANTED, End.TIMED_OUT, End.INTERRUPTED);
        }
        Residue.assertNone(directory);
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "PARKED, false", "VIRTUAL, false", "DIRECT, true", "PARKED, true", "VIRTUAL, true"})
    void everySignalOfAConditionIsHeardOnce(Manner manner, boolean brokerOnly) throws Exception {
        try (SyncDomain domain = open(manner)) {
            StormCondition condition = new StormCondition(domain, brokerOnly);
            FutureTask<Void> listener = start(manner, () -> {
                condition.listen();
                return null;
            });
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong signals = new AtomicLong();
            Map<End, Integer> ends = storm(manner, condition::hear, over::get, random -> signals.set(condition.signal()), () -> {
                over.set(true);
                return condition.end();
            });
            listener.get();
            System.out.printf("storm, condition, %s%s: %d signals, %s%n",
                    manner, brokerOnly ? " at the broker" : "", signals.get(), ends);
            assertThat(signals).hasPositiveValue();
            assertThat(ends).containsKeys(End.GRANTED, End.TIMED_OUT, End.INTERRUPTED);
        }
        Residue.assertNone(directory);
    }

    /** What the storm does besides. */
    private interface Gust {
        void blow(Random random);
    }

    /** @param end makes the threads end, and says whether that has worked */
    private Map<End, Integer> storm(
            Manner manner, StormThread.Attempt attempt, BooleanSupplier over, Gust gust, BooleanSupplier end)
            throws InterruptedException, ExecutionException {
        long seed = Long.getLong("storm.seed", System.nanoTime());
        System.out.println("storm.seed=" + seed);
        Random random = new Random(seed);
        List<StormThread> threads = new ArrayList<>();
        List<FutureTask<Map<End, Integer>>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(new StormThread(counted(attempt), new Random(random.nextLong()), over));
            tasks.add(start(manner, threads.getLast()));
        }
        try (Watchdog _ = Watchdog.start("storm", progress::get, () -> {})) {
            long until = System.nanoTime() + duration().toNanos();
            while (isToGoOn(until) && tasks.stream().noneMatch(FutureTask::isDone)) {
                threads.get(random.nextInt(THREADS)).interrupt();
                LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
                gust.blow(random);
            }
            while (!end.getAsBoolean()) {
                LockSupport.parkNanos(LONGEST_PAUSE_NANOS);
            }
            Map<End, Integer> ends = new EnumMap<>(End.class);
            for (FutureTask<Map<End, Integer>> task : tasks) {
                task.get().forEach((how, times) -> ends.merge(how, times, Integer::sum));
            }
            return ends;
        }
    }

    /** On a busy machine little happens in that time, and not each of all ends. */
    private boolean isToGoOn(long until) {
        return System.nanoTime() - until < 0 || progress.get() < LEAST_ATTEMPTS;
    }

    private StormThread.Attempt counted(StormThread.Attempt attempt) {
        return random -> {
            progress.incrementAndGet();
            return attempt.isGranted(random);
        };
    }

    private static Duration duration() {
        int seconds = Integer.getInteger("storm.seconds", 0);
        return seconds > 0 ? Duration.ofSeconds(seconds) : Duration.ofMillis(MILLIS);
    }

    private static <T> FutureTask<T> start(Manner manner, Callable<T> callable) {
        FutureTask<T> task = new FutureTask<>(callable);
        Thread.Builder builder = manner == Manner.VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform();
        builder.start(task);
        return task;
    }

    private SyncDomain open(Manner manner) {
        return SyncDomain.builder("storm")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .waiting(manner == Manner.PARKED ? Waiting.PARKED : Waiting.DIRECT)
                .linger(Duration.ZERO).claimTimeout(Duration.ofHours(1))
                .open();
    }
}
