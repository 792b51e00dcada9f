package io.hybridsync;

import static java.util.Objects.requireNonNull;

import io.hybridsync.client.Blueprint;

/**
 * What a mutex is created with. An existing mutex keeps its own: the specification of whoever opens it is ignored, and it
 * is not locked by him.
 *
 * <p>Immutable: {@code unlocked().abandonment(Abandonment.ADOPT)}.
 *
 * @param isLocked see {@link #locked()}
 * @param abandonment see {@link #abandonment(Abandonment)}
 * @param isFair see {@link #fair()}
 * @param isBrokerOnly see {@link #brokerOnly()}
 * @param isGlobal see {@link #global()}
 * @param isCompact see {@link #compact()}
 */
public record MutexSpec(
        boolean isLocked,
        Abandonment abandonment,
        boolean isFair,
        boolean isBrokerOnly,
        boolean isGlobal,
        boolean isCompact) {

    /** A specification. */
    public MutexSpec {
        requireNonNull(abandonment, "abandonment");
    }

    /** A mutex that nobody owns at first. */
    public static MutexSpec unlocked() {
        return new MutexSpec(false, Abandonment.REFUSE, false, false, false, false);
    }

    /** A mutex that the thread that creates it owns from the start. */
    public static MutexSpec locked() {
        return new MutexSpec(true, Abandonment.REFUSE, false, false, false, false);
    }

    /** The same, with what locking does after an owner ended without unlocking; otherwise {@link Abandonment#REFUSE}. */
    public MutexSpec abandonment(Abandonment abandonment) {
        return new MutexSpec(isLocked, abandonment, isFair, isBrokerOnly, isGlobal, isCompact);
    }

    /**
     * The same, strictly first in first out over all processes. The broker keeps the queue, so every operation is a message
     * to it. An untimed {@code tryLock()} does not queue.
     */
    public MutexSpec fair() {
        return new MutexSpec(isLocked, abandonment, true, isBrokerOnly, isGlobal, isCompact);
    }

    /** The same, kept at the broker instead of shared memory: every operation is a message to it. */
    public MutexSpec brokerOnly() {
        return new MutexSpec(isLocked, abandonment, isFair, true, isGlobal, isCompact);
    }

    /** The same, in memory that every process of the domain maps. */
    public MutexSpec global() {
        return new MutexSpec(isLocked, abandonment, isFair, isBrokerOnly, true, isCompact);
    }

    /** The same, in 8 bytes of memory instead of a cache line of its own: slower where neighbours are contended. */
    public MutexSpec compact() {
        return new MutexSpec(isLocked, abandonment, isFair, isBrokerOnly, isGlobal, true);
    }

    Blueprint blueprint() {
        return Blueprint.mutex(isLocked, abandonment == Abandonment.ADOPT)
                .fair(isFair)
                .brokerOnly(isBrokerOnly)
                .global(isGlobal)
                .compact(isCompact);
    }
}
