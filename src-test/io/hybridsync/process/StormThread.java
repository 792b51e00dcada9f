package io.hybridsync.process;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits over and over and is interrupted meanwhile, one interrupt at a time: the next comes when it has met
 * the one before, either as an InterruptedException, and then its interrupt status is clear, or as its interrupt status
 * after a wait that ended otherwise. So an interrupt that gets lost, comes twice, or out of nothing, is noticed.
 */
final class StormThread implements Callable<Map<StormThread.End, Integer>> {

    /** How a wait ended. */
    enum End {
        GRANTED,
        GRANTED_AND_INTERRUPTED,
        TIMED_OUT,
        TIMED_OUT_AND_INTERRUPTED,
        INTERRUPTED
    }

    /** One wait, and the return of what it took. */
    interface Attempt {
        boolean isGranted(Random random) throws InterruptedException;
    }

    private final Attempt attempt;
    private final Random random;
    private final BooleanSupplier over;
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger met = new AtomicInteger();
    private volatile @Nullable Thread thread;

    StormThread(Attempt attempt, Random random, BooleanSupplier over) {
        this.attempt = attempt;
        this.random = random;
        this.over = over;
    }

    /** Interrupts the thread unless it has not met the latest interrupt yet. Called by one thread only. */
    void interrupt() {
        Thread target = thread;
        if (target != null && sent.get() == met.get()) {
            sent.incrementAndGet();
            target.interrupt();
        }
    }

    @Override
    public Map<End, Integer> call() {
        thread = Thread.currentThread();
        while (!over.getAsBoolean()) {
            ends.merge(end(), 1, Integer::sum);
        }
        if (Thread.interrupted()) {
            meet();
        }
        if (sent.get() != met.get()) {
            throw new IllegalStateException(sent + " interrupts, of which it met " + met);
        }
        return ends;
    }

    private End end() {
        try {
            boolean granted = attempt.isGranted(random);
            if (Thread.interrupted()) {
                meet();
                return granted ? End.GRANTED_AND_INTERRUPTED : End.TIMED_OUT_AND_INTERRUPTED;
            }
            return granted ? End.GRANTED : End.TIMED_OUT;
        } catch (InterruptedException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted, and still so afterwards", e);
            }
            meet();
            return End.INTERRUPTED;
        }
    }

    private void meet() {
        if (met.incrementAndGet() > sent.get()) {
            throw new IllegalStateException("an interrupt that nobody sent");
        }
    }
}
