package io.hybridsync;

/** How a wait for several objects ended. */
public enum Outcome {
    /** What was waited for is taken. */
    ACQUIRED,
    /** The same, and a mutex among it had been abandoned: the thread owns it, and what it protects may be half done. */
    ABANDONED,
    /** The alert came first; nothing but the alert is taken. */
    ALERTED,
    /** The time passed first; nothing is taken. */
    TIMED_OUT
}
