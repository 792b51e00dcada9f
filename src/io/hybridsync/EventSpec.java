package io.hybridsync;

import io.hybridsync.client.Blueprint;

/**
 * What an event is created with. An existing event keeps its own: the specification of whoever opens it is ignored.
 *
 * <p>Immutable: {@code manualReset().signaled()}.
 *
 * @param isAutoReset see {@link #autoReset()}
 * @param isSignaled see {@link #signaled()}
 * @param isBrokerOnly see {@link #brokerOnly()}
 * @param isGlobal see {@link #global()}
 * @param isCompact see {@link #compact()}
 */
public record EventSpec(
        boolean isAutoReset, boolean isSignaled, boolean isBrokerOnly, boolean isGlobal, boolean isCompact) {

    /** An event that lets one thread pass each time it is set: who passes takes the signal. */
    public static EventSpec autoReset() {
        return new EventSpec(true, false, false, false, false);
    }

    /** An event that lets everybody pass from the time it is set until it is reset. */
    public static EventSpec manualReset() {
        return new EventSpec(false, false, false, false, false);
    }

    /** The same, set from the start. */
    public EventSpec signaled() {
        return new EventSpec(isAutoReset, true, isBrokerOnly, isGlobal, isCompact);
    }

    /** The same, kept at the broker instead of shared memory: every operation is a message to it. */
    public EventSpec brokerOnly() {
        return new EventSpec(isAutoReset, isSignaled, true, isGlobal, isCompact);
    }

    /** The same, in memory that every process of the domain maps. */
    public EventSpec global() {
        return new EventSpec(isAutoReset, isSignaled, isBrokerOnly, true, isCompact);
    }

    /** The same, in 8 bytes of memory instead of a cache line of its own: slower where neighbours are contended. */
    public EventSpec compact() {
        return new EventSpec(isAutoReset, isSignaled, isBrokerOnly, isGlobal, true);
    }

    Blueprint blueprint() {
        return Blueprint.event(isAutoReset, isSignaled)
                .brokerOnly(isBrokerOnly)
                .global(isGlobal)
                .compact(isCompact);
    }
}
