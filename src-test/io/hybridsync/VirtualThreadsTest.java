package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

/**
 * Virtual threads wait in every way there is, many more of each than there are carriers, and one more virtual thread lets
 * them go: it would never run if they kept their carriers.
 */
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // what the calls do is what is tested
class VirtualThreadsTest extends OneProcess {

    private static final int MANY = 4 * Runtime.getRuntime().availableProcessors();

    private final List<FutureTask<Boolean>> waiting = new ArrayList<>();

    /** Many that wait, and have begun to when this returns. */
    private void begin(HybridObject seen, Callable<Boolean> wait) {
        for (int i = 0; i < MANY; i++) {
            FutureTask<Boolean> task = new FutureTask<>(wait);
            Thread.ofVirtual().start(task);
            waiting.add(task);
        }
        awaitWaiters(seen);
    }

    private void assertAllGoWhen(Runnable signal) throws Exception {
        Thread.ofVirtual().start(signal).join();
        for (FutureTask<Boolean> task : waiting) {
            assertThat(task.get()).isTrue();
        }
        waiting.clear();
    }

    @Test
    void semaphores() throws Exception {
        for (SemaphoreSpec spec : List.of(SemaphoreSpec.permits(0), SemaphoreSpec.permits(0).fair())) {
            HybridSemaphore s = domain.createSemaphore(spec);
            begin(s, () -> {
                s.acquire();
                return true;
            });
            assertAllGoWhen(() -> s.release(MANY));
            assertThat(s.availablePermits()).isZero();
        }
    }

    @Test
    void mutexes() throws Exception {
        for (MutexSpec spec : List.of(MutexSpec.unlocked(), MutexSpec.unlocked().fair())) {
            HybridMutex m = domain.createMutex(spec);
            m.lock();
            begin(m, () -> {
                m.lock();
                boolean mine = m.isHeldByCurrentThread();
                m.unlock();
                return mine;
            });
            m.unlock();
            assertAllGoWhen(() -> {
                m.lock();
                m.unlock();
            });
            assertThat(m.isLocked()).isFalse();
        }
    }

    @Test
    void events() throws Exception {
        for (EventSpec spec : List.of(EventSpec.manualReset(), EventSpec.manualReset().brokerOnly())) {
            HybridEvent e = domain.createEvent(spec);
            begin(e, () -> {
                e.awaitUninterruptibly();
                return true;
            });
            assertAllGoWhen(e::set);
        }
    }

    @Test
    void waitsForSeveralObjects() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(0));
        HybridSemaphore t = domain.createSemaphore(SemaphoreSpec.permits(0));
        begin(t, () -> domain.awaitAny(s, t).acquired());
        assertAllGoWhen(() -> t.release(MANY));
        begin(s, () -> domain.awaitAll(s, t).acquired());
        assertAllGoWhen(() -> {
            s.release(MANY);
            t.release(MANY);
        });
        assertThat(s.availablePermits() + t.availablePermits()).isZero();
    }

    @Test
    void conditions() throws Exception {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(0));
        Condition c = m.newCondition();
        for (int i = 0; i < MANY; i++) {
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                m.lock();
                s.release();
                c.await();
                m.unlock();
                return true;
            });
            Thread.ofVirtual().start(task);
            waiting.add(task);
        }
        s.acquire(MANY);
        assertAllGoWhen(() -> {
            m.lock();
            c.signalAll();
            m.unlock();
        });
        assertThat(m.isLocked()).isFalse();
    }
}
