package io.hybridsync.conformance;

import io.hybridsync.Waiting;

/** What runs the commands, and how it waits. */
enum Threads {
    /** Platform threads that sleep in the kernel. */
    DIRECT,
    /** Platform threads that park. */
    PARKED,
    /** Virtual threads. */
    VIRTUAL;

    Waiting waiting() {
        return this == PARKED ? Waiting.PARKED : Waiting.DIRECT;
    }

    Thread.Builder builder() {
        return this == VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }
}
