package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.NoSuchObjectException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.ObjectExistsException;
import io.hybridsync.error.PermitLimitException;
import io.hybridsync.process.Residue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract of HybridSemaphore in one process; after each refusal the whole state is read back. */
@Timeout(60)
class HybridSemaphoreTest {

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
        Residue.assertNone(directory);
    }

    @Test
    void takesAndGivesBack() throws Exception {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(2).maximum(3));
        assertThat(s.wasCreated()).isTrue();
        assertThat(s.name()).contains("s");
        assertThat(s.maximum()).isEqualTo(3);
        assertThat(s.isFair()).isFalse();
        assertThat(s.access()).isEqualTo(Access.FULL);
        s.acquire();
        s.acquireUninterruptibly();
        assertThat(s.tryAcquire()).isFalse();
        assertState(s, 0, 3);
        assertThat(s.releaseAndGetPrevious(2)).isZero();
        s.release();
        assertState(s, 3, 3);
        assertThat(s.tryAcquire(3)).isTrue();
        s.release(3);
        assertThat(s.drainPermits()).isEqualTo(3);
        assertThat(s.drainPermits()).isZero();
        assertState(s, 0, 3);
    }

    @Test
    void aReleaseOverTheMaximumIsRefusedAndChangesNothing() {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(2).maximum(3));
        assertThatThrownBy(() -> s.release(2))
                .isInstanceOf(PermitLimitException.class)
                .hasMessageContaining("semaphore \"s\"")
                .hasMessageContaining("3");
        assertState(s, 2, 3);
        s.release(0);
        assertState(s, 2, 3);
        HybridSemaphore unlimited = domain.createSemaphore(SemaphoreSpec.permits(Integer.MAX_VALUE));
        assertThatThrownBy(unlimited::release).isInstanceOf(PermitLimitException.class);
        assertState(unlimited, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void numbersThatMakeNoSense() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> SemaphoreSpec.permits(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SemaphoreSpec.permits(0).maximum(0));
        assertThatIllegalArgumentException().isThrownBy(() -> SemaphoreSpec.permits(2).maximum(1));
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(1).maximum(2));
        assertThatIllegalArgumentException().isThrownBy(() -> s.acquire(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> s.acquire(3)).withMessageContaining("maximum");
        assertThatIllegalArgumentException().isThrownBy(() -> s.acquireUninterruptibly(3));
        assertThatIllegalArgumentException().isThrownBy(() -> s.tryAcquire(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> s.tryAcquire(-1, 1, TimeUnit.SECONDS));
        assertThatIllegalArgumentException().isThrownBy(() -> s.release(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> s.hold(3));
        assertThat(s.tryAcquire(3)).isFalse();
        assertThat(s.tryAcquire(3, 1, TimeUnit.DAYS)).as("at once").isFalse();
        assertThatNullPointerException()
                .isThrownBy(() -> s.tryAcquire(1, 1, null))
                .withMessageContaining("unit");
        assertState(s, 1, 2);
    }

    @Test
    void aTimedAcquireWaitsAtLeastThatLong() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(0));
        long start = System.nanoTime();
        assertThat(s.tryAcquire(30, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        assertThat(s.tryAcquire(0, TimeUnit.SECONDS)).isFalse();
        assertThat(s.tryAcquire(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        s.release();
        assertThat(s.tryAcquire(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
    }

    @Test
    void anInterruptOnEntryComesFirst() {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(9));
        for (Callable<?> call : List.<Callable<?>>of(
                () -> {
                    s.acquire();
                    return 0;
                },
                () -> s.tryAcquire(1, TimeUnit.SECONDS),
                () -> s.tryAcquire(0, TimeUnit.SECONDS),
                () -> s.hold())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(call::call).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        Thread.currentThread().interrupt();
        assertThat(s.tryAcquire()).isTrue();
        s.acquireUninterruptibly();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(s.availablePermits()).isEqualTo(7);
    }

    @Test
    void aWaiterIsInterrupted() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(0));
        FutureTask<Object> waiting = new FutureTask<>(() -> {
            s.acquire();
            return "acquired";
        });
        Thread thread = Thread.ofPlatform().start(waiting);
        awaitWaiters(s);
        thread.interrupt();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(InterruptedException.class);
        assertState(s, 0, Integer.MAX_VALUE);
    }

    @Test
    void anUninterruptibleWaiterKeepsTheInterrupt() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(0));
        FutureTask<Boolean> waiting = new FutureTask<>(() -> {
            s.acquireUninterruptibly(2);
            return Thread.interrupted();
        });
        Thread thread = Thread.ofPlatform().start(waiting);
        awaitWaiters(s);
        thread.interrupt();
        s.release();
        assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(s.availablePermits()).isEqualTo(1);
        s.release();
        assertThat(waiting.get()).isTrue();
        assertThat(s.availablePermits()).isZero();
    }

    @Test
    void heldPermitsAreGivenBackOnce() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(3).maximum(3));
        Held held = s.hold(2);
        assertThat(s.availablePermits()).isEqualTo(1);
        held.close();
        held.close();
        assertThat(s.availablePermits()).isEqualTo(3);
        try (Held one = s.hold()) {
            assertThat(one).isNotNull();
            assertThat(s.availablePermits()).isEqualTo(2);
        }
        assertThat(s.availablePermits()).isEqualTo(3);
    }

    @Test
    void handlesToOneObjectAreClosedEachOnItsOwn() throws Exception {
        HybridSemaphore first = domain.semaphore("s", SemaphoreSpec.permits(0));
        HybridSemaphore second = domain.semaphore("s", SemaphoreSpec.permits(7));
        assertThat(second.wasCreated()).isFalse();
        FutureTask<Object> waiting = new FutureTask<>(() -> {
            first.acquire();
            return "acquired";
        });
        Thread.ofPlatform().start(waiting);
        awaitWaiters(first);
        first.close();
        first.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        assertThat(first.isClosed()).isTrue();
        assertThatThrownBy(first::release).isInstanceOf(ObjectClosedException.class).hasMessageContaining("\"s\"");
        assertThatThrownBy(first::tryAcquire).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(first::availablePermits).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(first::maximum).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(first::snapshot).isInstanceOf(ObjectClosedException.class);
        second.release();
        assertThat(second.tryAcquire()).isTrue();
        second.close();
        assertThatThrownBy(() -> domain.openSemaphore("s")).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void closingTheDomainEndsWaitsAndHandles() throws Exception {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(0));
        FutureTask<Object> waiting = new FutureTask<>(() -> s.tryAcquire(1, TimeUnit.DAYS));
        Thread.ofPlatform().start(waiting);
        awaitWaiters(s);
        domain.close();
        domain.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
        assertThat(domain.isClosed()).isTrue();
        assertThat(s.isClosed()).isTrue();
        assertThatThrownBy(s::release).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> domain.openSemaphore("s")).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(domain::objects).isInstanceOf(ObjectClosedException.class);
        s.close();
    }

    @Test
    void aQueryHandleOnlyAsks() {
        HybridSemaphore s = domain.createSemaphore("s", SemaphoreSpec.permits(2).maximum(5));
        HybridSemaphore query = domain.openSemaphore("s", Access.QUERY);
        assertThat(query.access()).isEqualTo(Access.QUERY);
        assertThat(query.availablePermits()).isEqualTo(2);
        assertThat(query.maximum()).isEqualTo(5);
        for (Runnable call : List.<Runnable>of(
                query::tryAcquire,
                query::release,
                query::drainPermits,
                query::acquireUninterruptibly,
                () -> query.release(0))) {
            assertThatThrownBy(call::run).isInstanceOf(AccessDeniedException.class).hasMessageContaining("\"s\"");
        }
        assertThatThrownBy(query::acquire).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.tryAcquire(1, TimeUnit.SECONDS)).isInstanceOf(AccessDeniedException.class);
        assertState(s, 2, 5);
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void namesAreOpaqueAndCaseSensitive() {
        String longest = "\u00e9".repeat(511) + "x";
        List<HybridSemaphore> kept = new ArrayList<>();
        for (String name : List.of("a", "A", " ", "a/b", "..", "\n", longest)) {
            kept.add(domain.createSemaphore(name, SemaphoreSpec.permits(1)));
            assertThatThrownBy(() -> domain.createSemaphore(name, SemaphoreSpec.permits(1)))
                    .isInstanceOf(ObjectExistsException.class);
        }
        for (String name : List.of("", "a\0b", longest + "x", "\ud800")) {
            assertThatIllegalArgumentException().isThrownBy(() -> domain.semaphore(name, SemaphoreSpec.permits(1)));
            assertThatIllegalArgumentException().isThrownBy(() -> domain.openSemaphore(name));
        }
        assertThatNullPointerException()
                .isThrownBy(() -> domain.openSemaphore((String) null))
                .withMessageContaining("name");
        assertThatNullPointerException()
                .isThrownBy(() -> domain.semaphore("n", null))
                .withMessageContaining("spec");
        for (String name : List.of("", ".", "..", "a/b", "a\0b", "x".repeat(201))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SyncDomain.builder(name).directory(directory).open());
        }
        assertThat(domain.objects()).hasSize(7);
        assertThat(kept).allMatch(HybridObject::wasCreated);
    }

    @Test
    void tokensOpenTheirObjectInAnotherDomainObject() {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(1).compact());
        ObjectToken token = ObjectToken.parse(s.token().toString());
        assertThat(token).isEqualTo(s.token());
        try (SyncDomain other = SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open();
                HybridSemaphore same = other.openSemaphore(token)) {
            assertThat(same.name()).isEmpty();
            assertThat(same.wasCreated()).isFalse();
            assertThat(same.tryAcquire()).isTrue();
            assertThat(s.tryAcquire()).isFalse();
            assertThat(s.snapshot().group()).hasSize(2);
        }
        for (String text : List.of("", "x".repeat(32), "0".repeat(31), "0".repeat(33), "-".repeat(32))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ObjectToken.parse(text));
        }
    }

    @Test
    void aLeakedHandleIsClosedByTheCleaner() {
        leak();
        while (!domain.objects().isEmpty()) {
            System.gc();
        }
    }

    private void leak() {
        assertThat(domain.createSemaphore("leaked", SemaphoreSpec.permits(1)).tryAcquire()).isTrue();
        assertThat(domain.objects()).hasSize(1);
    }

    @Test
    void operationsSendTheBrokerNothing() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(1));
        long before = domain.brokerCalls();
        for (int i = 0; i < 100; i++) {
            s.acquire();
            assertThat(s.tryAcquire(1, TimeUnit.MICROSECONDS)).isFalse();
            s.release();
        }
        assertThat(domain.brokerCalls()).isEqualTo(before);
    }

    @Test
    void manyThreadsConserveThePermits() throws Exception {
        HybridSemaphore s = domain.createSemaphore(SemaphoreSpec.permits(2).maximum(2));
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        int[] shared = {0, 0};
        for (int i = 0; i < 4; i++) {
            FutureTask<Integer> task = new FutureTask<>(() -> {
                for (int n = 0; n < 5000; n++) {
                    s.acquire(2);
                    shared[0]++;
                    shared[1] = shared[0];
                    s.release(2);
                }
                return 0;
            });
            tasks.add(task);
            Thread.ofPlatform().start(task);
        }
        for (FutureTask<Integer> task : tasks) {
            task.get();
        }
        assertThat(shared[0]).isEqualTo(20_000);
        assertState(s, 2, 2);
    }

    private void assertState(HybridSemaphore s, int permits, int maximum) {
        Snapshot snapshot = s.snapshot();
        assertThat(s.availablePermits()).isEqualTo(permits);
        assertThat(snapshot.value()).isEqualTo(permits);
        assertThat(snapshot.maximum()).isEqualTo(maximum);
        assertThat(snapshot.kind()).isEqualTo(Kind.SEMAPHORE);
        assertThat(snapshot.name()).isEqualTo(s.name());
        assertThat(snapshot.flags()).isEmpty();
        assertThat(snapshot.hashValid()).isTrue();
    }

    private static void awaitWaiters(HybridSemaphore s) {
        while (!s.snapshot().waiters()) {
            Thread.onSpinWait();
        }
    }
}
