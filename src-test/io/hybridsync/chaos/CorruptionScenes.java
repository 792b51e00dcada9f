package io.hybridsync.chaos;

import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import io.hybridsync.chaos.CorruptionScene.Wrong;
import java.util.List;

/** How a bad word can be found. */
final class CorruptionScenes {

    private CorruptionScenes() {}

    static List<CorruptionScene> all() {
        return List.of(
                found("semaphore", Breed.SEMAPHORE, Wrong.FLIPPED, CorruptionScenes::tryOut),
                found("compact", Breed.SEMAPHORE_COMPACT, Wrong.FLIPPED, CorruptionScenes::tryOut),
                found("global", Breed.SEMAPHORE_GLOBAL, Wrong.ZERO, CorruptionScenes::tryOut),
                found("mutex", Breed.MUTEX, Wrong.ZERO, CorruptionScenes::tryOut),
                found("event", Breed.EVENT, Wrong.FLIPPED, CorruptionScenes::tryOut),
                found("senseless", Breed.SEMAPHORE, Wrong.SENSELESS, CorruptionScenes::tryOut),
                found("moved", Breed.SEMAPHORE, Wrong.MOVED, CorruptionScenes::tryOut),
                found("by-release", Breed.SEMAPHORE, Wrong.FLIPPED, (domain, object, second) -> Breed.give(object)),
                found("by-acquire", Breed.SEMAPHORE, Wrong.FLIPPED, (domain, object, second) -> Breed.await(object)),
                found("by-lock", Breed.MUTEX, Wrong.FLIPPED, (domain, object, second) -> Breed.await(object)),
                found("by-any", Breed.EVENT, Wrong.FLIPPED, CorruptionScenes::awaitAny),
                found("by-all", Breed.SEMAPHORE, Wrong.FLIPPED, CorruptionScenes::awaitAll),
                found("by-open", Breed.SEMAPHORE, Wrong.FLIPPED, CorruptionScenes::openAgain),
                asleep("semaphore", Breed.SEMAPHORE, Scene.Actor.DIRECT),
                asleep("parked", Breed.SEMAPHORE, Scene.Actor.PARKED),
                asleep("virtual", Breed.MUTEX, Scene.Actor.VIRTUAL));
    }

    private static CorruptionScene found(String name, Breed breed, Wrong wrong, CorruptionScene.Act act) {
        return new CorruptionScene("corrupted-" + name, breed, Scene.Actor.DIRECT, wrong, false, act);
    }

    private static CorruptionScene asleep(String name, Breed breed, Scene.Actor actor) {
        return new CorruptionScene("corrupted-asleep-" + name, breed, actor, Wrong.FLIPPED, true,
                (domain, object, second) -> Breed.await(object));
    }

    private static void tryOut(SyncDomain domain, HybridObject object, HybridSemaphore second) {
        Breed.tryOut(object);
    }

    private static void awaitAny(SyncDomain domain, HybridObject object, HybridSemaphore second)
            throws InterruptedException {
        domain.awaitAny(object, second);
    }

    private static void awaitAll(SyncDomain domain, HybridObject object, HybridSemaphore second)
            throws InterruptedException {
        domain.awaitAll(second, object);
    }

    private static void openAgain(SyncDomain domain, HybridObject object, HybridSemaphore second) {
        domain.openSemaphore(object.token());
    }
}
