package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.error.PermitLimitException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** One of the two that follow a script: does its part of each step, and compares what happens with the script. */
final class StressSide {

    /** How the child makes a semaphore move. */
    interface Opener {

        /** Opens a semaphore. */
        void open(int semaphore);

        /** Closes it. */
        void close(int semaphore);
    }

    private static final long HOLD_NANOS = 20_000;

    private final boolean isParent;
    private final IntFunction<HybridSemaphore> semaphores;
    private final Opener opener;
    private final Stall stall = new Stall();

    StressSide(boolean isParent, IntFunction<HybridSemaphore> semaphores, Opener opener) {
        this.isParent = isParent;
        this.semaphores = semaphores;
        this.opener = opener;
    }

    /** How long its operations took that had nobody to wait for. */
    Stall stall() {
        return stall;
    }

    /** Does its part; throws IllegalStateException when something else happened than the script says. */
    void run(StressStep step) throws InterruptedException {
        if (isParent == step.byParent()) {
            act(step);
        } else {
            assist(step);
        }
    }

    private void act(StressStep step) throws InterruptedException {
        HybridSemaphore semaphore = semaphores.apply(step.semaphore());
        long start = System.nanoTime();
        switch (step.kind()) {
            case RELEASE -> expect(step.before(), semaphore.releaseAndGetPrevious(step.permits()));
            case TRY -> expect(step.before() >= step.permits(), semaphore.tryAcquire(step.permits()));
            case LACK -> lack(semaphore, step);
            case COUNT -> expect(step.before(), semaphore.availablePermits());
            case OVERFLOW -> overflow(semaphore, step.permits());
            case HAND_OVER, MOVE -> await(semaphore, step);
            case BORROW -> borrow(semaphore, step.permits());
            case TRY_BORROW -> tryBorrow(semaphore, step.micros());
            case TAKE -> semaphore.acquire();
            case GIVE -> semaphore.release();
            case OPEN, CLOSE -> {}
        }
        if (step.kind().isImmediate()) {
            stall.ended(start);
        }
    }

    private void assist(StressStep step) throws InterruptedException {
        switch (step.kind()) {
            case HAND_OVER -> handOver(step);
            case MOVE -> {
                LockSupport.parkNanos(1000L * step.micros());
                opener.close(step.semaphore());
                opener.open(step.semaphore());
                handOver(step);
            }
            case BORROW -> borrow(semaphores.apply(step.semaphore()), step.permits());
            case TRY_BORROW -> tryBorrow(semaphores.apply(step.semaphore()), step.micros());
            case OPEN -> opener.open(step.semaphore());
            case CLOSE -> opener.close(step.semaphore());
            default -> {}
        }
    }

    private static void lack(HybridSemaphore semaphore, StressStep step) throws InterruptedException {
        long start = System.nanoTime();
        expect(false, semaphore.tryAcquire(step.permits(), step.micros(), TimeUnit.MICROSECONDS));
        expect(true, System.nanoTime() - start >= 1000L * step.micros() || step.permits() > semaphore.maximum());
    }

    private static void overflow(HybridSemaphore semaphore, int permits) {
        try {
            semaphore.release(permits);
        } catch (PermitLimitException expected) {
            return;
        }
        throw new IllegalStateException("a release over the maximum was accepted");
    }

    private static void await(HybridSemaphore semaphore, StressStep step) throws InterruptedException {
        if (step.micros() % 2 == 0) {
            semaphore.acquire(step.permits());
        } else {
            expect(true, semaphore.tryAcquire(step.permits(), 1, TimeUnit.HOURS));
        }
    }

    /** One by one, so that the waiter is woken in vain too. */
    private void handOver(StressStep step) {
        LockSupport.parkNanos(1000L * step.micros());
        HybridSemaphore semaphore = semaphores.apply(step.semaphore());
        for (int permits = step.before(); permits < step.permits(); permits++) {
            expect(permits, semaphore.releaseAndGetPrevious(1));
        }
    }

    private void borrow(HybridSemaphore semaphore, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            semaphore.acquire();
            if (i % 8 == 0) {
                LockSupport.parkNanos(HOLD_NANOS);
            }
            giveBack(semaphore);
        }
    }

    private void tryBorrow(HybridSemaphore semaphore, int micros) throws InterruptedException {
        if (semaphore.tryAcquire(micros, TimeUnit.MICROSECONDS)) {
            LockSupport.parkNanos(HOLD_NANOS);
            giveBack(semaphore);
        }
    }

    private void giveBack(HybridSemaphore semaphore) {
        long start = System.nanoTime();
        semaphore.release();
        stall.ended(start);
    }

    private static void expect(int expected, int found) {
        if (expected != found) {
            throw new IllegalStateException("expected " + expected + " and found " + found);
        }
    }

    private static void expect(boolean expected, boolean found) {
        if (expected != found) {
            throw new IllegalStateException("expected " + expected + " and found " + found);
        }
    }
}
