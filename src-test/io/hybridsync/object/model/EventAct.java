package io.hybridsync.object.model;

import io.hybridsync.object.EventRule;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;

/** An operation on an event. */
final class EventAct extends Act {

    enum Kind {
        SET,
        RESET,
        PULSE,
        TRY,
        AWAIT,
        AWAIT_TIMED,
        AWAIT_UNINTERRUPTIBLY;

        boolean waits() {
            return compareTo(TRY) >= 0;
        }
    }

    private final Thing thing;
    private final Kind kind;
    private final boolean auto;

    EventAct(Thing thing, Kind kind) {
        this.thing = thing;
        this.kind = kind;
        this.auto = thing.sort == Sort.AUTO;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        switch (kind) {
            case SET -> footprint.begin(Footprint.Intent.SET, true);
            case PULSE -> footprint.begin(Footprint.Intent.PULSE, true);
            case RESET -> footprint.begin(Footprint.Intent.OTHER, false);
            default -> {
                footprint.begin(Footprint.Intent.TAKE, false);
                footprint.want(thing, 1);
            }
        }
    }

    @Override
    void perform(Program program) throws InterruptedException {
        if (attempt(program, program.on(thing))) {
            program.did(thing);
            requireWrite(program, program.self().footprint);
            if (kind.waits()) {
                program.require(thing.ghost.passed(program.self()));
            }
        }
    }

    /** A signal is seen by who waits, and what was done before it by who sees the signal: so it writes in any case. */
    private void requireWrite(Program program, Footprint footprint) {
        if (footprint.changes(thing) == 0 && (kind == Kind.SET || kind == Kind.PULSE)) {
            throw program.world().schedule().fail("a signal wrote nothing");
        }
    }

    /** False if it was refused. */
    private boolean attempt(Program program, Handle on) throws InterruptedException {
        Rule awaiting = EventRule.awaiting(auto);
        return switch (kind) {
            case SET -> on.attempt(EventRule.setting(auto), 0) != Rule.REFUSED;
            case RESET -> on.attempt(EventRule.RESET, 0) != Rule.REFUSED;
            case PULSE -> pulse(program, on);
            case TRY -> on.attempt(awaiting, EventRule.NOT_WAITING) != Rule.REFUSED;
            case AWAIT -> on.await(awaiting, EventRule.NOT_WAITING, Cell.FOREVER, this);
            case AWAIT_TIMED -> on.await(awaiting, EventRule.NOT_WAITING, World.DEADLINE, this) || left(program);
            case AWAIT_UNINTERRUPTIBLY -> {
                on.awaitUninterruptibly(awaiting, EventRule.NOT_WAITING, this);
                yield true;
            }
        };
    }

    private boolean pulse(Program program, Handle on) {
        if (program.world().has(Flaw.PULSES_BY_SET_AND_RESET)) {
            return on.attempt(EventRule.setting(auto), 0) != Rule.REFUSED
                    && on.attempt(EventRule.RESET, 0) != Rule.REFUSED;
        }
        return on.attempt(EventRule.pulsing(auto), 0) != Rule.REFUSED;
    }

    private static boolean left(Program program) {
        program.left();
        return false;
    }

    @Override
    public String toString() {
        return kind + " of " + thing;
    }
}
