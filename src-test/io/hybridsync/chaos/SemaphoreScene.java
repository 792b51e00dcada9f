package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A semaphore that the victim acquires or releases, while others may wait for it.
 *
 * <p>Afterwards its permits are counted: those at first, and what was released, less what was acquired; of the victim, what
 * it has written into the word with its own compare-and-set, not one more and not one less. Where the broker writes for it,
 * all that the operation does or nothing, and all if it had its answer.
 *
 * @param name of the scene
 * @param spec of the semaphore
 * @param actor the victim's thread
 * @param act what it does
 * @param effect how many permits are more, or less, when it has done that
 * @param waiters how many of those who live wait for permits at the same time
 * @param each how many each of them waits for
 * @param prompt how many permits those who live give when the victim sleeps
 */
record SemaphoreScene(
        String name, SemaphoreSpec spec, Actor actor, Act act, int effect, int waiters, int each, int prompt)
        implements Scene {

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(HybridSemaphore semaphore) throws Exception;
    }

    SemaphoreScene(String name, SemaphoreSpec spec, int effect, Act act) {
        this(name, spec, Actor.DIRECT, act, effect, 0, 1, 0);
    }

    /** The same with others that wait for so many permits each. */
    SemaphoreScene waiters(int count, int each) {
        return new SemaphoreScene(name, spec, actor, act, effect, count, each, prompt);
    }

    /** The same with a victim that is given so many permits when it sleeps. */
    SemaphoreScene prompt(int permits) {
        return new SemaphoreScene(name, spec, actor, act, effect, waiters, each, permits);
    }

    /** The same by a thread that parks. */
    SemaphoreScene parked() {
        return by("parked", Actor.PARKED);
    }

    /** The same by a virtual thread. */
    SemaphoreScene virtual() {
        return by("virtual", Actor.VIRTUAL);
    }

    private SemaphoreScene by(String who, Actor other) {
        return new SemaphoreScene(name + "-" + who, spec, other, act, effect, waiters, each, prompt);
    }

    /** The same with another kind of place. */
    SemaphoreScene at(String place, SemaphoreSpec other) {
        return new SemaphoreScene(name + "-" + place, other, actor, act, effect, waiters, each, prompt);
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridSemaphore semaphore = domain.openSemaphore(prefix + Stage.OBJECT);
        return () -> act.on(semaphore);
    }

    @Override
    public Play open(Stage stage) {
        return new Count(stage);
    }

    private final class Count implements Play {

        private final Stage stage;
        private final HybridSemaphore semaphore;
        private final HybridSemaphore other;
        private final List<Stage.Standing<Boolean>> standing = new ArrayList<>();
        private int given;

        Count(Stage stage) {
            this.stage = stage;
            this.semaphore = stage.keep(stage.domain().createSemaphore(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(semaphore);
        }

        @Override
        public void begin() {
            for (int i = 0; i < waiters; i++) {
                HybridSemaphore mine = i == 0 ? semaphore : other;
                standing.add(stage.startWaiting(i, semaphore, () -> {
                    mine.acquireUninterruptibly(each);
                    return true;
                }));
            }
        }

        @Override
        public void prompt() {
            give(prompt);
        }

        private void give(int permits) {
            semaphore.release(permits);
            given += permits;
        }

        @Override
        public void judge(Death death) {
            stage.eventually("who can pass passes", () -> waitingOnes() == 0 || semaphore.availablePermits() < each);
            int late = (int) waitingOnes();
            give(late * each);
            stage.eventually("all pass", () -> waitingOnes() == 0);
            assertThat(standing).allMatch(Stage.Standing::result);
            int rest = semaphore.availablePermits();
            int own = rest - (spec.permits() + given - waiters * each);
            assertThat(own).as("the victim's permits, %d late", late).isIn(legal(death));
            assertThat(other.drainPermits()).isEqualTo(rest);
            semaphore.release();
            assertThat(other.tryAcquire()).isTrue();
            assertThat(semaphore.availablePermits()).isZero();
        }

        private long waitingOnes() {
            return standing.stream().filter(one -> !one.hasEnded()).count();
        }

        private Set<Integer> legal(Death death) {
            if (!spec.isBrokerOnly() && !spec.isFair()) {
                int written = death.changes().stream().mapToInt(change -> change.to() - change.from()).sum();
                assertThat(death.done() && written != effect).as("done, and written %d", written).isFalse();
                return Set.of(written);
            }
            return death.done() ? Set.of(effect) : Set.of(0, effect == 0 ? Integer.MAX_VALUE : effect);
        }
    }
}
