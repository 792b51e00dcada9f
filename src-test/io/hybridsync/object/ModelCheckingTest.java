package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.ForwardingCell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Slot;
import io.hybridsync.slab.Watch;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The shipped classes under Lincheck's model checker, which also switches threads where they touch nothing but their own
 * process: two or three threads on one word on the heap.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ModelCheckingTest {

    private static final int INVOCATIONS = 50;
    private static final int MAXIMUM = 3;

    /** A time-out, or an interrupt, comes as soon as the thread sleeps, or just after it was woken: before that it may be woken. */
    private static final class Impatient extends ForwardingCell {
        private final Sleep end;

        Impatient(Cell cell, Sleep end) {
            super(cell);
            this.end = end;
        }

        @Override
        public Sleep await(Half half, int expected, Patience patience) {
            Sleep sleep = super.await(half, expected, new Patience(1, false, false, null));
            return sleep == Sleep.TIMED_OUT ? end : sleep;
        }

        @Override
        public Sleep awaitAny(List<Watch> watches, Patience patience) {
            throw new AssertionError("one word only");
        }
    }

    /** What Lincheck calls from several threads; each operation is to look as if it happened at once. */
    public static class Operations {
        private static final Location LOCATION = new Location(1, 64, 1);

        private final HeapSlab slab = new HeapSlab(1, 128);
        private final Handle timed = handle(Sleep.TIMED_OUT);
        private final Handle interrupted = handle(Sleep.INTERRUPTED);

        /** One permit is there. */
        public Operations() {
            Slot slot = new Slot(LOCATION, slab.cell(LOCATION.offset()));
            slot.cell().store(slot.pack(1, 0));
        }

        private Handle handle(Sleep end) {
            Slot slot = new Slot(LOCATION, new Impatient(slab.cell(LOCATION.offset()), end));
            return new Handle(new Portion(1, "semaphore", Nature.semaphore(MAXIMUM), slot, new NoBroker(), Spinning.none(), false));
        }

        @Operation
        public boolean tryAcquire() {
            return timed.attempt(SemaphoreRule.ACQUIRE, 1) >= 0;
        }

        @Operation
        public boolean tryAcquireTwo() {
            return interrupted.attempt(SemaphoreRule.ACQUIRE, 2) >= 0;
        }

        @Operation
        public boolean acquireTimed() throws InterruptedException {
            return timed.await(SemaphoreRule.ACQUIRE, 1, 1, this);
        }

        @Operation
        public boolean acquireTwoTimed() throws InterruptedException {
            return timed.await(SemaphoreRule.ACQUIRE, 2, 1, this);
        }

        @Operation
        public boolean acquireInterrupted() {
            try {
                return interrupted.await(SemaphoreRule.ACQUIRE, 1, Cell.FOREVER, this);
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Operation
        public boolean release() {
            return timed.attempt(SemaphoreRule.RELEASE, 1) >= 0;
        }

        @Operation
        public int releaseTwo() {
            return interrupted.attempt(SemaphoreRule.RELEASE, 2);
        }

        @Operation
        public int drain() {
            return timed.attempt(SemaphoreRule.DRAIN, 0);
        }

        @Operation
        public int value() {
            return interrupted.portion().value();
        }
    }

    /** The same, one after the other. */
    public static class Specification {
        private int permits = 1;

        private boolean take(int n) {
            boolean there = permits >= n;
            permits -= there ? n : 0;
            return there;
        }

        private int give(int n) {
            int before = permits;
            permits += before + n <= MAXIMUM ? n : 0;
            return before + n <= MAXIMUM ? before : Rule.REFUSED;
        }

        public boolean tryAcquire() {
            return take(1);
        }

        public boolean tryAcquireTwo() {
            return take(2);
        }

        public boolean acquireTimed() {
            return take(1);
        }

        public boolean acquireTwoTimed() {
            return take(2);
        }

        public boolean acquireInterrupted() {
            return take(1);
        }

        public boolean release() {
            return give(1) >= 0;
        }

        public int releaseTwo() {
            return give(2);
        }

        public int drain() {
            int before = permits;
            permits = 0;
            return before > 0 ? before : Rule.REFUSED;
        }

        public int value() {
            return permits;
        }
    }

    @Test
    void operationsAreLinearizable() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(3)
                .invocationsPerIteration(INVOCATIONS)
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    @Test
    void operationsOfThreeThreadsAreLinearizable() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(3)
                .invocationsPerIteration(INVOCATIONS)
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    /** One permit goes through two waiters of two clients; if a wake were lost, Lincheck would find nobody able to run. */
    @Test
    void onePermitReachesEveryWaiter() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            HeapSlab slab = new HeapSlab(1, 128);
            Handle first = handle(slab, 1, 0);
            Handle second = handle(slab, 1, 0);
            join(
                    start(() -> borrow(first, 1)),
                    start(() -> borrow(second, 1)),
                    start(() -> second.attempt(SemaphoreRule.RELEASE, 1)));
            check(first.portion().value() == 1);
        });
    }

    @Test
    void waitersForOneAndForTwoGetWhatTheyWant() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            HeapSlab slab = new HeapSlab(1, 128);
            Handle first = handle(slab, 2, 0);
            Handle second = handle(slab, 2, 0);
            join(
                    start(() -> borrow(first, 2)),
                    start(() -> borrow(second, 1)),
                    start(() -> first.attempt(SemaphoreRule.RELEASE, 2)));
            check(first.portion().value() == 2);
        });
    }

    /** Plain, since Lincheck follows every call. */
    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError("not as it should be");
        }
    }

    private static Handle handle(HeapSlab slab, int maximum, int permits) {
        Slot slot = slot(slab, 64);
        slot.cell().store(slot.pack(permits, 0));
        return new Handle(new Portion(1, "semaphore", Nature.semaphore(maximum), slot, new NoBroker(), Spinning.none(), false));
    }

    private static Slot slot(HeapSlab slab, int offset) {
        return new Slot(new Location(1, offset, 1), slab.cell(offset));
    }

    private static void borrow(Handle handle, int permits) {
        handle.awaitUninterruptibly(SemaphoreRule.ACQUIRE, permits, handle);
        handle.attempt(SemaphoreRule.RELEASE, permits);
    }

    private static Thread start(Runnable body) {
        Thread thread = new Thread(body);
        thread.start();
        return thread;
    }

    private static void join(Thread... threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
