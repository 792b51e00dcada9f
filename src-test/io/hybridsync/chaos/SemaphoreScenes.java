package io.hybridsync.chaos;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be done to a semaphore. */
final class SemaphoreScenes {

    private static final SemaphoreSpec NONE = SemaphoreSpec.permits(0);
    private static final SemaphoreSpec ONE = SemaphoreSpec.permits(1);
    private static final SemaphoreSpec FIVE = SemaphoreSpec.permits(5);

    private SemaphoreScenes() {}

    static List<SemaphoreScene> all() {
        SemaphoreScene acquire = new SemaphoreScene("acquire", ONE, -1, HybridSemaphore::acquire);
        SemaphoreScene asleep = new SemaphoreScene("acquire-asleep", NONE, -1, HybridSemaphore::acquire).prompt(1);
        SemaphoreScene crowd = new SemaphoreScene("acquire-in-a-crowd", NONE, -1, HybridSemaphore::acquire)
                .waiters(2, 1)
                .prompt(3);
        SemaphoreScene release = new SemaphoreScene("release", FIVE, 1, HybridSemaphore::release);
        SemaphoreScene releaseToOne = new SemaphoreScene("release-to-one", NONE, 1, HybridSemaphore::release).waiters(1, 1);
        return List.of(
                acquire,
                acquire.at("compact", ONE.compact()),
                acquire.at("global", ONE.global()),
                acquire.at("broker", ONE.brokerOnly()),
                acquire.at("fair", ONE.fair()),
                asleep,
                asleep.parked(),
                asleep.at("compact", NONE.compact()),
                asleep.at("global", NONE.global()),
                asleep.at("broker", NONE.brokerOnly()),
                asleep.at("fair", NONE.fair()),
                asleep.virtual(),
                crowd,
                crowd.parked(),
                crowd.at("fair", NONE.fair()),
                release,
                release.at("broker", FIVE.brokerOnly()),
                releaseToOne,
                releaseToOne.parked(),
                releaseToOne.at("global", NONE.global()),
                releaseToOne.at("broker", NONE.brokerOnly()),
                releaseToOne.at("fair", NONE.fair()),
                new SemaphoreScene("try-acquire", ONE, -1, s -> s.tryAcquire()),
                new SemaphoreScene("try-acquire-in-vain", NONE, 0, s -> s.tryAcquire()),
                new SemaphoreScene("acquire-3", FIVE, -3, s -> s.acquire(3)),
                new SemaphoreScene("acquire-2-asleep", ONE, -2, s -> s.acquire(2)).prompt(1),
                new SemaphoreScene("release-3", FIVE, 3, s -> s.release(3)),
                new SemaphoreScene("release-0", FIVE, 0, s -> s.release(0)),
                new SemaphoreScene("release-to-two", NONE, 2, s -> s.release(2)).waiters(2, 1),
                new SemaphoreScene("release-to-two-for-two", ONE, 3, s -> s.release(3)).waiters(2, 2),
                new SemaphoreScene("release-twice-to-one", NONE, 2, SemaphoreScenes::releaseTwice).waiters(1, 1),
                new SemaphoreScene("acquire-and-release", ONE, 0, SemaphoreScenes::acquireAndRelease),
                new SemaphoreScene("drain", FIVE, -5, HybridSemaphore::drainPermits),
                new SemaphoreScene("acquire-too-late", NONE, 0, s -> s.tryAcquire(3, TimeUnit.MILLISECONDS)),
                new SemaphoreScene("acquire-interrupted", NONE, 0, SemaphoreScenes::acquireInterrupted));
    }

    private static void releaseTwice(HybridSemaphore semaphore) {
        semaphore.release();
        semaphore.release();
    }

    private static void acquireAndRelease(HybridSemaphore semaphore) throws InterruptedException {
        semaphore.acquire();
        semaphore.release();
    }

    private static void acquireInterrupted(HybridSemaphore semaphore) {
        Thread actor = Thread.currentThread();
        Thread interrupter = Thread.ofPlatform().daemon().start(() -> {
            while (!semaphore.snapshot().waiters()) {
                Thread.onSpinWait();
            }
            actor.interrupt();
        });
        try {
            semaphore.acquire();
        } catch (InterruptedException e) {
            return;
        }
        throw new IllegalStateException("there was no permit; " + interrupter);
    }
}
