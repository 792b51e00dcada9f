package io.hybridsync;

import io.hybridsync.client.Blueprint;

/**
 * What a semaphore is created with. An existing semaphore keeps its own: the specification of whoever opens it is ignored.
 *
 * <p>Immutable: {@code permits(2).maximum(8).compact()}.
 *
 * @param permits how many permits there are at first, 0 to {@code maximum}
 * @param maximum how many there may ever be, at least 1; without a call of {@link #maximum(int)} 2^31-1
 * @param isFair see {@link #fair()}
 * @param isLeased see {@link #leased()}
 * @param isBrokerOnly see {@link #brokerOnly()}
 * @param isGlobal see {@link #global()}
 * @param isCompact see {@link #compact()}
 */
public record SemaphoreSpec(
        int permits,
        int maximum,
        boolean isFair,
        boolean isLeased,
        boolean isBrokerOnly,
        boolean isGlobal,
        boolean isCompact) {

    /** @throws IllegalArgumentException when permits is negative or over the maximum, or the maximum below 1 */
    public SemaphoreSpec {
        if (maximum < 1) {
            throw new IllegalArgumentException("maximum must be at least 1, and is " + maximum);
        }
        if (permits < 0 || permits > maximum) {
            throw new IllegalArgumentException(
                    "permits must be between 0 and the maximum, " + maximum + ", and is " + permits);
        }
    }

    /**
     * A semaphore with that many permits at first.
     *
     * @throws IllegalArgumentException when negative
     */
    public static SemaphoreSpec permits(int permits) {
        return new SemaphoreSpec(permits, Integer.MAX_VALUE, false, false, false, false, false);
    }

    /**
     * The same with a maximum: a release over it is refused.
     *
     * @throws IllegalArgumentException when below 1, or below the permits
     */
    public SemaphoreSpec maximum(int maximum) {
        return new SemaphoreSpec(permits, maximum, isFair, isLeased, isBrokerOnly, isGlobal, isCompact);
    }

    /**
     * The same, strictly first in first out over all processes. The broker keeps the queue, so every operation is a message
     * to it. An untimed {@code tryAcquire} does not queue.
     */
    public SemaphoreSpec fair() {
        return new SemaphoreSpec(permits, maximum, true, isLeased, isBrokerOnly, isGlobal, isCompact);
    }

    /**
     * The same, but permits belong to the process that acquired them, and come back when it has gone.
     *
     * <ul>
     *   <li>The permits that a process holds come back, exactly, when it dies, in whatever moment, also between an acquire
     *       and its return; and when it closes its last handle to the semaphore or its domain. Those that wait for them go
     *       on. Nothing else comes back: what others hold stays theirs.
     *   <li>Only a process that holds permits may release them, whichever of its threads and handles acquired them; it gets
     *       an {@link IllegalStateException} otherwise, and nothing changes. So there are never more permits than at first.
     *       To release none is always legal.
     *   <li>A process that is stopped in the middle of an acquire or a release is not dead, but while it is stopped there, it
     *       cannot be known what the dead held: that comes back when it goes on or dies. Everything else works meanwhile.
     *   <li>A process that has lost its connection to the broker keeps what it holds as long as the semaphore is in memory
     *       where it can reach it.
     *   <li>An uncontended acquire or release is still one compare-and-set and no message; the first thread of a process
     *       that uses the semaphore is the fastest.
     * </ul>
     *
     * <p>"A process" is a client of the domain: a domain that is open twice in one process is two of them.
     */
    public SemaphoreSpec leased() {
        return new SemaphoreSpec(permits, maximum, isFair, true, isBrokerOnly, isGlobal, isCompact);
    }

    /** The same, kept at the broker instead of shared memory: every operation is a message to it. */
    public SemaphoreSpec brokerOnly() {
        return new SemaphoreSpec(permits, maximum, isFair, isLeased, true, isGlobal, isCompact);
    }

    /** The same, in memory that every process of the domain maps. */
    public SemaphoreSpec global() {
        return new SemaphoreSpec(permits, maximum, isFair, isLeased, isBrokerOnly, true, isCompact);
    }

    /** The same, in 8 bytes of memory instead of a cache line of its own: slower where neighbours are contended. */
    public SemaphoreSpec compact() {
        return new SemaphoreSpec(permits, maximum, isFair, isLeased, isBrokerOnly, isGlobal, true);
    }

    Blueprint blueprint() {
        return Blueprint.semaphore(permits, maximum)
                .fair(isFair)
                .leased(isLeased)
                .brokerOnly(isBrokerOnly)
                .global(isGlobal)
                .compact(isCompact);
    }
}
