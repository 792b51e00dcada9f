package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;

/**
 * The victim waits for a signal of a condition before others who live, or it signals to them.
 *
 * <p>Afterwards the mutex is nobody's, a signal that the victim had heard has gone with it only if it owned the mutex then,
 * and otherwise to the next who waits; and everybody else who waits hears the next signals.
 *
 * @param name of the scene
 * @param actor the victim's thread
 * @param act what it does
 * @param heard how many of those who live have heard a signal when it is done
 */
record ConditionScene(String name, Actor actor, Act act, int heard) implements Scene {

    private static final int LISTENERS = 2;
    private static final List<ConditionScene> ALL = List.of(
            new ConditionScene("signal", Actor.DIRECT, ConditionScene::signal, 1),
            new ConditionScene("signal-all", Actor.DIRECT, ConditionScene::signalAll, LISTENERS),
            new ConditionScene("signal-parked", Actor.PARKED, ConditionScene::signal, 1),
            new ConditionScene("await-signal", Actor.DIRECT, ConditionScene::await, 0),
            new ConditionScene("await-signal-parked", Actor.PARKED, ConditionScene::await, 0),
            new ConditionScene("await-signal-virtual", Actor.VIRTUAL, ConditionScene::await, 0));

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(HybridMutex mutex) throws Exception;
    }

    static List<ConditionScene> all() {
        return ALL;
    }

    private static void signal(HybridMutex mutex) {
        Condition condition = mutex.newCondition();
        mutex.lock();
        try {
            condition.signal();
        } finally {
            mutex.unlock();
        }
    }

    private static void signalAll(HybridMutex mutex) {
        Condition condition = mutex.newCondition();
        mutex.lock();
        try {
            condition.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    /** What it waits for is the signal itself, once. */
    @SuppressWarnings("WaitNotInLoop")
    private static void await(HybridMutex mutex) throws InterruptedException {
        Condition condition = mutex.newCondition();
        mutex.lock();
        try {
            condition.await();
        } finally {
            mutex.unlock();
        }
    }

    private boolean isListening() {
        return heard == 0;
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridMutex mutex = domain.openMutex(prefix + Stage.OBJECT);
        return () -> act.on(mutex);
    }

    @Override
    public Play open(Stage stage) {
        return new Listeners(stage);
    }

    private final class Listeners implements Play {

        private final Stage stage;
        private final HybridMutex mutex;
        private final HybridMutex other;
        private List<Stage.Standing<Boolean>> listeners = List.of();
        private final AtomicInteger listening = new AtomicInteger();
        private boolean signaled;

        Listeners(Stage stage) {
            this.stage = stage;
            MutexSpec spec = MutexSpec.unlocked().abandonment(Abandonment.ADOPT);
            this.mutex = stage.keep(stage.domain().createMutex(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(mutex);
        }

        @Override
        public void begin() {
            if (!isListening()) {
                listen();
            }
        }

        /** Who listens gives the mutex back when it is in the queue: so when it can be had, they are. */
        @SuppressWarnings("LockNotBeforeTry") // there is nothing to do with it
        private void listen() {
            listeners = IntStream.range(0, LISTENERS)
                    .mapToObj(i -> stage.start("listener " + i, () -> isToldByListening(i % 2 == 0 ? mutex : other)))
                    .toList();
            stage.eventually("they have the mutex before they listen", () -> listening.get() == LISTENERS);
            mutex.lock();
            mutex.unlock();
        }

        /** What it waits for is the signal itself, once. */
        @SuppressWarnings("WaitNotInLoop")
        private boolean isToldByListening(HybridMutex mutex) {
            Condition condition = mutex.newCondition();
            mutex.lock();
            try {
                boolean told = mutex.acquiredAbandoned();
                listening.incrementAndGet();
                condition.awaitUninterruptibly();
                return told || mutex.acquiredAbandoned();
            } finally {
                mutex.unlock();
            }
        }

        @Override
        public void prompt() {
            if (isListening()) {
                listen();
                signalOnce();
                signaled = true;
            }
        }

        private boolean signalOnce() {
            mutex.lock();
            try {
                mutex.newCondition().signal();
                return mutex.acquiredAbandoned();
            } finally {
                mutex.unlock();
            }
        }

        @Override
        public void judge(Death death) {
            stage.eventually("no owner is left", () -> !mutex.isLocked());
            if (death.done()) {
                stage.eventually(heard + " hear", () -> ended() >= heard);
            } else if (signaled && !hadMutex(death)) {
                stage.eventually("the next hears", () -> ended() > 0 || mutex.isAbandoned());
            }
            boolean _ = signalOnce();
            for (long before = ended(); before < listeners.size(); before = ended()) {
                long heardBefore = before;
                boolean _ = signalOnce();
                stage.eventually("one hears", () -> ended() > heardBefore);
            }
            assertThat(mutex.isAbandoned()).isFalse();
            assertThat(other.tryLock()).isTrue();
            assertThat(other.acquiredAbandoned()).isFalse();
            other.unlock();
        }

        /** Whether it was done with its wait, and has written into the word since; its own lock and unlock came before. */
        private static boolean hadMutex(Death death) {
            return death.changes().size() > 2;
        }

        private long ended() {
            return listeners.stream().filter(Stage.Standing::hasEnded).count();
        }
    }
}
