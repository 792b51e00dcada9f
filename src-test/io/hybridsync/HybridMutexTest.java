package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AbandonedMutexException;
import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.ObjectClosedException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of HybridMutex in one process; after each refusal the whole state is read back. */
@SuppressWarnings("LockNotBeforeTry") // what the calls do is what is tested
class HybridMutexTest extends OneProcess {

    private static MutexSpec spec(String kind) {
        MutexSpec spec = MutexSpec.unlocked();
        return switch (kind) {
            case "broker" -> spec.brokerOnly();
            case "fair" -> spec.fair();
            case "global" -> spec.global();
            case "compact" -> spec.compact();
            default -> spec;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "global", "compact", "broker", "fair"})
    void locksAsOftenAsItUnlocks(String kind) throws Exception {
        HybridMutex m = domain.createMutex("m", spec(kind));
        assertThat(m.isFair()).isEqualTo(kind.equals("fair"));
        assertFree(m);
        m.lock();
        m.lockInterruptibly();
        assertThat(m.tryLock()).isTrue();
        assertThat(m.tryLock(1, TimeUnit.DAYS)).isTrue();
        assertMine(m, 4);
        assertThat(call(m::tryLock).get()).isFalse();
        assertThat(call(() -> m.tryLock(0, TimeUnit.SECONDS)).get()).isFalse();
        assertThat(call(() -> m.tryLock(5, TimeUnit.MILLISECONDS)).get()).isFalse();
        assertThat(call(m::isHeldByCurrentThread).get()).isFalse();
        assertThat(call(m::getHoldCount).get()).isZero();
        for (int left = 3; left > 0; left--) {
            m.unlock();
            assertMine(m, left);
        }
        m.unlock();
        assertFree(m);
        assertThat(call(m::tryLock).get()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void whoDoesNotOwnItCannotUnlockIt(String kind) {
        HybridMutex m = domain.createMutex("m", spec(kind));
        assertThatThrownBy(m::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("mutex \"m\"");
        assertFree(m);
        m.lock();
        assertThatThrownBy(call(() -> {
                    m.unlock();
                    return 0;
                })::get)
                .hasRootCauseInstanceOf(IllegalMonitorStateException.class);
        assertMine(m, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker", "fair"})
    void whoWaitsGetsItNext(String kind) throws Exception {
        HybridMutex m = domain.createMutex(spec(kind));
        m.lock();
        Call<Integer> waiting = call(() -> {
            m.lock();
            int holds = m.getHoldCount();
            m.unlock();
            return holds;
        });
        awaitWaiters(m);
        m.unlock();
        assertThat(waiting.get()).isEqualTo(1);
        assertThat(m.isLocked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker", "fair"})
    void aTimedLockWaitsAtLeastThatLong(String kind) throws Exception {
        HybridMutex m = domain.createMutex(spec(kind));
        m.lock();
        assertThat(call(() -> {
                    long start = System.nanoTime();
                    assertThat(m.tryLock(30, TimeUnit.MILLISECONDS)).isFalse();
                    return System.nanoTime() - start;
                }).get())
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        assertMine(m, 1);
        m.unlock();
        assertThat(m.tryLock(-1, TimeUnit.DAYS)).isTrue();
        assertThat(m.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        assertMine(m, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void anInterruptOnEntryComesFirst(String kind) {
        HybridMutex m = domain.createMutex(spec(kind));
        for (Callable<?> call : List.<Callable<?>>of(
                () -> {
                    m.lockInterruptibly();
                    return 0;
                },
                () -> m.tryLock(1, TimeUnit.SECONDS),
                () -> m.tryLock(0, TimeUnit.SECONDS),
                m::hold)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(call::call).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertFree(m);
        }
        Thread.currentThread().interrupt();
        m.lock();
        assertThat(m.tryLock()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertMine(m, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void aWaiterIsInterruptedUnlessItDoesNotListen(String kind) throws Exception {
        HybridMutex m = domain.createMutex(spec(kind));
        m.lock();
        Call<Object> listening = call(() -> {
            m.lockInterruptibly();
            return "locked";
        });
        awaitWaiters(m);
        listening.interrupt();
        assertThatThrownBy(listening::get).hasRootCauseInstanceOf(InterruptedException.class);
        assertMine(m, 1);
        Call<Boolean> deaf = call(() -> {
            m.lock();
            boolean interrupted = Thread.interrupted();
            m.unlock();
            return interrupted;
        });
        awaitWaiters(m);
        deaf.interrupt();
        assertThatThrownBy(() -> deaf.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        m.unlock();
        assertThat(deaf.get()).isTrue();
        assertFree(m);
    }

    @Test
    void nobodyLocksItTooOften() throws Exception {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridEvent e = domain.createEvent(EventSpec.manualReset());
        m.opening().mutex().relock(Integer.MAX_VALUE, m);
        assertThatThrownBy(m::lock).isInstanceOf(Error.class).hasMessageContaining("lock count");
        assertThatThrownBy(m::tryLock).isInstanceOf(Error.class);
        assertMine(m, Integer.MAX_VALUE);
        assertThat(domain.awaitAny(java.time.Duration.ZERO, m)).isEqualTo(new WaitResult(Outcome.TIMED_OUT, -1));
        e.set();
        assertThat(domain.awaitAny(m, e)).isEqualTo(new WaitResult(Outcome.ACQUIRED, 1));
        assertThat(domain.awaitAll(java.time.Duration.ZERO, m, e).acquired()).isFalse();
        assertMine(m, Integer.MAX_VALUE);
        m.opening().mutex().unlockAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void whoCreatesItLockedOwnsItAndWhoFindsItDoesNot(String kind) {
        MutexSpec spec = kind.equals("broker") ? MutexSpec.locked().brokerOnly() : MutexSpec.locked();
        HybridMutex m = domain.mutex("m", spec);
        assertMine(m, 1);
        HybridMutex same = domain.mutex("m", MutexSpec.locked());
        assertThat(same.wasCreated()).isFalse();
        assertMine(same, 1);
        m.unlock();
        assertFree(m);
        HybridMutex again = domain.mutex("m", MutexSpec.locked());
        assertFree(again);
        try (SyncDomain other = another();
                HybridMutex theirs = other.mutex("m", MutexSpec.locked())) {
            assertThat(theirs.isHeldByCurrentThread()).isFalse();
            assertFree(m);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "global", "broker"})
    void theLastHandleOfAnOwnerAbandonsIt(String kind) {
        HybridMutex m = domain.createMutex("m", spec(kind));
        HybridMutex second = domain.openMutex("m");
        try (SyncDomain other = another();
                HybridMutex theirs = other.openMutex("m")) {
            m.lock();
            m.close();
            assertThat(theirs.isLocked()).as("another handle is open").isTrue();
            assertThat(second.isHeldByCurrentThread()).isTrue();
            assertThatThrownBy(second::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mutex \"m\"");
            assertThat(second.isClosed()).isTrue();
            second.close();
            assertAbandoned(theirs);
            assertThat(theirs.recover()).isTrue();
            assertMine(theirs, 1);
            assertThat(theirs.acquiredAbandoned()).isTrue();
            assertThat(theirs.isAbandoned()).isFalse();
            assertThat(theirs.recover()).as("it is not abandoned any more").isFalse();
            theirs.unlock();
            theirs.lock();
            assertThat(theirs.acquiredAbandoned()).as("that was before").isFalse();
            theirs.unlock();
            assertFree(theirs);
        }
    }

    @Test
    void whoAdoptsOwnsWhatWasAbandoned() {
        HybridMutex m = domain.createMutex("m", MutexSpec.unlocked().abandonment(Abandonment.ADOPT));
        try (SyncDomain other = another();
                HybridMutex theirs = other.openMutex("m")) {
            m.lock();
            assertThatThrownBy(m::close).isInstanceOf(IllegalStateException.class);
            assertThat(theirs.isAbandoned()).isTrue();
            theirs.lock();
            assertMine(theirs, 1);
            assertThat(theirs.acquiredAbandoned()).isTrue();
            theirs.unlock();
            assertThat(theirs.isAbandoned()).isFalse();
        }
    }

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void closingTheDomainAbandonsSilently() {
        HybridMutex m = domain.createMutex("m", MutexSpec.unlocked());
        try (SyncDomain other = another()) {
            HybridMutex theirs = other.openMutex("m");
            theirs.lock();
            other.close();
            assertThat(theirs.isClosed()).isTrue();
            assertAbandoned(m);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker", "fair"})
    void aThreadThatEndsAbandonsWhatItOwns(String kind) throws Exception {
        HybridMutex m = domain.createMutex(spec(kind));
        Call<Boolean> owner = call(m::tryLock);
        assertThat(owner.get()).isTrue();
        owner.thread().join();
        while (!m.isAbandoned()) {
            Thread.onSpinWait();
        }
        assertAbandoned(m);
        assertThat(m.recover()).isTrue();
        m.unlock();
        assertFree(m);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void whoWaitsIsToldWhenTheOwnerEnds(String kind) throws Exception {
        HybridMutex m = domain.createMutex("m", spec(kind));
        Thread owner = Thread.ofVirtual().start(() -> {
            m.lock();
            awaitWaiters(m);
        });
        while (!m.isLocked()) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(m::lock).isInstanceOf(AbandonedMutexException.class).hasMessageContaining("recover()");
        owner.join();
        assertAbandoned(m);
    }

    @Test
    void whatIsHeldIsUnlockedOnce() throws Exception {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        Held held = m.hold();
        m.lock();
        held.close();
        held.close();
        assertMine(m, 1);
        m.unlock();
        Held mine = m.hold();
        assertThatThrownBy(call(() -> {
                    mine.close();
                    return 0;
                })::get)
                .hasRootCauseInstanceOf(IllegalMonitorStateException.class);
        assertMine(m, 1);
        mine.close();
        assertFree(m);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void closingEndsTheWaitsOfTheHandleOnly(String kind) throws Exception {
        HybridMutex m = domain.createMutex("m", spec(kind));
        HybridMutex same = domain.openMutex("m");
        m.lock();
        Call<Object> waiting = call(() -> {
            same.lock();
            return 0;
        });
        awaitWaiters(m);
        same.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        for (Runnable call : List.<Runnable>of(
                same::lock,
                same::tryLock,
                same::unlock,
                same::recover,
                same::isLocked,
                same::isAbandoned,
                same::getHoldCount,
                same::isHeldByCurrentThread,
                same::acquiredAbandoned,
                same::newCondition)) {
            assertThatThrownBy(call::run).isInstanceOf(ObjectClosedException.class);
        }
        assertMine(m, 1);
        m.unlock();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "broker"})
    void aQueryHandleOnlyAsks(String kind) {
        HybridMutex m = domain.createMutex("m", spec(kind));
        HybridMutex query = domain.openMutex("m", Access.QUERY);
        assertFree(query);
        for (Runnable call : List.<Runnable>of(
                query::lock, query::tryLock, query::unlock, query::recover, query::newCondition)) {
            assertThatThrownBy(call::run).isInstanceOf(AccessDeniedException.class).hasMessageContaining("\"m\"");
        }
        assertThatThrownBy(query::lockInterruptibly).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.tryLock(0, TimeUnit.SECONDS)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(AccessDeniedException.class);
        assertFree(m);
        m.lock();
        assertThat(query.isLocked()).isTrue();
        assertThat(query.getHoldCount()).isEqualTo(1);
        m.unlock();
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsNamed() {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        assertThatNullPointerException().isThrownBy(() -> m.tryLock(1, null)).withMessageContaining("unit");
        assertThatNullPointerException().isThrownBy(() -> m.newCondition(null)).withMessageContaining("name");
        assertThatNullPointerException()
                .isThrownBy(() -> MutexSpec.locked().abandonment(null))
                .withMessageContaining("abandonment");
        assertThatNullPointerException().isThrownBy(() -> domain.createMutex(null)).withMessageContaining("spec");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.openMutex("m", null))
                .withMessageContaining("access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "fair"})
    void manyThreadsExcludeEachOther(String kind) throws Exception {
        HybridMutex m = domain.createMutex(spec(kind));
        int rounds = kind.equals("fair") ? 200 : 5000;
        int[] shared = {0, 0};
        Callable<Integer> work = () -> {
            for (int n = 0; n < rounds; n++) {
                m.lock();
                shared[0]++;
                shared[1] = shared[0];
                m.unlock();
            }
            return 0;
        };
        List<Call<Integer>> calls = List.of(call(work), call(work), call(work));
        for (Call<Integer> call : calls) {
            call.get();
        }
        assertThat(shared[0]).isEqualTo(3 * rounds);
        assertFree(m);
    }

    private static void assertFree(HybridMutex m) {
        assertState(m, 0, 0);
        assertThat(m.isHeldByCurrentThread()).isFalse();
        assertThat(m.getHoldCount()).isZero();
        assertThat(m.isLocked()).isFalse();
        assertThat(m.snapshot().ownerClient()).isEmpty();
    }

    private static void assertMine(HybridMutex m, int holds) {
        int client = m.snapshot().ownerClient().orElseThrow();
        assertState(m, client, client);
        assertThat(m.isHeldByCurrentThread()).isTrue();
        assertThat(m.getHoldCount()).isEqualTo(holds);
        assertThat(m.isLocked()).isTrue();
        assertThat(m.snapshot().ownerPid()).hasValue((int) ProcessHandle.current().pid());
    }

    private static void assertAbandoned(HybridMutex m) {
        assertThat(m.isAbandoned()).isTrue();
        assertThat(m.isLocked()).isFalse();
        assertThatThrownBy(m::lock).isInstanceOf(AbandonedMutexException.class);
        assertThatThrownBy(m::tryLock).isInstanceOf(AbandonedMutexException.class);
        assertThatThrownBy(() -> m.tryLock(1, TimeUnit.DAYS)).isInstanceOf(AbandonedMutexException.class);
        assertThat(m.isHeldByCurrentThread()).isFalse();
        assertThat(m.isAbandoned()).isTrue();
        assertThat(m.snapshot().ownerClient()).isEmpty();
    }

    private static void assertState(HybridMutex m, int value, int owner) {
        Snapshot snapshot = m.snapshot();
        assertThat(snapshot.value()).isEqualTo(value);
        assertThat(snapshot.ownerClient().orElse(0)).isEqualTo(owner);
        assertThat(snapshot.kind()).isEqualTo(Kind.MUTEX);
        assertThat(snapshot.hashValid()).isTrue();
        assertThat(m.isAbandoned()).isFalse();
    }
}
