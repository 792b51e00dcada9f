package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leased semaphores wherever they live: who may release, and what comes back when a client of the domain has gone. */
class LeasedSemaphoreTest extends OneProcess {

    private static final int ROUNDS = 20_000;

    static Stream<SemaphoreSpec> places() {
        SemaphoreSpec leased = SemaphoreSpec.permits(3).maximum(5).leased();
        return Stream.of(leased, leased.global(), leased.compact(), leased.brokerOnly(), leased.fair());
    }

    @ParameterizedTest
    @MethodSource("places")
    void onlyAHolderReleases(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        try (SyncDomain other = another()) {
            HybridSemaphore theirs = other.openSemaphore("s");
            assertNotHeld(s, 1);
            s.acquire(2);
            assertNotHeld(theirs, 1);
            assertNotHeld(s, 3);
            s.release(0);
            theirs.release(0);
            assertThat(s.availablePermits()).isEqualTo(1);
            assertThat(theirs.drainPermits()).isEqualTo(1);
            assertThat(s.releaseAndGetPrevious(1)).isZero();
            theirs.release();
            assertNotHeld(theirs, 1);
            try (Held _ = theirs.hold(2)) {
                assertNotHeld(theirs, 3);
            }
            s.release();
            assertNotHeld(s, 1);
            assertThat(s.availablePermits()).isEqualTo(3);
        }
    }

    private static void assertNotHeld(HybridSemaphore semaphore, int permits) {
        int before = semaphore.availablePermits();
        assertThatIllegalStateException().isThrownBy(() -> semaphore.release(permits)).withMessageContaining("leased");
        assertThat(semaphore.availablePermits()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatOneThreadAcquiredAnotherReleases(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        HybridSemaphore also = domain.openSemaphore("s");
        s.acquire(2);
        call(() -> also.releaseAndGetPrevious(1)).get();
        call(() -> s.tryAcquire(2)).get();
        s.release(3);
        assertThat(s.availablePermits()).isEqualTo(3);
        assertNotHeld(s, 1);
    }

    @ParameterizedTest
    @MethodSource("places")
    void theLastHandleGivesItBack(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        try (SyncDomain other = another()) {
            HybridSemaphore theirs = other.openSemaphore("s");
            HybridSemaphore more = other.openSemaphore("s");
            theirs.acquire(2);
            theirs.close();
            assertThat(s.availablePermits()).isEqualTo(1);
            Call<Boolean> waits = call(() -> s.tryAcquire(3, 1, TimeUnit.DAYS));
            more.close();
            assertThat(waits.get()).isTrue();
            assertThatThrownBy(more::release).isInstanceOf(ObjectClosedException.class);
            s.release(3);
            assertNotHeld(other.openSemaphore("s"), 1);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void theEndOfTheDomainGivesItBack(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        try (SyncDomain other = another()) {
            HybridSemaphore theirs = other.openSemaphore("s");
            theirs.acquire(1);
            call(() -> theirs.tryAcquire(2)).get();
            assertThat(s.availablePermits()).isZero();
        }
        assertThat(s.availablePermits()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("places")
    void waitsForSeveralTakeItToo(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        HybridSemaphore t = domain.createSemaphore(SemaphoreSpec.permits(0));
        HybridEvent e = domain.createEvent(EventSpec.manualReset().signaled());
        assertThat(domain.awaitAny(t, s).index()).isEqualTo(1);
        assertThat(domain.awaitAll(s, e).acquired()).isTrue();
        assertThat(domain.awaitAll(Duration.ZERO, s, t).acquired()).isFalse();
        assertThat(s.availablePermits()).isEqualTo(1);
        s.release(2);
        assertNotHeld(s, 1);
        assertThatIllegalStateException().isThrownBy(() -> domain.signalAndAwait(s, e));
        s.acquire();
        assertThat(domain.signalAndAwait(s, e).acquired()).isTrue();
        assertThat(s.availablePermits()).isEqualTo(3);
    }

    /** Every thread gives back what it took, or what another took; what there is at the end tells whether all of it counted. */
    @ParameterizedTest
    @MethodSource("places")
    void manyThreadsOfTwoClientsLoseNothing(SemaphoreSpec spec) throws Exception {
        int rounds = spec.isBrokerOnly() || spec.isFair() ? ROUNDS / 100 : ROUNDS;
        HybridSemaphore s = domain.semaphore("s", spec);
        try (SyncDomain other = another()) {
            HybridSemaphore theirs = other.openSemaphore("s");
            AtomicInteger held = new AtomicInteger();
            List<Call<Boolean>> calls = new ArrayList<>();
            for (HybridSemaphore mine : List.of(s, s, theirs, theirs)) {
                calls.add(call(() -> {
                    for (int i = 0; i < rounds; i++) {
                        mine.acquire(1 + i % 3);
                        mine.release(1 + i % 3);
                    }
                    return true;
                }));
            }
            for (int i = 0; i < rounds / 10; i++) {
                if (s.tryAcquire()) {
                    held.getAndIncrement();
                    call(() -> {
                        s.release();
                        return held.getAndDecrement();
                    }).get();
                }
            }
            for (Call<Boolean> call : calls) {
                assertThat(call.get()).isTrue();
            }
            assertThat(held).hasValue(0);
            assertNotHeld(theirs, 1);
        }
        assertThat(s.availablePermits()).isEqualTo(3);
        assertNotHeld(s, 1);
    }

    /** A handle is closed while its client acquires: whatever it has got by then comes back. */
    @ParameterizedTest
    @MethodSource("places")
    void closingWhileItIsUsedGivesEverythingBack(SemaphoreSpec spec) throws Exception {
        HybridSemaphore s = domain.semaphore("s", spec);
        try (SyncDomain other = another()) {
            for (int i = 0; i < 50; i++) {
                HybridSemaphore theirs = other.openSemaphore("s");
                AtomicInteger busy = new AtomicInteger();
                List<Call<Boolean>> calls = new ArrayList<>();
                for (int thread = 0; thread < 2; thread++) {
                    calls.add(call(() -> {
                        while (!theirs.isClosed()) {
                            theirs.acquire();
                            busy.getAndIncrement();
                            theirs.release();
                        }
                        return true;
                    }));
                }
                while (busy.get() < 3) {
                    Thread.onSpinWait();
                }
                theirs.close();
                for (Call<Boolean> call : calls) {
                    assertDoneOrClosed(call);
                }
                assertThat(s.availablePermits()).isEqualTo(3);
            }
        }
    }

    private static void assertDoneOrClosed(Call<Boolean> call) throws Exception {
        try {
            assertThat(call.get()).isTrue();
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ObjectClosedException.class);
        }
    }

    /** The places of entries are used again: many more are opened than there is room for at once. */
    @Test
    void manyAreOpenedAndClosed() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<HybridSemaphore> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(1).leased());
                s.acquire();
                all.add(s);
            }
            all.forEach(HybridSemaphore::release);
            all.forEach(HybridSemaphore::close);
        }
    }
}
