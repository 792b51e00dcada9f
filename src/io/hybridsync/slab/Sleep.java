package io.hybridsync.slab;

/** Why a sleep on a half of a word ended. */
public enum Sleep {
    /** Somebody woke it, or nobody did: wake-ups may be spurious. */
    WOKEN,
    /** It did not sleep: the half was not what the sleeper expected. */
    CHANGED,
    /** The deadline has passed. */
    TIMED_OUT,
    /** The thread's interrupt status is set, and still is. */
    INTERRUPTED
}
