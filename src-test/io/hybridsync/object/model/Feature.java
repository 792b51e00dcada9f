package io.hybridsync.object.model;

/** What may happen in a run besides operations. */
enum Feature {
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
    CLAIMS,
    /** Waits for any of the objects. */
    ANY,
    /** Waits for all of the objects. */
    ALL,
    /** Events are reset. */
    RESETS,
    /** Threads end that own a mutex. */
    ENDS,
    /** A thread stops between its signal and its wake, until nobody else can run. */
    STOPS,
    /** A process is stopped, until nobody else can run. */
    FREEZES
}
