package io.hybridsync.chaos;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.chaos.MutexScene.Start;
import io.hybridsync.error.AbandonedMutexException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be done to a mutex. */
final class MutexScenes {

    private static final MutexSpec REFUSE = MutexSpec.unlocked();
    private static final MutexSpec ADOPT = REFUSE.abandonment(Abandonment.ADOPT);

    private MutexScenes() {}

    static List<MutexScene> all() {
        MutexScene lock = scene("lock", Start.FREE, true, 0, HybridMutex::lock);
        MutexScene unlock = scene("unlock", Start.VICTIMS, false, 0, HybridMutex::unlock);
        MutexScene unlockToTwo = scene("unlock-to-two", Start.VICTIMS, false, 2, HybridMutex::unlock);
        MutexScene asleep = scene("lock-asleep", Start.OTHERS, true, 0, HybridMutex::lock);
        MutexScene crowd = scene("lock-in-a-crowd", Start.OTHERS, false, 2, MutexScenes::lockAndUnlock);
        MutexScene close = scene("close-owned", Start.VICTIMS, true, 1, MutexScenes::closeOwned);
        MutexScene adopt = scene("adopt", Start.ABANDONED, true, 0, HybridMutex::lock).at("adopting", ADOPT);
        return List.of(
                lock,
                lock.at("broker", REFUSE.brokerOnly()),
                lock.at("fair", REFUSE.fair()),
                unlock,
                unlock.at("broker", REFUSE.brokerOnly()),
                unlockToTwo,
                unlockToTwo.by(Scene.Actor.PARKED),
                unlockToTwo.at("adopting", ADOPT),
                unlockToTwo.at("compact", REFUSE.compact()),
                unlockToTwo.at("global", REFUSE.global()),
                unlockToTwo.at("broker", REFUSE.brokerOnly()),
                unlockToTwo.at("fair-adopting", ADOPT.fair()),
                asleep,
                asleep.by(Scene.Actor.PARKED),
                asleep.by(Scene.Actor.VIRTUAL),
                asleep.at("adopting", ADOPT),
                asleep.at("global", REFUSE.global()),
                asleep.at("fair", REFUSE.fair()),
                crowd,
                crowd.at("adopting", ADOPT),
                crowd.at("fair", REFUSE.fair()),
                scene("lock-and-unlock", Start.FREE, false, 0, MutexScenes::lockAndUnlock),
                scene("try-lock", Start.FREE, true, 0, mutex -> mutex.tryLock()),
                scene("try-lock-in-vain", Start.KEPT, false, 0, mutex -> mutex.tryLock()),
                scene("lock-too-late", Start.KEPT, false, 0, mutex -> mutex.tryLock(3, TimeUnit.MILLISECONDS)),
                scene("lock-refused", Start.ABANDONED, true, 0, MutexScenes::lockRefused),
                scene("recover", Start.ABANDONED, true, 0, HybridMutex::recover),
                scene("recover-and-unlock", Start.ABANDONED, false, 0, MutexScenes::recoverAndUnlock),
                scene("recover-in-vain", Start.FREE, false, 0, HybridMutex::recover),
                adopt,
                close,
                close.at("adopting", ADOPT));
    }

    private static MutexScene scene(String name, Start start, boolean holds, int lockers, MutexScene.Act act) {
        return new MutexScene(name, REFUSE, Scene.Actor.DIRECT, act, start, holds, lockers);
    }

    @SuppressWarnings("LockNotBeforeTry") // the two are what is performed
    private static void lockAndUnlock(HybridMutex mutex) {
        mutex.lock();
        mutex.unlock();
    }

    private static void recoverAndUnlock(HybridMutex mutex) {
        boolean _ = mutex.recover();
        mutex.unlock();
    }

    private static void lockRefused(HybridMutex mutex) {
        try {
            mutex.lock();
        } catch (AbandonedMutexException e) {
            return;
        }
        throw new IllegalStateException("nobody has recovered it");
    }

    private static void closeOwned(HybridMutex mutex) {
        try {
            mutex.close();
        } catch (IllegalStateException e) {
            return;
        }
        throw new IllegalStateException("it was owned");
    }
}
