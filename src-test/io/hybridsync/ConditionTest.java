package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of java.util.concurrent.locks.Condition, over the clients of a domain. */
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry", "JavaUtilDate"}) // what the calls do is what is tested
class ConditionTest extends OneProcess {

    private HybridMutex mutex(String kind) {
        MutexSpec spec = MutexSpec.unlocked();
        return domain.createMutex("m", kind.equals("broker") ? spec.brokerOnly() : spec);
    }

    /** A thread that owns the mutex twice and awaits the condition; how often it owned it afterwards. */
    private static Call<Integer> waiter(HybridMutex m, Condition condition) {
        Call<Integer> call = call(() -> {
            m.lock();
            m.lock();
            condition.await();
            int holds = m.getHoldCount();
            m.unlock();
            m.unlock();
            return holds;
        });
        awaitQueued(m, call, condition);
        return call;
    }

    /** Who is parked for the condition has been queued; and the mutex is free again. */
    private static void awaitQueued(HybridMutex m, Call<?> call, Condition condition) {
        call.awaitParkedFor(condition);
        while (m.isLocked()) {
            Thread.onSpinWait();
        }
    }

    private static void signal(HybridMutex m, Condition condition) {
        m.lock();
        condition.signal();
        m.unlock();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void aSignalWakesWhoHasWaitedLongestAndTheDepthIsRestored(String kind) throws Exception {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition();
        Call<Integer> first = waiter(m, c);
        Call<Integer> second = waiter(m, c);
        signal(m, m.newCondition());
        assertThat(first.get()).isEqualTo(2);
        assertThatThrownBy(() -> second.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        signal(m, c);
        assertThat(second.get()).isEqualTo(2);
        assertThat(m.isLocked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void aSignalToAllWakesAllOfThatConditionOnly(String kind) throws Exception {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition("c");
        Call<Integer> first = waiter(m, c);
        Call<Integer> second = waiter(m, c);
        Call<Integer> other = waiter(m, m.newCondition("other"), "other");
        m.lock();
        m.newCondition("c").signalAll();
        assertThatThrownBy(() -> first.result().get(20, TimeUnit.MILLISECONDS))
                .as("the mutex is mine")
                .isInstanceOf(TimeoutException.class);
        m.unlock();
        assertThat(first.get() + second.get()).isEqualTo(4);
        assertThatThrownBy(() -> other.result().get(20, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        signal(m, m.newCondition("other"));
        assertThat(other.get()).isEqualTo(2);
        signal(m, c);
    }

    private static Call<Integer> waiter(HybridMutex m, Condition condition, String name) {
        assertThat(condition).asString().contains(name);
        return waiter(m, condition);
    }

    @Test
    void conditionsReachOtherClientsInTheOrderOfTheirWaits() throws Exception {
        HybridMutex m = mutex("shared");
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (SyncDomain other = another();
                HybridMutex theirs = other.openMutex("m")) {
            List<Call<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                HybridMutex mine = i % 2 == 0 ? m : theirs;
                Condition condition = mine.newCondition();
                int number = i;
                Call<Integer> call = call(() -> {
                    mine.lock();
                    condition.await();
                    order.add(number);
                    mine.unlock();
                    return 0;
                });
                awaitQueued(m, call, condition);
                calls.add(call);
            }
            for (int i = 0; i < 6; i++) {
                signal(i % 2 == 0 ? theirs : m, (i % 2 == 0 ? theirs : m).newCondition());
                calls.get(i).get();
            }
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void theSignalOfOneWhoEndsGoesToTheNext() throws Exception {
        HybridMutex m = mutex("shared");
        Call<Integer> second;
        try (SyncDomain other = another()) {
            HybridMutex theirs = other.openMutex("m");
            Call<Integer> first = waiter(theirs, theirs.newCondition());
            second = waiter(m, m.newCondition());
            m.lock();
            m.newCondition().signal();
            other.close();
            assertThatThrownBy(first::get).hasRootCauseInstanceOf(ObjectClosedException.class);
            m.unlock();
        }
        assertThat(second.get()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void whoDoesNotOwnTheMutexMayDoNothing(String kind) {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition();
        for (Callable<?> call : List.<Callable<?>>of(
                () -> {
                    c.await();
                    return 0;
                },
                () -> c.awaitNanos(1),
                () -> c.await(1, TimeUnit.NANOSECONDS),
                () -> c.awaitUntil(new Date()),
                () -> {
                    c.awaitUninterruptibly();
                    return 0;
                },
                () -> {
                    c.signal();
                    return 0;
                },
                () -> {
                    c.signalAll();
                    return 0;
                })) {
            assertThatThrownBy(call::call).isInstanceOf(IllegalMonitorStateException.class);
            assertThat(m.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void timesPass(String kind) throws Exception {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition();
        m.lock();
        m.lock();
        long start = System.nanoTime();
        assertThat(c.await(20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(c.awaitNanos(1_000_000)).isNotPositive();
        assertThat(c.awaitNanos(0)).isNotPositive();
        assertThat(c.awaitNanos(Long.MIN_VALUE)).isNotPositive();
        assertThat(c.awaitUntil(Date.from(Instant.now().plusMillis(5)))).isFalse();
        assertThat(c.awaitUntil(new Date(0))).isFalse();
        assertThat(c.await(-1, TimeUnit.DAYS)).isFalse();
        assertThat(m.getHoldCount()).isEqualTo(2);
        m.unlock();
        m.unlock();
        Call<Long> rest = call(() -> {
            m.lock();
            long left = c.awaitNanos(TimeUnit.DAYS.toNanos(1));
            m.unlock();
            return left;
        });
        awaitQueued(m, rest, c);
        signal(m, c);
        assertThat(rest.get()).isBetween(1L, TimeUnit.DAYS.toNanos(1));
        Call<Boolean> until = call(() -> {
            m.lock();
            boolean signaled = c.awaitUntil(new Date(Long.MAX_VALUE));
            m.unlock();
            return signaled;
        });
        awaitQueued(m, until, c);
        signal(m, c);
        assertThat(until.get()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void anInterruptBeforeTheSignalEndsTheWaitAndTheSignalGoesToTheNext(String kind) throws Exception {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition();
        Call<Integer> interrupted = call(() -> {
            m.lock();
            m.lock();
            try {
                c.await();
                return -1;
            } catch (InterruptedException e) {
                return m.getHoldCount();
            } finally {
                m.unlock();
                m.unlock();
            }
        });
        awaitQueued(m, interrupted, c);
        Call<Integer> next = waiter(m, c);
        interrupted.interrupt();
        assertThat(interrupted.get()).as("it owns the mutex again").isEqualTo(2);
        signal(m, c);
        assertThat(next.get()).isEqualTo(2);
        m.lock();
        Thread.currentThread().interrupt();
        assertThatThrownBy(c::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(m.getHoldCount()).isEqualTo(1);
        m.unlock();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void anInterruptAfterTheSignalStaysPending(String kind) throws Exception {
        HybridMutex m = mutex(kind);
        Condition c = m.newCondition();
        Call<Boolean> signaled = call(() -> {
            m.lock();
            c.await();
            boolean interrupted = Thread.interrupted();
            m.unlock();
            return interrupted;
        });
        awaitQueued(m, signaled, c);
        m.lock();
        c.signal();
        signaled.interrupt();
        m.unlock();
        assertThat(signaled.get()).isTrue();
        Call<Boolean> deaf = call(() -> {
            m.lock();
            c.awaitUninterruptibly();
            boolean interrupted = Thread.interrupted();
            m.unlock();
            return interrupted;
        });
        awaitQueued(m, deaf, c);
        deaf.interrupt();
        assertThatThrownBy(() -> deaf.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        signal(m, c);
        assertThat(deaf.get()).isTrue();
    }

    @Test
    void closingTheHandleEndsTheWait() throws Exception {
        HybridMutex m = mutex("shared");
        HybridMutex second = domain.openMutex("m");
        Call<Integer> closed = waiter(m, m.newCondition());
        Call<Integer> other = waiter(second, second.newCondition());
        m.close();
        assertThatThrownBy(closed::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        signal(second, second.newCondition());
        assertThat(other.get()).isEqualTo(2);
    }

    @Test
    void whoComesBackTakesOverWhatWasAbandoned() throws Exception {
        HybridMutex m = mutex("shared");
        Condition c = m.newCondition();
        Call<Boolean> waiting = call(() -> {
            m.lock();
            c.await();
            boolean adopted = m.acquiredAbandoned();
            m.unlock();
            return adopted;
        });
        awaitQueued(m, waiting, c);
        try (SyncDomain other = another()) {
            HybridMutex theirs = other.openMutex("m");
            theirs.lock();
            theirs.newCondition().signal();
        }
        assertThat(waiting.get()).isTrue();
        assertThat(m.isAbandoned()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void namesAndNulls() {
        HybridMutex m = mutex("shared");
        assertThatIllegalArgumentException().isThrownBy(() -> m.newCondition(""));
        assertThatIllegalArgumentException().isThrownBy(() -> m.newCondition("x".repeat(1024)));
        assertThatIllegalArgumentException().isThrownBy(() -> m.newCondition("a\0b"));
        m.lock();
        assertThatNullPointerException().isThrownBy(() -> m.newCondition().await(1, null)).withMessageContaining("unit");
        assertThatNullPointerException()
                .isThrownBy(() -> m.newCondition().awaitUntil(null))
                .withMessageContaining("deadline");
        assertThat(m.getHoldCount()).isEqualTo(1);
        m.unlock();
    }
}
