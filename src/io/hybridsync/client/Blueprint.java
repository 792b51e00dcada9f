package io.hybridsync.client;

import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;

/**
 * What an object is to be if it is created, and of which kind it has to be if it exists: what the public specifications
 * come down to. Immutable.
 */
public final class Blueprint {

    /** A semaphore that exists. */
    public static final Blueprint SEMAPHORE = new Blueprint(Spec.existing(Kind.SEMAPHORE));

    /** A mutex that exists. */
    public static final Blueprint MUTEX = new Blueprint(Spec.existing(Kind.MUTEX));

    /** An event that exists. */
    public static final Blueprint EVENT = new Blueprint(Spec.existing(Kind.EVENT));

    private final Spec spec;

    private Blueprint(Spec spec) {
        this.spec = spec;
    }

    /** A semaphore with that many permits at first and at most. */
    public static Blueprint semaphore(int permits, int maximum) {
        return new Blueprint(new Spec(Kind.SEMAPHORE, permits, maximum, 0));
    }

    /**
     * A mutex.
     *
     * @param locked whether the thread that creates it owns it from the start
     * @param adopting whether who locks it takes over what was abandoned
     */
    public static Blueprint mutex(boolean locked, boolean adopting) {
        return new Blueprint(new Spec(Kind.MUTEX, locked ? 1 : 0, 1, adopting ? Spec.ADOPT : 0));
    }

    /**
     * An event.
     *
     * @param autoReset whether a satisfied wait takes the signal
     * @param signaled whether it starts signaled
     */
    public static Blueprint event(boolean autoReset, boolean signaled) {
        return new Blueprint(new Spec(Kind.EVENT, signaled ? 1 : 0, 1, autoReset ? Spec.AUTO_RESET : 0));
    }

    /** The same, or served strictly first come, first served. */
    public Blueprint fair(boolean fair) {
        return with(Spec.FAIR, fair);
    }

    /** The same, or such that permits of clients that have gone come back. */
    public Blueprint leased(boolean leased) {
        return with(Spec.LEASED, leased);
    }

    /** The same, or kept at the broker. */
    public Blueprint brokerOnly(boolean brokerOnly) {
        return with(Spec.BROKER_ONLY, brokerOnly);
    }

    /** The same, or in memory of the whole domain. */
    public Blueprint global(boolean global) {
        return with(Spec.GLOBAL, global);
    }

    /** The same, or beside others in one line of memory. */
    public Blueprint compact(boolean compact) {
        return with(Spec.COMPACT, compact);
    }

    private Blueprint with(int attribute, boolean set) {
        return set
                ? new Blueprint(new Spec(spec.kind(), spec.initialData(), spec.maximum(), spec.attributes() | attribute))
                : this;
    }

    Spec spec() {
        return spec;
    }

    Kind kind() {
        return spec.kind();
    }
}
