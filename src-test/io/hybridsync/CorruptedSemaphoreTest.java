package io.hybridsync;

import static io.hybridsync.StrayWrites.flip;
import static io.hybridsync.StrayWrites.location;
import static io.hybridsync.StrayWrites.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.process.Residue;
import io.hybridsync.word.Word;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Something else writes to the memory of an object, found through /proc/self/maps as any stray pointer might. */
@Timeout(60)
class CorruptedSemaphoreTest {

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
        assertThat(directory.resolve("test/broker.log")).content().contains("is corrupted");
    }

    @Test
    void aFlippedBitIsFoundByTheNextOperationAndStays() throws Exception {
        HybridSemaphore s = domain.createSemaphore("bad", SemaphoreSpec.permits(3));
        HybridSemaphore other = domain.createSemaphore("good", SemaphoreSpec.permits(3));
        HybridSemaphore second = domain.openSemaphore("bad");
        MemorySegment word = word(s);
        long sound = word.get(ValueLayout.JAVA_LONG, 0);
        flip(word, 1);
        assertThatThrownBy(s::tryAcquire)
                .isInstanceOfSatisfying(CorruptedObjectException.class, e -> {
                    assertThat(e.object()).isEqualTo("semaphore \"bad\"");
                    assertThat((int) e.word()).isEqualTo(2);
                    assertThat(e.hashFound()).isNotEqualTo(e.hashExpected());
                    assertThat(e.location()).contains("offset");
                    assertThat(e).hasMessageEndingWith(
                            "repair makes a new object under its name, for handles that are opened from then on.");
                });
        assertThatThrownBy(s::release).isInstanceOf(CorruptedObjectException.class);
        assertThatThrownBy(second::availablePermits).isInstanceOf(CorruptedObjectException.class);
        assertThatThrownBy(() -> domain.openSemaphore("bad")).isInstanceOf(CorruptedObjectException.class);
        word.set(ValueLayout.JAVA_LONG, 0, sound);
        assertThatThrownBy(s::tryAcquire).as("the latch").isInstanceOf(CorruptedObjectException.class);
        assertThat(other.tryAcquire(3)).isTrue();
        s.close();
        second.close();
        try (HybridSemaphore anew = domain.createSemaphore("bad", SemaphoreSpec.permits(1))) {
            assertThat(anew.tryAcquire()).isTrue();
        }
    }

    /** The broker has not looked meanwhile. */
    @Test
    void whatWasFoundIsSoAlsoWhereTheWordIsRightAgain() throws Exception {
        HybridSemaphore s = domain.createSemaphore("bad", SemaphoreSpec.permits(3));
        MemorySegment word = word(s);
        long sound = word.get(ValueLayout.JAVA_LONG, 0);
        flip(word, 1);
        assertThatThrownBy(s::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        word.set(ValueLayout.JAVA_LONG, 0, sound);
        assertThatThrownBy(() -> domain.openSemaphore("bad")).isInstanceOf(CorruptedObjectException.class);
        domain.repair("bad", SemaphoreSpec.permits(1));
        try (HybridSemaphore anew = domain.openSemaphore("bad")) {
            assertThat(anew.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    void whoSleepsIsWokenByTheFirstThatFindsIt() throws Exception {
        HybridSemaphore s = domain.createSemaphore("bad", SemaphoreSpec.permits(0));
        try (SyncDomain elsewhere =
                        SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open();
                HybridSemaphore same = elsewhere.openSemaphore("bad")) {
            FutureTask<Object> waiting = new FutureTask<>(() -> {
                same.acquire();
                return "acquired";
            });
            Thread.ofPlatform().start(waiting);
            while (!s.snapshot().waiters()) {
                Thread.onSpinWait();
            }
            flip(word(s), 1L << 40);
            assertThatThrownBy(s::release).isInstanceOf(CorruptedObjectException.class);
            assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(CorruptedObjectException.class);
            assertThat(domain.objects().getFirst().flags()).contains("CORRUPTED");
        }
    }

    @Test
    void aClaimThatTheBrokerDoesNotMakeIsCorruption() throws Exception {
        try (SyncDomain impatient = SyncDomain.builder("test")
                .directory(directory)
                .broker(BrokerMode.EXTERNAL)
                .claimTimeout(Duration.ofMillis(50))
                .open()) {
            for (int flag : new int[] {Word.LOCKED, Word.MOVED}) {
                try (HybridSemaphore s = impatient.createSemaphore("claimed", SemaphoreSpec.permits(3))) {
                    word(s).set(ValueLayout.JAVA_LONG, 0, Word.pack(location(s).base(), 3, flag));
                    assertThatThrownBy(s::tryAcquire).isInstanceOf(CorruptedObjectException.class);
                    assertThatThrownBy(s::acquire).isInstanceOf(CorruptedObjectException.class);
                }
            }
        }
    }

    @Test
    void oneInAListIsToldBeforeAnythingIsTaken() throws Exception {
        HybridSemaphore good = domain.createSemaphore("good", SemaphoreSpec.permits(3));
        HybridSemaphore kept = domain.createSemaphore(SemaphoreSpec.permits(3).brokerOnly());
        for (int i = 0; i < 4; i++) {
            try (HybridEvent bad = domain.createEvent("bad", EventSpec.manualReset())) {
                flip(word(bad), 1);
                int way = i;
                assertThatThrownBy(() -> {
                            switch (way) {
                                case 0 -> domain.awaitAny(good, bad);
                                case 1 -> domain.awaitAny(kept, good, bad);
                                case 2 -> domain.awaitAll(good, kept, bad);
                                default -> domain.signalAndAwait(good, bad);
                            }
                        })
                        .isInstanceOf(CorruptedObjectException.class)
                        .hasMessageContaining("event \"bad\"");
            }
        }
        assertThat(good.availablePermits()).isEqualTo(3);
        assertThat(kept.availablePermits()).isEqualTo(3);
    }

    @Test
    void whoOwnsACorruptedMutexClosesItAsAnyOther() throws Exception {
        HybridMutex m = domain.createMutex("bad", MutexSpec.locked());
        flip(word(m), 1);
        assertThatThrownBy(m::unlock).isInstanceOf(CorruptedObjectException.class);
        assertThat(m.isHeldByCurrentThread()).isTrue();
        assertThatThrownBy(m::lock).as("once more").isInstanceOf(CorruptedObjectException.class);
        assertThatThrownBy(m::tryLock).as("once more").isInstanceOf(CorruptedObjectException.class);
        assertThat(m.getHoldCount()).isEqualTo(1);
        assertThatThrownBy(m::isLocked).isInstanceOf(CorruptedObjectException.class);
        m.close();
        assertThat(domain.objects()).isEmpty();
    }
}
