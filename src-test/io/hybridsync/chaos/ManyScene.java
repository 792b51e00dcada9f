package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.WaitResult;
import java.util.Set;

/**
 * A wait for several objects by the victim: a semaphore, another one, an auto-reset event, a mutex.
 *
 * <p>Afterwards it has of each what it took, and that is one of the combinations that the wait can end with; of a wait in
 * this process, as many objects as it has written words. Never a part of what was to be taken at once; and nothing is kept
 * for the dead: those who live can take all of it.
 *
 * @param name of the scene
 * @param actor the victim's thread
 * @param act what it does
 * @param ready whether all is there from the beginning; otherwise the second semaphore is released when the victim sleeps
 * @param local whether the victim itself writes the words
 * @param taken what the wait can have taken when the victim is done
 * @param partly what it can have done besides when it is not
 */
record ManyScene(String name, Actor actor, Act act, boolean ready, boolean local, Set<Loot> taken, Set<Loot> partly)
        implements Scene {

    private static final String EVENT = "event";
    private static final String MUTEX = "mutex";

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(SyncDomain domain, Things things) throws Exception;
    }

    /** What there is. */
    record Things(HybridSemaphore first, HybridSemaphore second, HybridEvent event, HybridMutex mutex) {}

    /**
     * What the victim has taken, or given where it is negative.
     *
     * @param first permits of the first semaphore
     * @param second permits of the second one
     * @param event 1 if the event was signaled for it
     * @param mutex 1 if it owned the mutex
     */
    record Loot(int first, int second, int event, int mutex) {

        /** Nothing. */
        static final Loot NONE = new Loot(0, 0, 0, 0);

        int size() {
            return Math.abs(first) + Math.abs(second) + event + mutex;
        }
    }

    /** The same by another thread. */
    ManyScene parked() {
        return new ManyScene(name + "-parked", Actor.PARKED, act, ready, local, taken, partly);
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        Things things = new Things(
                domain.openSemaphore(prefix + Stage.OBJECT),
                domain.openSemaphore(prefix + Stage.SECOND),
                domain.openEvent(prefix + EVENT),
                domain.openMutex(prefix + MUTEX));
        return () -> act.on(domain, things);
    }

    @Override
    public Play open(Stage stage) {
        return new Estate(stage);
    }

    private final class Estate implements Play {

        private final Stage stage;
        private final Things things;
        private final int first = ready ? 1 : 0;
        private int second = ready ? 1 : 0;

        Estate(Stage stage) {
            this.stage = stage;
            SyncDomain domain = stage.domain();
            SemaphoreSpec permits = SemaphoreSpec.permits(first);
            EventSpec auto = EventSpec.autoReset();
            this.things = new Things(
                    stage.keep(domain.createSemaphore(stage.name(Stage.OBJECT), permits)),
                    stage.keep(domain.createSemaphore(stage.name(Stage.SECOND), permits)),
                    stage.keep(domain.createEvent(stage.name(EVENT), auto.signaled())),
                    stage.keep(domain.createMutex(stage.name(MUTEX), MutexSpec.unlocked())));
        }

        @Override
        public void prompt() {
            if (!ready) {
                things.second().release();
                second++;
            }
        }

        @Override
        public void judge(Death death) throws InterruptedException {
            stage.eventually("no owner is left", () -> !things.mutex().isLocked());
            Loot loot = new Loot(
                    first - things.first().availablePermits(),
                    second - things.second().availablePermits(),
                    things.event().isSet() ? 0 : 1,
                    things.mutex().isAbandoned() ? 1 : 0);
            if (death.done()) {
                assertThat(loot).isIn(taken);
            } else if (!loot.equals(Loot.NONE) && !partly.contains(loot)) {
                assertThat(loot).isIn(taken);
            }
            if (local) {
                assertThat(loot.size()).isEqualTo(death.changes().size());
            }
            boolean abandoned = things.mutex().isAbandoned();
            things.first().release();
            things.second().release();
            boolean _ = things.event().set();
            WaitResult result = stage.domain().awaitAll(things.first(), things.second(), things.event(), things.mutex());
            assertThat(result.acquired()).isTrue();
            assertThat(things.mutex().acquiredAbandoned()).isEqualTo(abandoned);
            things.mutex().unlock();
        }
    }
}
