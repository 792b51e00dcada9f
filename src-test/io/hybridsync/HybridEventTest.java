package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KindMismatchException;
import io.hybridsync.error.ObjectClosedException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of HybridEvent in one process. */
class HybridEventTest extends OneProcess {

    private static EventSpec spec(String kind) {
        EventSpec spec = kind.contains("auto") ? EventSpec.autoReset() : EventSpec.manualReset();
        return kind.contains("broker") ? spec.brokerOnly() : kind.contains("global") ? spec.global() : spec;
    }

    @ParameterizedTest
    @ValueSource(strings = {"manual", "manual global", "manual broker"})
    void aManualEventLetsEverybodyPassUntilItIsReset(String kind) throws Exception {
        HybridEvent e = domain.createEvent("e", spec(kind));
        assertThat(e.isAutoReset()).isFalse();
        assertThat(e.isSet()).isFalse();
        assertThat(e.await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(e.set()).isFalse();
        assertThat(e.set()).isTrue();
        e.await();
        e.awaitUninterruptibly();
        assertThat(e.await(0, TimeUnit.SECONDS)).isTrue();
        assertThat(e.isSet()).isTrue();
        assertThat(e.reset()).isTrue();
        assertThat(e.reset()).isFalse();
        assertThat(e.await(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(e.isSet()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "auto global", "auto broker"})
    void anAutoEventLetsOnePassEachTime(String kind) throws Exception {
        HybridEvent e = domain.createEvent("e", spec(kind).signaled());
        assertThat(e.isAutoReset()).isTrue();
        assertThat(e.isSet()).isTrue();
        assertThat(e.set()).isTrue();
        assertThat(e.await(1, TimeUnit.DAYS)).isTrue();
        assertThat(e.isSet()).isFalse();
        assertThat(e.await(0, TimeUnit.SECONDS)).as("two sets were one").isFalse();
        assertThat(e.set()).isFalse();
        assertThat(e.reset()).isTrue();
        assertThat(e.await(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        assertThat(e.isSet()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"manual", "manual broker"})
    void aPulseOfAManualEventLetsAllGoWhoWaitAndNobodyElse(String kind) throws Exception {
        domain.close();
        domain = open(Waiting.PARKED);
        HybridEvent e = domain.createEvent(spec(kind));
        Call<Boolean> first = call(() -> e.await(1, TimeUnit.DAYS));
        Call<Boolean> second = call(() -> e.await(1, TimeUnit.DAYS));
        first.awaitParkedFor(e);
        second.awaitParkedFor(e);
        assertThat(e.pulse()).isFalse();
        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
        assertThat(e.isSet()).isFalse();
        assertThat(e.await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(e.set()).isFalse();
        assertThat(e.pulse()).as("takes the signal back").isTrue();
        assertThat(e.isSet()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "auto broker"})
    void aPulseOfAnAutoEventLetsOneGo(String kind) throws Exception {
        domain.close();
        domain = open(Waiting.PARKED);
        HybridEvent e = domain.createEvent(spec(kind));
        Call<Boolean> first = call(() -> e.await(1, TimeUnit.DAYS));
        Call<Boolean> second = call(() -> e.await(1, TimeUnit.DAYS));
        first.awaitParkedFor(e);
        second.awaitParkedFor(e);
        e.pulse();
        Call<Boolean> rest = firstDone(first, second).equals(first) ? second : first;
        assertThatThrownBy(() -> rest.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(e.await(0, TimeUnit.SECONDS)).as("never a later arrival").isFalse();
        e.pulse();
        assertThat(rest.get()).isTrue();
        assertThat(e.isSet()).isFalse();
    }

    private static Call<Boolean> firstDone(Call<Boolean> first, Call<Boolean> second) {
        while (!first.result().isDone() && !second.result().isDone()) {
            Thread.onSpinWait();
        }
        return first.result().isDone() ? first : second;
    }

    @Test
    void setAndResetAtOnceReleaseAllWhoWait() throws Exception {
        HybridEvent e = domain.createEvent(EventSpec.manualReset());
        Call<Boolean> waiting = call(() -> e.await(1, TimeUnit.DAYS));
        awaitWaiters(e);
        e.set();
        e.reset();
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void aTimedWaitWaitsAtLeastThatLong() throws Exception {
        for (EventSpec spec : List.of(EventSpec.autoReset(), EventSpec.autoReset().brokerOnly())) {
            HybridEvent e = domain.createEvent(spec);
            long start = System.nanoTime();
            assertThat(e.await(30, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
            e.set();
            assertThat(e.await(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "auto broker"})
    void interrupts(String kind) throws Exception {
        HybridEvent e = domain.createEvent(spec(kind).signaled());
        Thread.currentThread().interrupt();
        assertThatThrownBy(e::await).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> e.await(0, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(e.isSet()).as("not taken").isTrue();
        Thread.currentThread().interrupt();
        e.awaitUninterruptibly();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(e.isSet()).isFalse();
        Call<Object> waiting = call(() -> {
            e.await();
            return "passed";
        });
        awaitWaiters(e);
        waiting.interrupt();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(InterruptedException.class);
        Call<Boolean> stubborn = call(() -> {
            e.awaitUninterruptibly();
            return Thread.interrupted();
        });
        awaitWaiters(e);
        stubborn.interrupt();
        assertThatThrownBy(() -> stubborn.result().get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        e.set();
        assertThat(stubborn.get()).isTrue();
        assertThat(e.isSet()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"manual", "manual broker"})
    void closingEndsTheWaitsOfTheHandleOnly(String kind) throws Exception {
        HybridEvent e = domain.createEvent("e", spec(kind));
        HybridEvent same = domain.openEvent("e");
        Call<Boolean> waiting = call(() -> e.await(1, TimeUnit.DAYS));
        Call<Boolean> other = call(() -> same.await(1, TimeUnit.DAYS));
        awaitWaiters(e);
        e.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(e::set).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(e::isSet).isInstanceOf(ObjectClosedException.class);
        same.set();
        assertThat(other.get()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "manual broker"})
    void aQueryHandleOnlyAsks(String kind) {
        HybridEvent e = domain.createEvent("e", spec(kind).signaled());
        HybridEvent query = domain.openEvent("e", Access.QUERY);
        assertThat(query.isSet()).isTrue();
        for (Runnable call : List.<Runnable>of(query::set, query::reset, query::pulse, query::awaitUninterruptibly)) {
            assertThatThrownBy(call::run).isInstanceOf(AccessDeniedException.class).hasMessageContaining("\"e\"");
        }
        assertThatThrownBy(query::await).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.await(0, TimeUnit.SECONDS)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.await(1, TimeUnit.SECONDS)).isInstanceOf(AccessDeniedException.class);
        assertThat(e.isSet()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void anExistingEventWinsAndAnotherKindIsRefused() {
        HybridEvent e = domain.event("e", EventSpec.manualReset().signaled());
        HybridEvent same = domain.event("e", EventSpec.autoReset());
        assertThat(e.wasCreated()).isTrue();
        assertThat(same.wasCreated()).isFalse();
        assertThat(same.isAutoReset()).isFalse();
        assertThat(same.isSet()).isTrue();
        assertThat(e.snapshot().kind()).isEqualTo(Kind.EVENT);
        assertThatThrownBy(() -> domain.openMutex("e")).isInstanceOf(KindMismatchException.class);
        assertThatThrownBy(() -> domain.semaphore("e", SemaphoreSpec.permits(1))).isInstanceOf(KindMismatchException.class);
        assertThatNullPointerException().isThrownBy(() -> e.await(1, null)).withMessageContaining("unit");
        assertThatNullPointerException().isThrownBy(() -> domain.event("x", null)).withMessageContaining("spec");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.createEvent(null, EventSpec.autoReset()))
                .withMessageContaining("name");
    }

    @Test
    void anotherClientSeesTheSameEvent() throws Exception {
        HybridEvent e = domain.createEvent(EventSpec.autoReset());
        try (SyncDomain other = another();
                HybridEvent same = other.openEvent(e.token())) {
            Call<Boolean> waiting = call(() -> same.await(1, TimeUnit.DAYS));
            awaitWaiters(e);
            e.set();
            assertThat(waiting.get()).isTrue();
            assertThat(e.isSet()).isFalse();
        }
    }
}
