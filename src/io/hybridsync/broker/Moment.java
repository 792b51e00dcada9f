package io.hybridsync.broker;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The time of the broker's one thread that clients may make it spend on what they have in shared memory: to wait until what
 * they have begun is over, and to read what they have written at length. All clients together have one moment, whoever comes
 * first, and what is spent of it comes back slowly: so it is one moment in one event at most, and a small share of all time,
 * however many events a client makes and whatever it writes.
 */
final class Moment {

    private static final long NANOS = 1_000_000;
    private static final int SHARE = 16;
    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 50_000;

    private final LongSupplier clock;
    private long left = NANOS;
    private long seen;
    private long event;

    Moment() {
        this(System::nanoTime);
    }

    /** @param clock in nanoseconds */
    Moment(LongSupplier clock) {
        this.clock = clock;
        this.seen = clock.getAsLong();
    }

    /** Whether enough of it is left to do something. */
    boolean lasts() {
        long now = clock.getAsLong();
        left = Math.min(NANOS, left + (now - seen) / SHARE);
        seen = now;
        return left >= PAUSE_NANOS;
    }

    /** Does something that takes its time. */
    void spend(Runnable work) {
        long begin = clock.getAsLong();
        work.run();
        left -= clock.getAsLong() - begin;
    }

    /**
     * Lets a little time pass: what is under way is over in no time, unless its thread waits for a processor, perhaps for
     * this one.
     *
     * @param pauses how many there have been for the same thing
     * @return false when there is none left
     */
    boolean pause(int pauses) {
        boolean lasts = lasts();
        if (lasts) {
            spend(pauses < SPINS ? Thread::onSpinWait : () -> LockSupport.parkNanos(PAUSE_NANOS));
        }
        return lasts;
    }

    /** Which event of the broker this is: what is allowed once in an event is so by this number. */
    long event() {
        return event;
    }

    /** The event is over. */
    void over() {
        event++;
    }
}
