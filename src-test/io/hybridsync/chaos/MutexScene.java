package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.AbandonedMutexException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * A mutex that the victim locks or unlocks, while others may wait for it.
 *
 * <p>Afterwards it is abandoned if the last that the victim has written into the word was its own number, and only then.
 * Whoever waits for it meanwhile passes: told that it is abandoned, or not told.
 *
 * @param name of the scene
 * @param spec of the mutex
 * @param actor the victim's thread
 * @param act what it does
 * @param start whose the mutex is before
 * @param holds whether the victim owns it when it has done that; or has left it abandoned
 * @param lockers how many of those who live wait for it at the same time
 */
record MutexScene(String name, MutexSpec spec, Actor actor, Act act, Start start, boolean holds, int lockers)
        implements Scene {

    private static final int OWNER_DIED = 1 << 30;

    /** Whose it is at first. */
    enum Start {
        /** Nobody's. */
        FREE,
        /** The victim's. */
        VICTIMS,
        /** That of one who lives, and unlocks it when the victim sleeps. */
        OTHERS,
        /** That of one who lives, and unlocks it when the victim is dead. */
        KEPT,
        /** An owner has ended before. */
        ABANDONED
    }

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(HybridMutex mutex) throws Exception;
    }

    /** The same by another thread. */
    MutexScene by(Actor other) {
        String who = other.name().toLowerCase(Locale.ROOT);
        return new MutexScene(name + "-" + who, spec, other, act, start, holds, lockers);
    }

    /** The same with another kind of mutex. */
    MutexScene at(String place, MutexSpec other) {
        return new MutexScene(name + "-" + place, other, actor, act, start, holds, lockers);
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridMutex mutex = domain.openMutex(prefix + Stage.OBJECT);
        if (start == Start.VICTIMS) {
            mutex.lock();
        }
        return () -> act.on(mutex);
    }

    @Override
    public Play open(Stage stage) {
        return new Heirs(stage);
    }

    private final class Heirs implements Play {

        private final Stage stage;
        private final HybridMutex mutex;
        private final HybridMutex other;
        private final List<Stage.Standing<Boolean>> waiting = new ArrayList<>();
        private final CountDownLatch unlock = new CountDownLatch(1);

        Heirs(Stage stage) {
            this.stage = stage;
            this.mutex = stage.keep(stage.domain().createMutex(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(mutex);
            if (start == Start.OTHERS || start == Start.KEPT) {
                own();
            } else if (start == Start.ABANDONED) {
                stage.start("somebody who ends", () -> {
                    mutex.lock();
                    return true;
                });
                stage.eventually("it is abandoned", mutex::isAbandoned);
            }
        }

        private void own() {
            stage.start("owner", () -> {
                mutex.lock();
                try {
                    unlock.await();
                } finally {
                    mutex.unlock();
                }
                return true;
            });
            stage.eventually("it is locked", mutex::isLocked);
        }

        @Override
        public void begin() {
            for (int i = 0; i < lockers; i++) {
                HybridMutex mine = i == 0 ? mutex : other;
                waiting.add(stage.startWaiting(i, mutex, () -> isToldByLocking(mine)));
            }
        }

        private static boolean isToldByLocking(HybridMutex mutex) {
            try {
                mutex.lock();
            } catch (AbandonedMutexException e) {
                return true;
            }
            try {
                return mutex.acquiredAbandoned();
            } finally {
                mutex.unlock();
            }
        }

        @Override
        public void prompt() {
            if (start == Start.OTHERS) {
                unlock.countDown();
            }
        }

        @Override
        public void judge(Death death) {
            unlock.countDown();
            waiting.forEach(one -> stage.eventually(one + " passes", one::hasEnded));
            int told = (int) waiting.stream().filter(Stage.Standing::result).count();
            stage.eventually("no owner is left", () -> !mutex.isLocked());
            boolean abandoned = isLocal() ? wasAbandonedBy(death) : told > 0 || mutex.isAbandoned();
            assertThat(told).as("lockers who were told").isBetween(fewestTold(abandoned), mostTold(abandoned));
            if (death.done()) {
                assertThat(abandoned).isEqualTo(holds);
            }
            inherit(abandoned && (isRefusing() || told == 0));
            assertThat(mutex.isAbandoned()).isFalse();
            assertThat(isToldByLocking(other)).isFalse();
        }

        private boolean wasAbandonedBy(Death death) {
            int before = switch (start) {
                case FREE, OTHERS, KEPT -> 0;
                case VICTIMS -> death.client();
                case ABANDONED -> OWNER_DIED;
            };
            int value = death.latest(before);
            return value == death.client() || value == OWNER_DIED;
        }

        private boolean isLocal() {
            return !spec.isBrokerOnly() && !spec.isFair();
        }

        private boolean isRefusing() {
            return spec.abandonment() == Abandonment.REFUSE;
        }

        /** Who waits for the victim's own mutex hears of its death; who waits for another's may have had it before. */
        private int fewestTold(boolean abandoned) {
            if (!abandoned || lockers == 0 || start == Start.OTHERS) {
                return 0;
            }
            return isRefusing() ? lockers : 1;
        }

        private int mostTold(boolean abandoned) {
            return abandoned ? (isRefusing() ? lockers : 1) : 0;
        }

        private void inherit(boolean abandoned) {
            assertThat(mutex.isAbandoned()).isEqualTo(abandoned);
            if (abandoned && isRefusing()) {
                assertThatThrownBy(other::tryLock).isInstanceOf(AbandonedMutexException.class);
                assertThat(mutex.recover()).isTrue();
            } else {
                assertThat(mutex.tryLock()).isTrue();
            }
            assertThat(mutex.acquiredAbandoned()).isEqualTo(abandoned);
            mutex.unlock();
        }
    }
}
