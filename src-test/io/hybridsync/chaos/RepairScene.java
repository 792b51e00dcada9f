package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.AbandonedMutexException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.NoSuchObjectException;
import io.hybridsync.error.ObjectExistsException;
import io.hybridsync.integrity.Spot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The victim makes a new object under the name of a corrupted one, and perhaps opens it; others may do the same at the same
 * time.
 *
 * <p>Afterwards the name belongs to a sound object: the victim's if somebody has opened that in time, else that of whoever
 * repairs next or, if what the victim had made has gone with it, makes one. It is the same for all, and can be used; what was
 * corrupted is so still, for those who have it open.
 *
 * @param name of the scene
 * @param breed of the object
 * @param known whether the broker knows before that it is corrupted
 * @param raced whether others repair meanwhile
 * @param act what the victim does
 */
record RepairScene(String name, Breed breed, boolean known, boolean raced, Act act) implements Scene {

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(SyncDomain domain, Breed breed, String name);
    }

    static List<RepairScene> all() {
        Act repair = (domain, breed, name) -> breed.repair(domain, name);
        return List.of(
                new RepairScene("repair", Breed.SEMAPHORE, true, false, repair),
                new RepairScene("repair-unknown", Breed.SEMAPHORE, false, false, repair),
                new RepairScene("repair-compact", Breed.SEMAPHORE_COMPACT, true, false, repair),
                new RepairScene("repair-global", Breed.SEMAPHORE_GLOBAL, true, false, repair),
                new RepairScene("repair-twice", Breed.EVENT, true, false, RepairScene::repairTwice),
                new RepairScene("repair-and-open", Breed.SEMAPHORE, true, false, RepairScene::repairAndOpen),
                new RepairScene("repair-and-open-mutex", Breed.MUTEX, true, false, RepairScene::repairAndOpen),
                new RepairScene("repair-raced", Breed.SEMAPHORE, true, true, RepairScene::repairAndOpen),
                new RepairScene("repair-raced-mutex", Breed.MUTEX, true, true, repair));
    }

    private static void repairTwice(SyncDomain domain, Breed breed, String name) {
        breed.repair(domain, name);
        breed.repair(domain, name);
    }

    private static void repairAndOpen(SyncDomain domain, Breed breed, String name) {
        breed.repair(domain, name);
        breed.open(domain, name);
    }

    @Override
    public Actor actor() {
        return Actor.DIRECT;
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridObject _ = breed.open(domain, prefix + Stage.OBJECT);
        return () -> act.on(domain, breed, prefix + Stage.OBJECT);
    }

    @Override
    public Play open(Stage stage) {
        return new Succession(stage);
    }

    private final class Succession implements Play {

        private final Stage stage;
        private final String name;
        private final HybridObject old;
        private final HybridObject oldElsewhere;

        Succession(Stage stage) {
            this.stage = stage;
            this.name = stage.name(Stage.OBJECT);
            this.old = stage.keep(breed.create(stage.domain(), name));
            this.oldElsewhere = stage.keep(breed.open(stage.parked(), name));
        }

        @Override
        public void begin() {
            Spot spot = Spot.of(old);
            spot.store(spot.load() ^ 1);
            if (known) {
                requireCorrupted(old);
            }
            if (raced) {
                stage.start("another who repairs", () -> stage.keep(obtain(stage.parked())));
            }
        }

        private void requireCorrupted(HybridObject object) {
            assertThatThrownBy(() -> Breed.tryOut(object)).isInstanceOf(CorruptedObjectException.class);
        }

        /** What was repaired is there until its repairer ends; then there may be none of that name. */
        private HybridObject obtain(SyncDomain domain) {
            HybridObject anew = null;
            while (anew == null) {
                try {
                    breed.repair(domain, name);
                    anew = breed.open(domain, name);
                } catch (NoSuchObjectException e) {
                    anew = createUnlessThere(domain);
                }
            }
            return anew;
        }

        private @Nullable HybridObject createUnlessThere(SyncDomain domain) {
            try {
                return breed.create(domain, name);
            } catch (ObjectExistsException e) {
                return null;
            }
        }

        @Override
        public void judge(Death death) {
            stage.eventually("all have repaired", stage::threadsHaveEnded);
            HybridObject anew = stage.keep(obtain(stage.domain()));
            HybridObject elsewhere = stage.keep(obtain(stage.parked()));
            assertThat(elsewhere.token()).isEqualTo(anew.token());
            assertThat(anew.token()).isNotEqualTo(old.token());
            if (anew instanceof HybridMutex mutex) {
                inherit(mutex);
            }
            Breed.give(anew);
            stage.eventually("it can be had", stage.start("who has it", () -> has(elsewhere))::hasEnded);
            requireCorrupted(old);
            requireCorrupted(oldElsewhere);
        }

        private static boolean has(HybridObject object) throws InterruptedException {
            Breed.await(object);
            if (object instanceof HybridMutex) {
                Breed.give(object);
            }
            return true;
        }

        /** Whoever has made it owns it: this thread, or one who has ended. */
        private void inherit(HybridMutex mutex) {
            if (!mutex.isHeldByCurrentThread()) {
                stage.eventually("it is abandoned", mutex::isAbandoned);
                assertThatThrownBy(mutex::tryLock).isInstanceOf(AbandonedMutexException.class);
                assertThat(mutex.recover()).isTrue();
            }
        }
    }
}
