package io.hybridsync;

import static io.hybridsync.StrayWrites.flip;
import static io.hybridsync.StrayWrites.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.NoSuchObjectException;
import io.hybridsync.process.Residue;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fresh word for a corrupted object. */
@Timeout(60)
class RepairTest {

    @TempDir
    Path directory;

    private SyncDomain domain;
    private SyncDomain other;

    @BeforeEach
    void open() {
        domain = SyncDomain.builder("test")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open();
        other = SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open();
    }

    @AfterEach
    void close() {
        other.close();
        domain.close();
        Residue.assertOnly(directory, "test/broker.log");
    }

    @Test
    void aNewObjectGetsTheNameAndOldHandlesStayAsTheyAre() throws Exception {
        HybridSemaphore old = domain.createSemaphore("s", SemaphoreSpec.permits(3));
        HybridSemaphore oldElsewhere = other.openSemaphore("s");
        flip(word(old), 4);
        assertThatThrownBy(old::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        assertThatThrownBy(() -> other.openSemaphore("s")).isInstanceOf(CorruptedObjectException.class);

        domain.repair("s", SemaphoreSpec.permits(5));
        other.repair("s", SemaphoreSpec.permits(7));

        HybridSemaphore anew = other.openSemaphore("s");
        HybridSemaphore anewHere = domain.semaphore("s", SemaphoreSpec.permits(9));
        assertThat(anewHere.wasCreated()).isFalse();
        assertThat(anew.availablePermits()).as("the first repair counts, the second finds it sound").isEqualTo(5);
        assertThat(anewHere.tryAcquire(5)).isTrue();
        assertThat(anew.tryAcquire()).isFalse();
        assertThatThrownBy(old::release).isInstanceOf(CorruptedObjectException.class);
        assertThatThrownBy(oldElsewhere::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        old.close();
        oldElsewhere.close();
        assertThat(domain.objects()).hasSize(1);
        anew.close();
        anewHere.close();
        assertThat(domain.objects()).isEmpty();
        assertThatThrownBy(() -> domain.openSemaphore("s")).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void whoRepairsWhenTheNewObjectHasGoneAgainMakesAnotherOne() throws Exception {
        HybridSemaphore old = domain.createSemaphore("s", SemaphoreSpec.permits(3));
        HybridSemaphore oldElsewhere = other.openSemaphore("s");
        flip(word(old), 4);
        assertThatThrownBy(old::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        domain.repair("s", SemaphoreSpec.permits(5));
        domain.openSemaphore("s").close();
        assertThatThrownBy(() -> other.openSemaphore("s")).isInstanceOf(NoSuchObjectException.class);

        assertThatThrownBy(oldElsewhere::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        other.repair("s", SemaphoreSpec.permits(7));
        try (HybridSemaphore anew = other.openSemaphore("s")) {
            assertThat(anew.availablePermits()).isEqualTo(7);
        }
        old.close();
        oldElsewhere.close();
        assertThatThrownBy(() -> other.repair("s", SemaphoreSpec.permits(7))).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void theNewObjectIsHeldByItsRepairerUntilThatHasOpenedItOrIsClosed() throws Exception {
        for (boolean opens : new boolean[] {true, false}) {
            try (SyncDomain repairer =
                    SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open()) {
                HybridEvent old = domain.createEvent("e", EventSpec.manualReset());
                flip(word(old), 1L << 37);
                assertThatThrownBy(old::isSet).isInstanceOf(CorruptedObjectException.class);
                repairer.repair("e", EventSpec.autoReset().signaled());
                old.close();
                try (HybridEvent anew = domain.openEvent("e")) {
                    assertThat(anew.isSet()).isTrue();
                }
                if (opens) {
                    repairer.openEvent("e").close();
                    assertThat(domain.objects()).isEmpty();
                }
            }
            assertThat(domain.objects()).isEmpty();
        }
    }

    @Test
    void aMutexThatIsRepairedLockedIsTheRepairersThread() throws Exception {
        HybridMutex old = domain.createMutex("m", MutexSpec.unlocked());
        flip(word(old), 1);
        assertThatThrownBy(old::tryLock).isInstanceOf(CorruptedObjectException.class);
        domain.repair("m", MutexSpec.locked());
        try (HybridMutex anew = domain.openMutex("m");
                HybridMutex elsewhere = other.openMutex("m")) {
            assertThat(anew.isHeldByCurrentThread()).isTrue();
            assertThat(elsewhere.tryLock()).isFalse();
            anew.unlock();
            assertThat(elsewhere.tryLock()).isTrue();
            elsewhere.unlock();
        }
    }

    @Test
    void theExceptionNamesThoseWhoCouldHaveWritten() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(3));
        HybridSemaphore same = other.openSemaphore("s");
        SyncDomain third = SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open();
        int[] group = s.snapshot().group().stream().mapToInt(id -> id).sorted().toArray();
        flip(word(s), 2);
        assertThatThrownBy(s::tryAcquire).isInstanceOfSatisfying(CorruptedObjectException.class, e -> {
            assertThat(e.writers()).containsExactly(new Writer(group[0], pid), new Writer(group[1], pid));
            assertThat(e).hasMessageContaining("client %d (process %d)", group[1], pid);
        });
        assertThatThrownBy(() -> third.openSemaphore("s"))
                .isInstanceOfSatisfying(CorruptedObjectException.class, e -> assertThat(e.writers()).hasSize(2));
        assertThatThrownBy(same::release)
                .isInstanceOfSatisfying(CorruptedObjectException.class, e -> assertThat(e.writers()).hasSize(2));
        third.close();
    }
}
