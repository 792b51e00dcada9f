package io.hybridsync.object.model;

import io.hybridsync.slab.Half;
import io.hybridsync.slab.Sleep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of the model. It runs only while it has the baton; the fields are written by whoever has it. */
public final class Actor {

    /** What it may do next. */
    enum State {
        READY,
        BLOCKED,
        ASLEEP,
        STOPPED,
        DEAD,
        DONE
    }

    final String name;
    final @Nullable ModelClient client;
    final Thread thread;
    State state = State.READY;
    int priority;
    boolean started;
    private boolean halted;

    /** What a blocked actor waits for, and one that sleeps on no futex. */
    BooleanSupplier until = () -> true;

    /** The futexes that it sleeps on, or is about to. */
    final List<Bed> beds = new ArrayList<>();

    boolean interruptible;
    boolean timed;
    boolean claim;
    boolean timedOut;
    boolean interrupted;
    boolean interruptPending;

    /** What the present operation wants, and what it has done. */
    final Footprint footprint = new Footprint();

    /** A futex that an actor is queued on. */
    static final class Bed {
        final ModelCell cell;
        final Half half;
        boolean woken;

        private Bed(ModelCell cell, Half half) {
            this.cell = cell;
            this.half = half;
        }
    }

    Actor(String name, @Nullable ModelClient client, Thread thread) {
        this.name = name;
        this.client = client;
        this.thread = thread;
    }

    /** Its process is killed: it does nothing any more. */
    public void die() {
        state = state == State.DONE ? state : State.DEAD;
    }

    /** Its process stands still, or goes on. */
    public void halt(boolean still) {
        halted = still;
    }

    /** Whether it has come to its end, and not been killed. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** Whether it was killed. */
    public boolean isDead() {
        return state == State.DEAD;
    }

    boolean isRunnable() {
        if (halted || (client != null && client.stopped)) {
            return false;
        }
        return switch (state) {
            case READY -> true;
            case BLOCKED -> until.getAsBoolean();
            case ASLEEP -> !isAsleep();
            case STOPPED, DEAD, DONE -> false;
        };
    }

    boolean isAsleep() {
        boolean answered = beds.isEmpty() && until.getAsBoolean();
        return state == State.ASLEEP && !isWoken() && !timedOut && !interrupted && !answered;
    }

    private boolean isWoken() {
        return beds.stream().anyMatch(bed -> bed.woken);
    }

    /** Queues on one more futex. From now on it may be woken there, until it runs again or {@link #stayUp}. */
    void queue(ModelCell cell, Half half) {
        beds.add(new Bed(cell, half));
    }

    /** One of the futexes was not what was expected. If another has been woken meanwhile, that is what the kernel reports. */
    Sleep stayUp() {
        boolean late = isWoken();
        beds.clear();
        return late ? Sleep.WOKEN : Sleep.CHANGED;
    }

    /** Falls asleep. It stays queued until it runs again, so that more wakes may reach it, each futex's own. */
    void lieDown(boolean isTimed, boolean isClaim, boolean isInterruptible) {
        timed = isTimed;
        claim = isClaim;
        interruptible = isInterruptible;
        timedOut = interrupted = false;
        state = State.ASLEEP;
    }

    /** Why it runs again. An interrupt may hide a wake: futex_waitv reports one of the words, the wake of the other is spent. */
    Sleep getUp() {
        boolean woken = isWoken();
        beds.clear();
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
