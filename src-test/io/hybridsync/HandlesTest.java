package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KindMismatchException;
import io.hybridsync.error.NoSuchObjectException;
import io.hybridsync.error.ObjectExistsException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What handles of all kinds have in common, and what is seen of objects by people who debug. */
@SuppressWarnings("LockNotBeforeTry") // what the calls do is what is tested
class HandlesTest extends OneProcess {

    @Test
    void handlesOfOneDomainShareOwnershipAndDepth() throws Exception {
        HybridMutex first = domain.mutex("m", MutexSpec.unlocked());
        HybridMutex second = domain.mutex("m", MutexSpec.unlocked());
        HybridMutex third = domain.openMutex(first.token());
        assertThat(List.of(first.wasCreated(), second.wasCreated(), third.wasCreated()))
                .containsExactly(true, false, false);
        first.lock();
        second.lock();
        assertThat(third.getHoldCount()).isEqualTo(2);
        third.unlock();
        first.close();
        assertThat(second.isHeldByCurrentThread()).as("another handle is open").isTrue();
        third.unlock();
        assertThat(second.isLocked()).isFalse();
        second.close();
        third.close();
        assertThatThrownBy(() -> domain.openMutex("m")).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void domainsOfOneProcessAreClientsOfTheirOwn() throws Exception {
        HybridMutex m = domain.mutex("m", MutexSpec.locked());
        try (SyncDomain other = another();
                HybridMutex theirs = other.openMutex("m")) {
            assertThat(theirs.isHeldByCurrentThread()).isFalse();
            assertThat(theirs.isLocked()).isTrue();
            assertThat(theirs.tryLock()).isFalse();
            assertThatThrownBy(theirs::unlock).isInstanceOf(IllegalMonitorStateException.class);
            m.unlock();
            assertThat(theirs.tryLock()).isTrue();
            assertThat(m.tryLock()).isFalse();
            theirs.unlock();
        }
    }

    @Test
    void tokensOpenObjectsOfTheirKind() {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridEvent e = domain.createEvent(EventSpec.manualReset().brokerOnly());
        try (SyncDomain other = another()) {
            HybridMutex theirs = other.openMutex(ObjectToken.parse(m.token().toString()));
            assertThat(theirs.name()).isEmpty();
            assertThat(theirs.tryLock()).isTrue();
            assertThat(m.isLocked()).isTrue();
            theirs.unlock();
            assertThat(other.openEvent(e.token()).set()).isFalse();
            assertThat(e.isSet()).isTrue();
            assertThatThrownBy(() -> other.openEvent(m.token())).isInstanceOf(KindMismatchException.class);
            assertThatThrownBy(() -> other.openMutex(e.token())).isInstanceOf(KindMismatchException.class);
            assertThatThrownBy(() -> other.openSemaphore(m.token())).isInstanceOf(KindMismatchException.class);
            assertThatThrownBy(() -> other.openMutex(new ObjectToken(1, 2))).isInstanceOf(NoSuchObjectException.class);
        }
    }

    @Test
    void allKindsShareOneNameSpace() {
        HybridEvent e = domain.createEvent("x", EventSpec.autoReset());
        assertThatThrownBy(() -> domain.createMutex("x", MutexSpec.unlocked())).isInstanceOf(ObjectExistsException.class);
        assertThatThrownBy(() -> domain.mutex("x", MutexSpec.unlocked())).isInstanceOf(KindMismatchException.class);
        assertThatThrownBy(() -> domain.openSemaphore("x")).isInstanceOf(KindMismatchException.class);
        e.close();
        try (HybridMutex m = domain.createMutex("x", MutexSpec.unlocked())) {
            assertThat(m.wasCreated()).isTrue();
        }
    }

    @Test
    void whoAsksOnlyMayComeToOperateByAnotherHandle() throws Exception {
        try (SyncDomain other = another()) {
            HybridMutex m = domain.createMutex("m", MutexSpec.unlocked().brokerOnly());
            HybridMutex query = other.openMutex("m", Access.QUERY);
            assertThat(query.access()).isEqualTo(Access.QUERY);
            assertThat(query.isLocked()).isFalse();
            assertThatThrownBy(query::tryLock).isInstanceOf(AccessDeniedException.class);
            HybridMutex full = other.openMutex("m");
            assertThat(full.access()).isEqualTo(Access.FULL);
            assertThat(full.tryLock()).isTrue();
            assertThat(query.isHeldByCurrentThread()).isTrue();
            assertThatThrownBy(query::unlock).isInstanceOf(AccessDeniedException.class);
            full.unlock();
            assertThat(m.isLocked()).isFalse();
        }
    }

    @Test
    void aDomainListsWhatIsInIt() {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(2).maximum(3).global());
        HybridMutex m = domain.createMutex("m", MutexSpec.locked());
        HybridEvent e = domain.createEvent(EventSpec.autoReset().signaled().brokerOnly());
        assertThat(domain.objects()).containsExactly(s.snapshot(), m.snapshot(), e.snapshot());
        assertThat(domain.objects()).extracting(Snapshot::kind).containsExactly(Kind.SEMAPHORE, Kind.MUTEX, Kind.EVENT);
        int self = m.snapshot().ownerClient().orElseThrow();
        assertThat(m.snapshot().value()).isEqualTo(self);
        assertThat(m.snapshot().ownerPid()).hasValue((int) ProcessHandle.current().pid());
        assertThat(m.snapshot().group()).containsExactly(self);
        assertThat(e.snapshot().location()).isEqualTo("the broker");
        assertThat(e.snapshot().name()).isEmpty();
        assertThat(s.snapshot().ownerClient()).isEmpty();
        assertThat(s.snapshot().value()).isEqualTo(2);
        m.unlock();
        assertThat(m.snapshot().value()).isZero();
        assertThat(m.toString()).isEqualTo("mutex \"m\"");
    }

    @Test
    void aLeakedMutexThatIsHeldIsClosedByTheCleanerAndAbandoned() {
        try (SyncDomain other = another();
                HybridMutex theirs = other.createMutex("leaked", MutexSpec.unlocked())) {
            leak();
            while (!theirs.isAbandoned()) {
                System.gc();
            }
            assertThat(theirs.recover()).isTrue();
            theirs.unlock();
        }
    }

    private void leak() {
        domain.openMutex("leaked").lock();
    }

    @Test
    void waitersOfEveryKindKeepTheirHandlesReachable() throws Exception {
        HybridEvent e = domain.createEvent("e", EventSpec.autoReset());
        Call<WaitResult> any = call(() -> domain.awaitAny(domain.openEvent("e")));
        awaitWaiters(e);
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        e.set();
        assertThat(any.get().acquired()).isTrue();
    }

    @Test
    void operationsInSharedMemorySendTheBrokerNothing() throws Exception {
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridEvent e = domain.createEvent(EventSpec.autoReset());
        long before = domain.brokerCalls();
        for (int i = 0; i < 100; i++) {
            m.lock();
            m.lock();
            e.set();
            assertThat(domain.awaitAny(e, m).index()).isZero();
            assertThat(domain.awaitAny(e, m).index()).isEqualTo(1);
            m.unlock();
            m.unlock();
            m.unlock();
            e.pulse();
        }
        assertThat(domain.brokerCalls()).isEqualTo(before);
    }

    @Test
    void aRepairLeavesAloneWhatIsSoundAndDoesNotMakeWhatIsNotThere() {
        SyncDomain elsewhere = another();
        HybridMutex m = domain.createMutex("m", MutexSpec.locked());
        elsewhere.repair("m", MutexSpec.unlocked());
        assertThat(m.isHeldByCurrentThread()).isTrue();
        assertThat(m.isLocked()).isTrue();
        assertThatThrownBy(() -> elsewhere.repair("m", EventSpec.autoReset())).isInstanceOf(KindMismatchException.class);
        assertThatThrownBy(() -> elsewhere.repair("none", MutexSpec.unlocked())).isInstanceOf(NoSuchObjectException.class);
        m.unlock();
        m.close();
        assertThat(domain.objects()).isEmpty();
        elsewhere.close();
    }
}
