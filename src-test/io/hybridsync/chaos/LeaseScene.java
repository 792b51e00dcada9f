package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.Arch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A leased semaphore of which the victim takes and gives back permits, or which it closes, while others hold some, and may
 * wait for more.
 *
 * <p>Afterwards what is free is all that those who live do not hold: whatever the victim held, had begun, or had written and
 * not yet told its ledger. It may take a while, but not for a moment is more free than that; and what the living hold is
 * theirs, and only that.
 *
 * @param name of the scene
 * @param spec of the semaphore, and of a second one
 * @param actor the victim's thread
 * @param start how many permits the victim holds before
 * @param startsElsewhere whether another thread of it has taken them
 * @param act what it does
 * @param kept how many permits are held before by one who lives
 * @param waiters how many of those who live wait for a permit at the same time
 * @param path accesses that are to be among those of the victim's thread, in this order, when it is done
 */
record LeaseScene(
        String name,
        SemaphoreSpec spec,
        Actor actor,
        int start,
        boolean startsElsewhere,
        Act act,
        int kept,
        int waiters,
        List<Access> path)
        implements Scene {

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(SyncDomain domain, HybridSemaphore semaphore, HybridSemaphore second) throws Exception;
    }

    /** The same by another thread, which takes another path. */
    LeaseScene by(String who, Actor other, Access... accesses) {
        return new LeaseScene(
                name + "-" + who, spec, other, start, startsElsewhere, act, kept, waiters, List.of(accesses));
    }

    /** The same with another kind of place. */
    LeaseScene at(String place, SemaphoreSpec other) {
        List<Access> accesses = other.isBrokerOnly() ? List.of() : path;
        return new LeaseScene(
                name + "-" + place, other, actor, start, startsElsewhere, act, kept, waiters, accesses);
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) throws InterruptedException {
        HybridSemaphore semaphore = domain.openSemaphore(prefix + Stage.OBJECT);
        HybridSemaphore second = domain.openSemaphore(prefix + Stage.SECOND);
        if (startsElsewhere) {
            Thread.ofPlatform().start(() -> semaphore.acquireUninterruptibly(start)).join();
        } else if (start > 0) {
            semaphore.acquire(start);
        }
        return () -> act.on(domain, semaphore, second);
    }

    @Override
    public Play open(Stage stage) {
        return new Debts(stage);
    }

    private final class Debts implements Play {

        private final Stage stage;
        private final HybridSemaphore semaphore;
        private final HybridSemaphore other;
        private final HybridSemaphore second;
        private final List<Stage.Standing<Boolean>> standing = new ArrayList<>();
        private int mine = kept;
        private int others;

        Debts(Stage stage) {
            this.stage = stage;
            this.semaphore = stage.keep(stage.domain().createSemaphore(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(semaphore);
            this.second = stage.keep(stage.domain().createSemaphore(stage.name(Stage.SECOND), spec));
            assertThat(semaphore.tryAcquire(kept)).isTrue();
        }

        @Override
        public void begin() {
            for (int i = 0; i < waiters; i++) {
                HybridSemaphore handle = i == 0 ? semaphore : other;
                standing.add(stage.startWaiting(i, semaphore, () -> {
                    handle.acquireUninterruptibly();
                    return true;
                }));
            }
        }

        /** Who holds all that there is gives one. */
        @Override
        public void prompt() {
            if (kept == spec.permits()) {
                semaphore.release();
                mine--;
            }
        }

        @Override
        public void judge(Death death) {
            stage.eventually("all pass", () -> standing.stream().allMatch(Stage.Standing::hasEnded));
            mine += Math.min(1, waiters);
            others += Math.max(0, waiters - 1);
            stage.eventually("what it held is free", () -> isFree(semaphore, spec.permits() - mine - others));
            stage.eventually("what it held of the second is free", () -> isFree(second, spec.permits()));
            assertThat(other.availablePermits()).isEqualTo(spec.permits() - mine - others);
            if (death.done()) {
                assertThat(isOnPath(death)).as("the ledger is written, and has kill points").isTrue();
            }
            settle();
        }

        /** Never is more free than that. */
        private static boolean isFree(HybridSemaphore semaphore, int permits) {
            int free = semaphore.availablePermits();
            assertThat(free).as("permits that are free").isLessThanOrEqualTo(permits);
            return free == permits;
        }

        private boolean isOnPath(Death death) {
            Iterator<Access> rest = path.iterator();
            List<BlackBox.Line> lines = death.accesses();
            int at = 0;
            while (rest.hasNext()) {
                Access next = rest.next();
                while (at < lines.size() && !isStep(lines.get(at), next)) {
                    at++;
                }
                if (at++ >= lines.size()) {
                    return false;
                }
            }
            return true;
        }

        /** The one call that a lease makes itself is the barrier. */
        private static boolean isStep(BlackBox.Line line, Access next) {
            return line.access() == next
                    && (next != Access.SWAP || line.swapped())
                    && (next != Access.CALL || line.first() == Arch.current().get("__NR_membarrier"));
        }

        /** Everybody can release what he holds, and nobody more than that. */
        private void settle() {
            semaphore.release(mine);
            other.release(others);
            assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(other::release).isInstanceOf(IllegalStateException.class);
            assertThat(other.tryAcquire(spec.permits())).isTrue();
            assertThat(semaphore.tryAcquire()).isFalse();
            other.release(spec.permits());
            assertThat(semaphore.availablePermits()).isEqualTo(spec.permits());
        }
    }
}
