package io.hybridsync.chaos;

import static io.hybridsync.chaos.Access.CALL;
import static io.hybridsync.chaos.Access.STORE;
import static io.hybridsync.chaos.Access.SWAP;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be done to a leased semaphore: of five permits, one is always held by somebody who lives. */
final class LeaseScenes {

    private static final SemaphoreSpec LEASED = SemaphoreSpec.permits(5).leased();
    private static final int KEPT = 1;
    private static final int ALL = 5;
    private static final int REST = ALL - KEPT;

    private LeaseScenes() {}

    static List<LeaseScene> all() {
        LeaseScene acquire = scene("acquire", 0, KEPT, 0, (domain, s, second) -> s.acquire());
        LeaseScene release = scene("release", 2, KEPT, 0, (domain, s, second) -> s.release());
        LeaseScene asleep = scene("acquire-asleep", 0, ALL, 0, (domain, s, second) -> s.acquire());
        LeaseScene toTwo = scene("release-to-two", REST, KEPT, 2, (domain, s, second) -> s.release(2));
        LeaseScene close = closing("close", (domain, s, second) -> s.close());
        LeaseScene closeDomain = closing("close-domain", (domain, s, second) -> domain.close());
        LeaseScene all = atBroker("all", KEPT, (domain, s, second) -> domain.awaitAll(s, second));
        LeaseScene allAsleep = atBroker("all-asleep", ALL, (domain, s, second) -> domain.awaitAll(s, second));
        SemaphoreSpec global = LEASED.global();
        SemaphoreSpec broker = LEASED.brokerOnly();
        return List.of(
                acquire,
                acquire.at("compact", LEASED.compact()),
                acquire.at("global", global),
                acquire.at("broker", broker),
                acquire.by("virtual", Scene.Actor.VIRTUAL, SWAP, SWAP, SWAP),
                release,
                release.at("global", global),
                release.at("broker", broker),
                asleep,
                asleep.by("parked", Scene.Actor.PARKED, STORE, SWAP, STORE),
                asleep.by("virtual", Scene.Actor.VIRTUAL, SWAP, SWAP, SWAP),
                asleep.at("global", global),
                asleep.at("broker", broker),
                toTwo,
                toTwo.at("global", global),
                toTwo.at("broker", broker),
                close,
                close.at("global", global),
                close.at("broker", broker),
                closeDomain,
                closeDomain.at("global", global),
                closeDomain.at("broker", broker),
                all,
                all.at("global", global),
                all.at("broker", broker),
                allAsleep,
                allAsleep.at("global", global),
                allAsleep.at("broker", broker),
                scene("acquire-and-release", 0, KEPT, 0, LeaseScenes::acquireAndRelease),
                scene("drain", 1, KEPT, 0, (domain, s, second) -> s.drainPermits()),
                new LeaseScene("lease-release-of-another-thread", LEASED, Scene.Actor.DIRECT, 2, true,
                        (domain, s, second) -> s.release(), KEPT, 0, List.of(CALL, SWAP, SWAP, SWAP)),
                new LeaseScene("lease-acquire-too-late", LEASED, Scene.Actor.DIRECT, 0, false,
                        LeaseScenes::acquireTooLate, REST, 0, List.of(SWAP)));
    }

    private static LeaseScene scene(String name, int start, int kept, int waiters, LeaseScene.Act act) {
        return new LeaseScene(
                "lease-" + name, LEASED, Scene.Actor.DIRECT, start, false, act, kept, waiters, List.of(STORE, SWAP, STORE));
    }

    private static LeaseScene closing(String name, LeaseScene.Act act) {
        return new LeaseScene("lease-" + name, LEASED, Scene.Actor.DIRECT, 2, false, act, KEPT, 0, List.of(CALL));
    }

    /** The broker takes for the victim. */
    private static LeaseScene atBroker(String name, int kept, LeaseScene.Act act) {
        return new LeaseScene("lease-" + name, LEASED, Scene.Actor.DIRECT, 0, false, act, kept, 0, List.of());
    }

    private static void acquireAndRelease(SyncDomain domain, HybridSemaphore semaphore, HybridSemaphore second)
            throws InterruptedException {
        semaphore.acquire();
        semaphore.release();
    }

    private static void acquireTooLate(SyncDomain domain, HybridSemaphore semaphore, HybridSemaphore second)
            throws InterruptedException {
        boolean _ = semaphore.tryAcquire(2, 3, TimeUnit.MILLISECONDS);
    }
}
