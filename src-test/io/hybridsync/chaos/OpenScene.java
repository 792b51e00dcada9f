package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The victim opens and closes, so that an object moves that others operate on at the same time.
 *
 * <p>They go on all the time, and never are two of them inside; afterwards the object is theirs alone again, and nothing is
 * left of what the victim had made.
 *
 * @param name of the scene
 * @param spec of the object
 * @param before what the victim opens in advance
 * @param act what it does with that
 */
record OpenScene(String name, SemaphoreSpec spec, Before before, Act act) implements Scene {

    private static final int SIGNS_OF_LIFE = 3;
    private static final int PAUSE_NANOS = 20_000;

    /** What the victim opens in advance. */
    @FunctionalInterface
    interface Before {
        /** Opens it. */
        List<HybridSemaphore> open(SyncDomain domain, String prefix);
    }

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(SyncDomain domain, String prefix, List<HybridSemaphore> open);
    }

    /** The same with another kind of place. */
    OpenScene at(String place, SemaphoreSpec other) {
        return new OpenScene(name + "-" + place, other, before, act);
    }

    @Override
    public Actor actor() {
        return Actor.DIRECT;
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        List<HybridSemaphore> open = before.open(domain, prefix);
        return () -> act.on(domain, prefix, open);
    }

    @Override
    public Play open(Stage stage) {
        return new Traffic(stage);
    }

    private final class Traffic implements Play {

        private final Stage stage;
        private final HybridSemaphore semaphore;
        private final HybridSemaphore other;
        private final AtomicLong rounds = new AtomicLong();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();

        Traffic(Stage stage) {
            this.stage = stage;
            this.semaphore = stage.keep(stage.domain().createSemaphore(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(semaphore);
        }

        @Override
        public void begin() {
            stage.start("traffic", () -> pass(semaphore));
            stage.start("traffic of parked threads", () -> pass(other));
        }

        private boolean pass(HybridSemaphore mine) {
            while (!over.get()) {
                mine.acquireUninterruptibly();
                if (inside.incrementAndGet() != 1) {
                    throw new IllegalStateException("two are inside");
                }
                inside.decrementAndGet();
                mine.release();
                rounds.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return true;
        }

        @Override
        public void judge(Death death) {
            long enough = rounds.get() + SIGNS_OF_LIFE;
            stage.eventually("they go on", () -> rounds.get() >= enough);
            stage.eventually(
                    "it is theirs alone", () -> !semaphore.snapshot().group().contains(death.client()));
            over.set(true);
            stage.eventually("all have left", () -> inside.get() == 0 && stage.threadsHaveEnded());
            assertThat(other.availablePermits()).isEqualTo(spec.permits());
            stage.eventually("only theirs is left", () -> stage.objects().size() == 2);
        }
    }
}
