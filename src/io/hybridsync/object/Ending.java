package io.hybridsync.object;

/** How a wait ended. */
public enum Ending {
    /** What was waited for is taken. */
    TAKEN,
    /** The same, and a mutex among it had been abandoned by its owner. */
    ADOPTED,
    /** The alert came first. */
    ALERTED,
    /** The deadline passed first; nothing is taken. */
    TIMED_OUT,
    /** The object is in a state that ends waits for it: a mutex that was abandoned. Nothing is taken. */
    ENDED
}
