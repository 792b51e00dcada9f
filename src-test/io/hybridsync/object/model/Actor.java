package io.hybridsync.object.model;

import io.hybridsync.slab.Half;
import io.hybridsync.slab.Sleep;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of the model. It runs only while it has the baton; the fields are written by whoever has it. */
final class Actor {

    /** What it may do next. */
    enum State {
        READY,
        BLOCKED,
        ASLEEP,
        DEAD,
        DONE
    }

    final String name;
    final @Nullable ModelClient client;
    final Thread thread;
    State state = State.READY;
    int priority;
    boolean started;

    /** What a blocked actor waits for. */
    BooleanSupplier until = () -> true;

    @Nullable ModelCell bed;
    Half half = Half.DATA;
    boolean interruptible;
    boolean timed;
    boolean claim;
    boolean woken;
    boolean timedOut;
    boolean interrupted;
    boolean interruptPending;

    /** What the present operation wants, and what it has done. */
    final Footprint footprint = new Footprint();

    Actor(String name, @Nullable ModelClient client, Thread thread) {
        this.name = name;
        this.client = client;
        this.thread = thread;
    }

    boolean isRunnable() {
        return switch (state) {
            case READY -> true;
            case BLOCKED -> until.getAsBoolean();
            case ASLEEP -> woken || timedOut || interrupted;
            case DEAD, DONE -> false;
        };
    }

    boolean isAsleep() {
        return state == State.ASLEEP && !woken && !timedOut && !interrupted;
    }

    /** Falls asleep. It stays in the queue until it is woken or runs again, so that a wake may still reach it. */
    void lieDown(ModelCell cell, Half onHalf, boolean isTimed, boolean isClaim, boolean isInterruptible) {
        bed = cell;
        half = onHalf;
        timed = isTimed;
        claim = isClaim;
        interruptible = isInterruptible;
        woken = timedOut = interrupted = false;
        state = State.ASLEEP;
    }

    /** Why it runs again. An interrupt may hide a wake: futex_waitv reports one of the words, the wake of the other is spent. */
    Sleep getUp() {
        bed = null;
        if (interrupted) {
            return Sleep.INTERRUPTED;
        }
        return woken ? Sleep.WOKEN : Sleep.TIMED_OUT;
    }

    @Override
    public String toString() {
        return name;
    }
}
