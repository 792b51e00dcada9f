package io.hybridsync.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for sections of a few instructions that neither park nor call the kernel, taken by virtual and platform
 * threads.
 *
 * <p>It has no queue, on purpose. In a queue a thread waits until those before it have run, and a virtual thread runs
 * only when a carrier is free: a dispatcher that stood behind it would wait for a carrier, perhaps for one whose thread
 * waits for this dispatcher. Here the lock's holder, which is running or was preempted by the kernel, is all that
 * anybody waits for.
 */
final class Guard {

    private static final int SPINS = 256;
    private static final long PAUSE_NANOS = 20_000;

    private final AtomicBoolean held = new AtomicBoolean();

    void lock() {
        for (int tries = 1; held.get() || !held.compareAndSet(false, true); tries++) {
            pause(tries);
        }
    }

    void unlock() {
        held.set(false);
    }

    /** A holder that takes longer was preempted: it needs a processor, perhaps this one. */
    private static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
