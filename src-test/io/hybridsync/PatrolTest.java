package io.hybridsync;

import static io.hybridsync.StrayWrites.behind;
import static io.hybridsync.StrayWrites.flip;
import static io.hybridsync.StrayWrites.forge;
import static io.hybridsync.StrayWrites.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.process.Residue;
import io.hybridsync.word.Word;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operations do not find, or find though the hash is right: values that make no sense, words that all sleep on. */
@Timeout(60)
class PatrolTest {

    private static final int NEVER_A_CLIENT = 123_456;
    private static final int TOKEN = 2;

    @TempDir
    Path directory;

    private SyncDomain domain;

    @BeforeEach
    void open() {
        domain = SyncDomain.builder("test")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open();
    }

    @AfterEach
    void close() {
        domain.close();
        Residue.assertOnly(directory, "test/broker.log");
    }

    @Test
    void valuesThatNoOperationLeadsToAreCorruptionThoughTheHashIsRight() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(3).maximum(4));
        forge(s, 5, 0);
        assertThatThrownBy(s::tryAcquire)
                .isInstanceOf(CorruptedObjectException.class)
                .hasMessageContaining("whose hash is right");
        HybridSemaphore asleep = domain.createSemaphore(SemaphoreSpec.permits(3).maximum(4));
        forge(asleep, Word.WAITERS | 5, 0);
        assertThatThrownBy(asleep::availablePermits).isInstanceOf(CorruptedObjectException.class);
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        forge(m, (1 << 30) + 7, 0);
        assertThatThrownBy(m::tryLock).isInstanceOf(CorruptedObjectException.class);
        HybridEvent manual = domain.createEvent(EventSpec.manualReset());
        forge(manual, TOKEN, 0);
        assertThatThrownBy(manual::await).isInstanceOf(CorruptedObjectException.class);
        HybridEvent auto = domain.createEvent(EventSpec.autoReset());
        forge(auto, TOKEN, 0);
        assertThat(auto.isSet()).as("a pulse that nobody took").isFalse();
        assertThatThrownBy(() -> domain.awaitAny(auto, manual)).isInstanceOf(CorruptedObjectException.class);
    }

    @Test
    void whoAllSleepAreWokenThoughNobodyOperates() throws Exception {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(0));
        OneProcess.Call<Object> waiter = waiting(s, () -> {
            s.acquire();
            return true;
        });
        flip(word(s), 1L << 50);
        assertThatThrownBy(waiter::get).hasRootCauseInstanceOf(CorruptedObjectException.class);
        assertThat(Files.readString(directory.resolve("test/broker.log")))
                .containsPattern("semaphore \"s\" is corrupted: its word at .* The clients that could have written it");
    }

    @Test
    void anOwnerThatWasNeverAClientIsCorruption() throws Exception {
        HybridMutex m = domain.createMutex("m", MutexSpec.unlocked());
        forge(m, NEVER_A_CLIENT, 0);
        assertThatThrownBy(m::lock).isInstanceOf(CorruptedObjectException.class);
    }

    @Test
    void aLockThatNobodyTakesAwayIsFoundThoughNobodyAsks() throws Exception {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(0));
        OneProcess.Call<Object> waiter = waiting(s, () -> {
            s.acquire();
            return true;
        });
        forge(s, Word.WAITERS, Word.LOCKED);
        assertThatThrownBy(waiter::get).hasRootCauseInstanceOf(CorruptedObjectException.class);
    }

    @Test
    void gapsAndFreePlacesAreGuarded() throws Exception {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(1));
        behind(s, 24).set(ValueLayout.JAVA_LONG, 0, 7);
        behind(s, 256).set(ValueLayout.JAVA_LONG, 0, 8);
        Path log = directory.resolve("test/broker.log");
        while (!Files.exists(log)
                || !Files.readString(log).contains("0x0000000000000007")
                || !Files.readString(log).contains("0x0000000000000008")) {
            Thread.onSpinWait();
        }
        assertThat(Files.readString(log)).contains("The members of the group now: client 1 (process");
        assertThat(s.tryAcquire()).as("a word beside is not touched").isTrue();
        s.release();
    }

    private static OneProcess.Call<Object> waiting(HybridObject object, Callable<Object> wait) {
        OneProcess.Call<Object> call = OneProcess.call(wait);
        OneProcess.awaitWaiters(object);
        return call;
    }
}
