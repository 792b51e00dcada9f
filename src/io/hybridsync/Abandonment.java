package io.hybridsync;

/**
 * What locking a mutex does whose owner ended without unlocking it. It belongs to the mutex, and its creator decides.
 * Multi-waits and the return from a condition always adopt.
 */
public enum Abandonment {
    /**
     * Locking throws {@link io.hybridsync.error.AbandonedMutexException} and owns nothing, until somebody's
     * {@link HybridMutex#recover} owns the mutex. The default.
     */
    REFUSE,
    /** Locking owns the mutex; {@link HybridMutex#acquiredAbandoned} tells. */
    ADOPT
}
