package io.hybridsync.app;

import io.hybridsync.SyncDomain;
import java.time.Duration;

/** A semaphore or mutex as a worker of the demo uses it, from one thread, with what that cost. */
final class Meter {

    private static final Duration LINGER = Duration.ofMillis(50);

    private final SyncDomain domain;
    private final Gate gate;
    private final boolean disabled;
    private long acquires;
    private long waits;
    private long longestNanos;
    private long stallNanos;
    private long operationsWithCalls;

    Meter(SyncDomain domain, Gate gate, boolean disabled) {
        this.domain = domain;
        this.gate = gate;
        this.disabled = disabled;
    }

    void acquire() throws InterruptedException {
        if (disabled) {
            return;
        }
        long calls = domain.brokerCalls();
        long start = System.nanoTime();
        boolean acquired = gate.tryEnter();
        long tried = System.nanoTime();
        stallNanos = Math.max(stallNanos, tried - start);
        if (!acquired) {
            gate.enter();
            longestNanos = Math.max(longestNanos, System.nanoTime() - tried);
            waits++;
        }
        acquires++;
        note(calls);
    }

    /**
     * With the acquires left out, stays in the guarded section until somebody else is certain to have come: that they are
     * missing must not show by accident only.
     */
    void linger() throws InterruptedException {
        if (disabled) {
            Thread.sleep(LINGER);
        }
    }

    void release() {
        if (disabled) {
            return;
        }
        long calls = domain.brokerCalls();
        long start = System.nanoTime();
        gate.leave();
        stallNanos = Math.max(stallNanos, System.nanoTime() - start);
        note(calls);
    }

    private void note(long callsBefore) {
        if (domain.brokerCalls() != callsBefore) {
            operationsWithCalls++;
        }
    }

    long acquires() {
        return acquires;
    }

    long waits() {
        return waits;
    }

    long longestNanos() {
        return longestNanos;
    }

    /** The longest try or release: neither waits for anybody, so that what it takes is a stall. */
    long stallNanos() {
        return stallNanos;
    }

    long operationsWithCalls() {
        return operationsWithCalls;
    }
}
