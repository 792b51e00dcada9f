package io.hybridsync.succession;

/** What happens in the runs of some themes, besides deaths and time-outs. */
enum Trait {
    /** Threads wait for several objects. */
    MULTI_WAITS,
    /** Who owns a mutex waits for a condition of it, or signals one. */
    CONDITIONS,
    /** Threads end that own something, and their process goes on. */
    DEAD_THREADS,
    /** Threads are interrupted while they wait. */
    INTERRUPTS
}
