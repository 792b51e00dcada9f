package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed with SIGKILL, again and again, at any moment, while processes do all that one can do. Nobody is told
 * of it, nobody waits for ever, nothing is taken twice or lost, queues keep their order.
 *
 * <p>{@code -Dtakeover.seed=N} gives the same choices again, {@code -Dtakeover.seconds=N} makes each part so long. The
 * {@link Watchdog} of each process ends a hang.
 */
@Timeout(value = 600, threadMode = ThreadMode.SEPARATE_THREAD)
class TakeOverIT {

    private static final String DOMAIN = "takeover";
    private static final int PROCESSES = 3;
    private static final int SECONDS = 4;
    private static final int QUEUED = 6;
    private static final int LONGEST_HOLD_NANOS = 100_000;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> children = new ArrayList<>();
    private Random random;

    @BeforeEach
    void seed() {
        long seed = Long.getLong("takeover.seed", System.nanoTime());
        System.out.println("takeover.seed=" + seed);
        random = new Random(seed);
    }

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open();
    }

    private static long millis() {
        return TimeUnit.SECONDS.toMillis(Long.getLong("takeover.seconds", SECONDS));
    }

    @Test
    void everythingThatIsTakenIsTakenOnceAndComesBack() throws Exception {
        Path file = files.resolve("ledger");
        MixLedger ledger = new MixLedger(file);
        try (SyncDomain domain = open()) {
            List<HybridObject> objects =
                    IntStream.range(0, Mix.OBJECTS).mapToObj(i -> Mix.create(domain, i)).toList();
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Child.start(MixChild.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + millis(), "" + i));
            }
            while (ledger.progress() == 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            BrokerKiller killer = new BrokerKiller(domain, directory, random);
            killer.killFor(millis());
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(MixChild.DONE));
            assertThat(children).allSatisfy(child -> assertThat(child.waitFor()).isZero());
            System.out.println("takeover, mixed waits: " + killer + "; " + ledger.progress() + " done");
            assertThat(objects).allSatisfy(object -> assertThat(Mix.isComplete(object)).isTrue());
            assertThat(IntStream.range(0, Mix.OBJECTS)).allSatisfy(i -> assertThat(ledger.error(i)).isEmpty());
            assertThat(domain.objects()).hasSize(Mix.OBJECTS);
        }
    }

    /** Of each signal of a condition one hears; every permit that is released is taken by one who waits at the broker. */
    @Test
    void signalsAndGiftsAreHeard() throws Exception {
        Path file = files.resolve("ledger");
        KillLedger ledger = new KillLedger(file);
        try (SyncDomain domain = open()) {
            Gifts gifts = new Gifts(domain, ledger);
            Items items = new Items(domain, ledger);
            List<FutureTask<?>> tasks = new ArrayList<>();
            tasks.add(start(new Heir(domain, ledger, 1, new Random(random.nextLong()), LONGEST_HOLD_NANOS)));
            tasks.add(start(items::take));
            tasks.add(start(items::put));
            for (int i = 0; i < KillLedger.SEMAPHORES; i++) {
                int index = i;
                tasks.add(start(() -> gifts.take(index)));
            }
            for (int i = 0; i < PROCESSES - 1; i++) {
                children.add(Child.start(Victim.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + (i + 1)));
            }
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(Victim.BUSY));
            BrokerKiller killer = new BrokerKiller(domain, directory, random);
            killer.killFor(millis());
            long taken = ledger.itemsTaken();
            while (ledger.itemsTaken() < taken + PROCESSES || !gifts.isAllTaken()) {
                assertThat(tasks).noneMatch(FutureTask::isDone);
                TimeUnit.MILLISECONDS.sleep(1);
            }
            ledger.end();
            items.end();
            gifts.giveLast();
            for (FutureTask<?> task : tasks) {
                task.get();
            }
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(Victim.DONE));
            System.out.printf("takeover, conditions: %s; %d entries, %d items, %d gifts%n",
                    killer, ledger.entries(), ledger.itemsTaken(), gifts.taken());
            assertThat(gifts.isRight()).isTrue();
            assertThat(ledger.told()).as("owners that ended").isZero();
        }
    }

    private static FutureTask<?> start(Runnable runnable) {
        FutureTask<?> task = new FutureTask<>(runnable, null);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void queuesKeepTheirOrder() throws Exception {
        try (SyncDomain domain = open();
                HybridSemaphore fair = domain.createSemaphore(Queuer.SEMAPHORE, SemaphoreSpec.permits(0).fair());
                HybridMutex mutex = domain.createMutex(Queuer.MUTEX, MutexSpec.unlocked())) {
            Condition condition = mutex.newCondition();
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Child.start(Queuer.class, directory.toString(), DOMAIN));
            }
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo("ready"));
            BrokerKiller killer = new BrokerKiller(domain, directory, random);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis());
            do {
                pass(killer, "semaphore", fair::release);
                pass(killer, "condition", () -> signal(mutex, condition));
            } while (System.nanoTime() - end < 0);
            System.out.println("takeover, queues: " + killer);
            assertThat(fair.availablePermits()).isZero();
        }
    }

    private static void signal(HybridMutex mutex, Condition condition) {
        mutex.lock();
        try {
            condition.signal();
        } finally {
            mutex.unlock();
        }
    }

    /** Some stand in a queue; the broker is killed at some points; each one that is let through is the next. */
    private void pass(BrokerKiller killer, String queue, Runnable next) {
        for (int i = 0; i < QUEUED; i++) {
            assertThat(child(i).ask(queue + " " + i)).isEqualTo("queued");
            killSometimes(killer);
        }
        killer.kill();
        for (int i = 0; i < QUEUED; i++) {
            next.run();
            assertThat(child(i).hear()).isEqualTo("through " + i);
            killSometimes(killer);
        }
    }

    private Child child(int i) {
        return children.get(i % PROCESSES);
    }

    private void killSometimes(BrokerKiller killer) {
        if (random.nextInt(QUEUED) == 0) {
            killer.kill();
        }
    }
}
