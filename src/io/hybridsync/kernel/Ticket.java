package io.hybridsync.kernel;

import org.jspecify.annotations.Nullable;

/** A waiter's place at one word: in its queue, or handed its wake, or neither. Belongs to who holds the guard. */
final class Ticket {

    final ParkedWaiter waiter;

    /** Null until it has joined. */
    @Nullable ParkedWord word;

    boolean queued;

    /** It was given a wake of the word, and its waiter has not run since. */
    boolean handed;

    /** The order of joining. */
    long number;

    @Nullable Ticket previous;
    @Nullable Ticket next;

    Ticket(ParkedWaiter waiter) {
        this.waiter = waiter;
    }

    /** Out of the queue, if it is in it. */
    void withdraw() {
        if (word != null && queued) {
            word.remove(this);
        }
    }

    /** Its waiter runs. */
    void leave() {
        withdraw();
        if (word != null && handed) {
            handed = false;
            word.hasRun();
        }
    }
}
