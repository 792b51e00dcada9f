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
    INTERRUPTS,
    /** Clients stand still while a broker takes over, which does not wait for them in the end. */
    LATE_CLIENTS,
    /** The broker ends connections of clients that live. */
    EXPULSIONS,
    /** Somebody writes something to a word that is none of his business. */
    SCRIBBLES,
    /** Events are set, reset and pulsed by anybody. */
    PULSES
}
