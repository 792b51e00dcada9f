package io.hybridsync.object.model;

/** What may happen in a run besides operations. */
enum Feature {
    /** The semaphore has one permit at most, so that a release wakes one. */
    BINARY,
    /** One operation a thread, so that no later one makes good what an earlier one spoiled. */
    BRIEF,
    /** Waiters for more than one permit. */
    BULK,
    /** Permits are released by threads that did not acquire them. */
    PRODUCERS,
    TIMEOUTS,
    INTERRUPTS,
    SPURIOUS,
    KILLS,
    /** The broker moves the word, once or twice. */
    MOVES,
    /** The broker begins moves and takes them back. */
    ROLLBACKS,
    /** Places that were left are given to other objects. */
    REUSE,
    /** Places that were left are free for the word to come back to. */
    RETURNS,
    /** The broker sets WAKE_BROKER for a while. */
    SUBSCRIPTION,
    CLOSES,
    /** Something writes a bad word. */
    CORRUPTION,
    /** LOCKED is waited for too long now and then. */
    CLAIMS
}
