package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread asks the broker for a permit at the very end of its stack: wherever it runs out, it has the permit or nobody has;
 * and what it has left does not keep the semaphore from being closed, or that would take longer than the test may. Or it releases
 * one for which others wait at the broker: it has and they hear of it, or it has not.
 */
@Timeout(20)
class ShortOfStackAtBrokerTest {

    private static final int TOTAL = 100;
    private static final int DIVES = 4;
    private static final int RELEASES = 10;
    private static final long STACK_BYTES = 256 << 10;

    @TempDir
    Path directory;

    private SyncDomain domain;
    private HybridSemaphore permits;
    private int failed;

    @BeforeEach
    void begin() throws Exception {
        domain = SyncDomain.builder("test")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open();
        permits = domain.createSemaphore("it", SemaphoreSpec.permits(TOTAL).fair());
        // What is loaded and linked for the first time may not have to be at the end of the stack.
        for (int i = 0; i < DIVES; i++) {
            assertThat(permits.tryAcquire()).isTrue();
            assertThat(permits.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
            permits.acquire();
            permits.release(3);
        }
    }

    @AfterEach
    void end() {
        permits.close();
        domain.close();
    }

    /** Down to where there is no room for one frame more; on the way up each frame tries until one has it. */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private boolean dive(Callable<Boolean> take) throws Exception {
        boolean taken = false;
        try {
            taken = dive(take);
        } catch (StackOverflowError e) {
            failed++;
        }
        return taken || take.call();
    }

    /** Frames of two sizes, in as many orders: the stack does not always end at the same place. */
    private boolean dive(Callable<Boolean> take, int steps) throws Exception {
        return steps == 0 ? dive(take) : dive(take, steps - 1);
    }

    private void diveOnce(Callable<Boolean> attempt, int steps) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> dive(attempt, steps));
        new Thread(null, task, "short of stack", STACK_BYTES).start();
        assertThat(task.get()).isTrue();
        assertThat(failed).isPositive();
    }

    private void dives(Callable<Boolean> take) throws Exception {
        for (int i = 0; i < DIVES; i++) {
            diveOnce(take, i);
            while (permits.availablePermits() != TOTAL - 1) {
                Thread.onSpinWait();
            }
            permits.release();
        }
    }

    @Test
    void anOperation() throws Exception {
        dives(permits::tryAcquire);
    }

    @Test
    void aWait() throws Exception {
        dives(() -> {
            permits.acquire();
            return true;
        });
    }

    @Test
    void aWaitThatMayBeLate() throws Exception {
        dives(() -> permits.tryAcquire(5, TimeUnit.SECONDS));
    }

    private boolean isWaitedForAtBroker(HybridSemaphore semaphore) {
        return domain.objects().stream()
                .filter(object -> object.name().equals(semaphore.name()))
                .anyMatch(object -> object.flags().contains("WAKE_BROKER"));
    }

    @Test
    void aReleaseThatOthersWaitForAtTheBroker() throws Exception {
        try (HybridSemaphore few = domain.createSemaphore("few", SemaphoreSpec.permits(0).maximum(TOTAL));
                HybridEvent always = domain.createEvent("always", EventSpec.manualReset().signaled())) {
            for (int i = 0; i < RELEASES; i++) {
                FutureTask<WaitResult> waiter = new FutureTask<>(() -> domain.awaitAll(few, always));
                Thread.ofPlatform().daemon().start(waiter);
                while (!isWaitedForAtBroker(few)) {
                    Thread.onSpinWait();
                }
                if (i < DIVES) {
                    few.release();
                } else {
                    diveOnce(
                            () -> {
                                few.release();
                                return true;
                            },
                            i % DIVES);
                }
                assertThat(waiter.get().acquired()).isTrue();
                assertThat(few.availablePermits()).as("who has failed has not released").isZero();
            }
        }
    }
}
