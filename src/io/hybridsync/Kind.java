package io.hybridsync;

/** The kinds of objects. They share one name space. */
public enum Kind {
    /** Counts permits. */
    SEMAPHORE,
    /** Has at most one owner. */
    MUTEX,
    /** Is signaled or not. */
    EVENT
}
