package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of threads that wait parked, by those who look at thread dumps. */
class ParkedThreadsTest extends OneProcess {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private SyncDomain parked;

    @BeforeEach
    void openParked() {
        parked = open(Waiting.PARKED);
    }

    @AfterEach
    void closeOther() {
        parked.close();
    }

    /** A wait on a thread of its own, which an interrupt ends. */
    private interface Waits {
        void run() throws InterruptedException;
    }

    /** On its way there it may have waited for an answer of the broker. */
    @SuppressWarnings("ReferenceEquality") // that very object
    private static void check(Object blocker, State state, Waits wait) throws Exception {
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            try {
                wait.run();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        Thread thread = Thread.ofPlatform().start(interrupted);
        while (thread.getState() != state || LockSupport.getBlocker(thread) != blocker) {
            assertThat(interrupted.isDone()).as("waits for %s", blocker).isFalse();
            Thread.onSpinWait();
        }
        thread.interrupt();
        assertThat(interrupted.get()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void semaphores(boolean brokerOnly) throws Exception {
        SemaphoreSpec spec = SemaphoreSpec.permits(0);
        HybridSemaphore s = parked.createSemaphore(brokerOnly ? spec.brokerOnly() : spec);
        check(s, State.WAITING, s::acquire);
        check(s, State.TIMED_WAITING, () -> s.tryAcquire(HOUR, TimeUnit.NANOSECONDS));
        check(s, State.WAITING, () -> parked.awaitAny(s));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mutexes(boolean brokerOnly) throws Exception {
        MutexSpec spec = MutexSpec.locked();
        HybridMutex m = parked.createMutex(brokerOnly ? spec.brokerOnly() : spec);
        check(m, State.WAITING, m::lockInterruptibly);
        check(m, State.TIMED_WAITING, () -> m.tryLock(HOUR, TimeUnit.NANOSECONDS));
        m.unlock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void events(boolean brokerOnly) throws Exception {
        for (EventSpec spec : new EventSpec[] {EventSpec.autoReset(), EventSpec.manualReset()}) {
            HybridEvent e = parked.createEvent(brokerOnly ? spec.brokerOnly() : spec);
            check(e, State.WAITING, e::await);
            check(e, State.TIMED_WAITING, () -> e.await(HOUR, TimeUnit.NANOSECONDS));
        }
    }

    @Test
    void waitsForSeveralObjects() throws Exception {
        HybridSemaphore s = parked.createSemaphore(SemaphoreSpec.permits(0));
        HybridEvent e = parked.createEvent(EventSpec.autoReset());
        check(parked, State.WAITING, () -> parked.awaitAny(s, e));
        check(parked, State.TIMED_WAITING, () -> parked.awaitAny(Duration.ofHours(1), s, e));
        check(parked, State.WAITING, () -> parked.awaitAll(s, e));
        check(parked, State.TIMED_WAITING, () -> parked.awaitAll(Duration.ofHours(1), s, e));
        check(e, State.WAITING, () -> parked.signalAndAwait(s, e));
    }

    @Test
    @SuppressWarnings("WaitNotInLoop") // nobody ever signals
    void conditions() throws Exception {
        HybridMutex m = parked.createMutex(MutexSpec.unlocked());
        Condition c = m.newCondition();
        check(c, State.WAITING, () -> await(m, c::await));
        check(c, State.TIMED_WAITING, () -> await(m, () -> c.awaitNanos(HOUR)));
        assertThat(m.isLocked()).isFalse();
    }

    private static void await(HybridMutex mutex, Waits wait) throws InterruptedException {
        mutex.lock();
        try {
            wait.run();
        } finally {
            mutex.unlock();
        }
    }
}
