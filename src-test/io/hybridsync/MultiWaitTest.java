package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.PermitLimitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Waits for several objects: in this process ("shared"), and at the broker ("mixed": every other object is kept there).
 * What is refused or given up changes nothing.
 */
@SuppressWarnings("LockNotBeforeTry") // what the calls do is what is tested
class MultiWaitTest extends OneProcess {

    private static final WaitResult TIMED_OUT = new WaitResult(Outcome.TIMED_OUT, -1);
    private static final WaitResult ALERTED = new WaitResult(Outcome.ALERTED, -1);

    private HybridSemaphore semaphore(String kind, int permits) {
        SemaphoreSpec spec = SemaphoreSpec.permits(permits).maximum(9);
        return domain.createSemaphore(kind.equals("shared") ? spec : spec.brokerOnly());
    }

    private static WaitResult acquired(int index) {
        return new WaitResult(Outcome.ACQUIRED, index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void anyTakesTheFirstThatIsThereAndNothingElse(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 0);
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridEvent auto = domain.createEvent(EventSpec.autoReset().signaled());
        HybridEvent manual = domain.createEvent(EventSpec.manualReset().signaled());
        assertThat(domain.awaitAny(s, m, auto, manual)).isEqualTo(acquired(1));
        assertThat(m.getHoldCount()).isEqualTo(1);
        assertThat(auto.isSet()).isTrue();
        assertThat(domain.awaitAny(s, auto, manual)).isEqualTo(acquired(1));
        assertThat(auto.isSet()).isFalse();
        assertThat(domain.awaitAny(s, auto, manual)).isEqualTo(acquired(2));
        assertThat(manual.isSet()).isTrue();
        s.release(2);
        assertThat(domain.awaitAny(Duration.ofDays(1), manual, s).index()).isZero();
        assertThat(domain.awaitAny(Duration.ZERO, s, manual).index()).isZero();
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThat(domain.awaitAny(s, m).index()).isZero();
        assertThat(domain.awaitAny(s, m)).as("it is mine").isEqualTo(acquired(1));
        Thread.currentThread().interrupt();
        assertThat(domain.awaitAny(s, m)).as("it is mine, and comes first").isEqualTo(acquired(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(m.getHoldCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void anyWaitsForOneOfMany(String kind) throws Exception {
        List<HybridSemaphore> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(semaphore(i % 2 == 0 ? "shared" : kind, 0));
        }
        Call<WaitResult> waiting = call(() -> domain.awaitAny(many, WaitOptions.forever()));
        awaitWaiters(many.getLast());
        many.get(13).release();
        assertThat(waiting.get()).isEqualTo(acquired(13));
        assertThat(many).allMatch(s -> s.availablePermits() == 0);
    }

    @Test
    void moreThanAThreadCanSleepOn() throws Exception {
        List<HybridSemaphore> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(semaphore("shared", 0));
        }
        Call<WaitResult> waiting = call(() -> domain.awaitAny(many, WaitOptions.forever()));
        awaitWaiters(many.getLast());
        assertThat(many.getLast().snapshot().flags()).contains("WAKE_BROKER");
        many.get(150).release();
        assertThat(waiting.get()).isEqualTo(acquired(150));
        many.forEach(HybridSemaphore::release);
        assertThat(domain.awaitAll(many, WaitOptions.within(Duration.ZERO))).isEqualTo(acquired(0));
        assertThat(many).allMatch(s -> s.availablePermits() == 0);
        List<HybridSemaphore> tooMany = Collections.nCopies(4001, semaphore("mixed", 0));
        assertThatThrownBy(() -> domain.awaitAny(tooMany, WaitOptions.forever()))
                .isInstanceOf(LimitExceededException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void oneThatIsNamedTwiceIsTakenOnce(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 2);
        HybridSemaphore none = semaphore("shared", 0);
        assertThat(domain.awaitAny(none, s, s)).isEqualTo(acquired(1));
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> domain.awaitAll(s, none, s))
                .withMessageContaining("twice");
        HybridSemaphore other = domain.openSemaphore(s.token());
        assertThatIllegalArgumentException().isThrownBy(() -> domain.awaitAll(s, other));
        assertThat(s.availablePermits()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void allTakesAllOrNothing(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 1);
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridEvent e = domain.createEvent(EventSpec.autoReset());
        assertThat(domain.awaitAll(Duration.ZERO, s, m, e)).isEqualTo(TIMED_OUT);
        assertThat(domain.awaitAll(Duration.ofMillis(5), s, m, e)).isEqualTo(TIMED_OUT);
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThat(m.isLocked()).isFalse();
        Call<WaitResult> waiting = call(() -> {
            WaitResult result = domain.awaitAll(s, m, e);
            assertThat(m.getHoldCount()).isEqualTo(1);
            m.unlock();
            return result;
        });
        awaitWaiters(e);
        assertThat(s.tryAcquire()).as("nothing is reserved").isTrue();
        e.set();
        s.release();
        assertThat(waiting.get()).isEqualTo(acquired(0));
        assertThat(s.availablePermits()).isZero();
        assertThat(e.isSet()).isFalse();
        m.lock();
        s.release();
        e.set();
        assertThat(domain.awaitAll(s, m, e)).as("it is mine").isEqualTo(acquired(0));
        assertThat(m.getHoldCount()).isEqualTo(2);
        assertThat(domain.awaitAll(m)).isEqualTo(acquired(0));
        assertThat(m.getHoldCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void theAlertEndsAWaitUnlessAnObjectIsThere(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 1);
        HybridEvent alert = domain.createEvent(EventSpec.autoReset().signaled());
        WaitOptions options = WaitOptions.forever().alertedBy(alert);
        assertThat(domain.awaitAny(List.of(s), options)).as("the object wins").isEqualTo(acquired(0));
        assertThat(alert.isSet()).isTrue();
        assertThat(domain.awaitAll(List.of(s), options)).isEqualTo(ALERTED);
        assertThat(alert.isSet()).isFalse();
        Call<WaitResult> any = call(() -> domain.awaitAny(List.of(s), options));
        awaitWaiters(alert);
        alert.set();
        assertThat(any.get()).isEqualTo(ALERTED);
        Call<WaitResult> nothing = call(() -> domain.awaitAll(List.of(), options));
        awaitWaiters(alert);
        alert.set();
        assertThat(nothing.get()).isEqualTo(ALERTED);
        assertThat(domain.awaitAny(List.of(), WaitOptions.within(Duration.ZERO).alertedBy(alert))).isEqualTo(TIMED_OUT);
        assertThatIllegalArgumentException().isThrownBy(() -> domain.awaitAny(List.of(), WaitOptions.forever()));
        assertThatIllegalArgumentException().isThrownBy(() -> domain.awaitAll(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void whatIsAbandonedIsTakenOver(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 1);
        HybridMutex m = domain.createMutex("m", MutexSpec.unlocked());
        for (boolean all : new boolean[] {false, true}) {
            try (SyncDomain other = another()) {
                other.openMutex("m").lock();
            }
            assertThat(m.isAbandoned()).isTrue();
            WaitResult result = all ? domain.awaitAll(s, m) : domain.awaitAny(m, s);
            assertThat(result).isEqualTo(new WaitResult(Outcome.ABANDONED, all ? 1 : 0));
            assertThat(result.acquired()).isTrue();
            assertThat(m.acquiredAbandoned()).isTrue();
            m.unlock();
        }
        assertThat(s.availablePermits()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void interruptsComeAfterTheObjects(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 2);
        Thread.currentThread().interrupt();
        assertThat(domain.awaitAny(s).acquired()).isTrue();
        assertThat(domain.awaitAll(s).acquired()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).as("stays pending").isTrue();
        assertThatThrownBy(() -> domain.awaitAny(s)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> domain.awaitAll(s)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        for (boolean all : new boolean[] {false, true}) {
            Call<WaitResult> waiting = call(() -> all ? domain.awaitAll(s) : domain.awaitAny(s));
            awaitWaiters(s);
            waiting.interrupt();
            assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(InterruptedException.class);
        }
        s.release();
        assertThat(s.availablePermits()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void whatIsWrongWithOneIsToldBeforeAnythingIsTaken(String kind) {
        HybridSemaphore s = semaphore(kind, 1);
        HybridSemaphore closed = semaphore(kind, 1);
        closed.close();
        HybridSemaphore named = domain.createSemaphore("named", SemaphoreSpec.permits(1));
        HybridSemaphore query = domain.openSemaphore("named", Access.QUERY);
        try (SyncDomain other = another();
                HybridSemaphore foreign = other.openSemaphore("named")) {
            for (boolean all : new boolean[] {false, true}) {
                assertThatThrownBy(() -> wait(all, s, closed)).isInstanceOf(ObjectClosedException.class);
                assertThatThrownBy(() -> wait(all, s, query)).isInstanceOf(AccessDeniedException.class);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> wait(all, s, foreign))
                        .withMessageContaining("not opened through this domain");
            }
            HybridEvent alert = other.createEvent("alert", EventSpec.manualReset());
            WaitOptions options = WaitOptions.forever().alertedBy(alert);
            assertThatIllegalArgumentException().isThrownBy(() -> domain.awaitAny(List.of(s), options));
            HybridEvent asking = domain.openEvent("alert", Access.QUERY);
            assertThatThrownBy(() -> domain.awaitAny(List.of(s), WaitOptions.forever().alertedBy(asking)))
                    .isInstanceOf(AccessDeniedException.class);
        }
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThat(named.availablePermits()).isEqualTo(1);
    }

    private WaitResult wait(boolean all, HybridObject... objects) throws InterruptedException {
        return all ? domain.awaitAll(objects) : domain.awaitAny(objects);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void closingAHandleEndsTheWait(String kind) throws Exception {
        for (boolean all : new boolean[] {false, true}) {
            HybridSemaphore s = semaphore(kind, 0);
            HybridSemaphore t = semaphore("shared", 0);
            Call<WaitResult> waiting = call(() -> wait(all, s, t));
            awaitWaiters(s);
            t.close();
            assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
            assertThat(s.availablePermits()).isZero();
        }
    }

    @Test
    void closingTheDomainEndsTheWait() throws Exception {
        HybridSemaphore s = semaphore("mixed", 0);
        Call<WaitResult> waiting = call(() -> domain.awaitAny(Duration.ofDays(1), s));
        waiting.awaitParkedFor(s);
        domain.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> domain.awaitAny(s)).isInstanceOf(ObjectClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void durations(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 0);
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThat(domain.awaitAny(none, s)).isEqualTo(TIMED_OUT);
            assertThat(domain.awaitAll(none, s)).isEqualTo(TIMED_OUT);
        }
        long start = System.nanoTime();
        assertThat(domain.awaitAny(Duration.ofMillis(30), s)).isEqualTo(TIMED_OUT);
        assertThat(domain.awaitAll(Duration.ofMillis(30), s)).isEqualTo(TIMED_OUT);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        Call<WaitResult> waiting = call(() -> domain.awaitAny(Duration.ofSeconds(Long.MAX_VALUE), s));
        awaitWaiters(s);
        s.release();
        assertThat(waiting.get()).isEqualTo(acquired(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void aPulseCompletesAWaitForAllOnlyIfTheRestIsThere(String kind) throws Exception {
        HybridEvent e = domain.createEvent(
                kind.equals("shared") ? EventSpec.manualReset() : EventSpec.manualReset().brokerOnly());
        HybridSemaphore s = semaphore("shared", 0);
        Call<WaitResult> waiting = call(() -> domain.awaitAll(s, e));
        awaitWaiters(s);
        e.pulse();
        s.release();
        assertThatThrownBy(() -> waiting.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(s.availablePermits()).isEqualTo(1);
        awaitWaiters(e);
        e.pulse();
        assertThat(waiting.get()).isEqualTo(acquired(0));
        assertThat(s.availablePermits()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void signalAndAwaitSignalsFirst(String kind) throws Exception {
        HybridSemaphore s = semaphore(kind, 0);
        HybridSemaphore t = semaphore("shared", 1);
        HybridEvent e = domain.createEvent(EventSpec.autoReset());
        HybridMutex m = domain.createMutex(MutexSpec.locked());
        assertThat(domain.signalAndAwait(s, t)).isEqualTo(acquired(0));
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThat(t.availablePermits()).isZero();
        assertThat(domain.signalAndAwait(Duration.ZERO, e, t)).as("the signal stays").isEqualTo(TIMED_OUT);
        assertThat(e.isSet()).isTrue();
        assertThat(domain.signalAndAwait(m, s)).isEqualTo(acquired(0));
        assertThat(m.isLocked()).isFalse();
        assertThat(domain.signalAndAwait(e, m)).isEqualTo(acquired(0));
        assertThat(m.isHeldByCurrentThread()).isTrue();
        assertThat(domain.signalAndAwait(m, m)).isEqualTo(acquired(0));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> domain.signalAndAwait(m, s)).isInstanceOf(InterruptedException.class);
        assertThat(m.isLocked()).as("the signal stays").isFalse();
    }

    @Test
    void signalAndAwaitChecksBothBeforeItSignals() throws Exception {
        HybridSemaphore full = domain.createSemaphore("full", SemaphoreSpec.permits(1).maximum(1));
        HybridSemaphore s = semaphore("shared", 1);
        HybridEvent e = domain.createEvent(EventSpec.autoReset());
        HybridMutex m = domain.createMutex(MutexSpec.unlocked());
        HybridSemaphore closed = semaphore("shared", 1);
        closed.close();
        HybridSemaphore query = domain.openSemaphore("full", Access.QUERY);
        assertThatThrownBy(() -> domain.signalAndAwait(full, s)).isInstanceOf(PermitLimitException.class);
        assertThatThrownBy(() -> domain.signalAndAwait(m, s)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> domain.signalAndAwait(e, closed)).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> domain.signalAndAwait(closed, e)).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> domain.signalAndAwait(e, query)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> domain.signalAndAwait(query, e)).isInstanceOf(AccessDeniedException.class);
        try (SyncDomain other = another();
                HybridSemaphore foreign = other.openSemaphore("full")) {
            assertThatIllegalArgumentException().isThrownBy(() -> domain.signalAndAwait(e, foreign));
            assertThatIllegalArgumentException().isThrownBy(() -> domain.signalAndAwait(foreign, e));
        }
        assertThat(full.availablePermits()).isEqualTo(1);
        assertThat(s.availablePermits()).isEqualTo(1);
        assertThat(e.isSet()).isFalse();
        assertThat(m.isLocked()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsNamed() {
        HybridSemaphore s = semaphore("shared", 1);
        assertThatNullPointerException()
                .isThrownBy(() -> domain.awaitAny((HybridObject[]) null))
                .withMessageContaining("objects");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.awaitAny(s, null))
                .withMessageContaining("objects[1]");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.awaitAll((Duration) null, s))
                .withMessageContaining("timeout");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.awaitAll(List.of(s), null))
                .withMessageContaining("options");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.signalAndAwait(s, null))
                .withMessageContaining("await");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.signalAndAwait(null, s))
                .withMessageContaining("signal");
        assertThatNullPointerException()
                .isThrownBy(() -> WaitOptions.forever().alertedBy(null))
                .withMessageContaining("alert");
        assertThatNullPointerException().isThrownBy(() -> WaitOptions.within(null)).withMessageContaining("timeout");
        assertThat(s.availablePermits()).isEqualTo(1);
    }

    @Test
    void opposingSetsDoNotDeadlock() throws Exception {
        HybridSemaphore a = semaphore("shared", 1);
        HybridSemaphore b = semaphore("mixed", 1);
        List<Call<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            boolean turned = i % 2 == 0;
            calls.add(call(() -> {
                for (int n = 0; n < 200; n++) {
                    assertThat(wait(true, turned ? a : b, turned ? b : a)).isEqualTo(acquired(0));
                    a.release();
                    b.release();
                }
                return 0;
            }));
        }
        for (Call<Integer> call : calls) {
            call.get();
        }
        assertThat(a.availablePermits()).isEqualTo(1);
        assertThat(b.availablePermits()).isEqualTo(1);
    }
}
