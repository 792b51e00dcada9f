package io.hybridsync.object.model;

import io.hybridsync.object.Handle;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;

/** An operation on a semaphore. */
final class PermitAct extends Act {

    enum Kind {
        TRY,
        ACQUIRE,
        ACQUIRE_UNINTERRUPTIBLY,
        ACQUIRE_TIMED,
        DRAIN,
        RELEASE,
        GIVE_BACK,
        VALUE
    }

    private final Thing thing;
    private final Kind kind;
    private final int permits;

    PermitAct(Thing thing, Kind kind, int permits) {
        this.thing = thing;
        this.kind = kind;
        this.permits = permits;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        boolean release = kind == Kind.RELEASE || kind == Kind.GIVE_BACK;
        footprint.begin(release ? Footprint.Intent.OTHER : Footprint.Intent.TAKE, release);
        footprint.want(thing, permits);
    }

    @Override
    void perform(Program program) throws InterruptedException {
        program.did(thing, change(program, program.on(thing)));
    }

    private int change(Program program, Handle on) throws InterruptedException {
        int held = program.held(thing);
        return switch (kind) {
            case TRY -> tried(program, on.attempt(SemaphoreRule.ACQUIRE, permits)) ? -permits : 0;
            case DRAIN -> drained(program, on.attempt(SemaphoreRule.DRAIN, 0));
            case ACQUIRE -> on.await(SemaphoreRule.ACQUIRE, permits, Cell.FOREVER, this) ? -permits : never(program);
            case ACQUIRE_TIMED -> on.await(SemaphoreRule.ACQUIRE, permits, World.DEADLINE, this) ? -permits : left(program);
            case ACQUIRE_UNINTERRUPTIBLY -> {
                on.awaitUninterruptibly(SemaphoreRule.ACQUIRE, permits, this);
                yield -permits;
            }
            case RELEASE -> release(program, on, permits);
            case GIVE_BACK -> held > 0 ? release(program, on, held) : 0;
            case VALUE -> {
                on.portion().value();
                yield tried(program, Rule.REFUSED) ? 1 : 0;
            }
        };
    }

    private int release(Program program, Handle on, int given) {
        return thing.ghost instanceof Leased leased ? releaseLeased(program, on, given, leased) : give(program, on, given);
    }

    private static int give(Program program, Handle on, int given) {
        return tried(program, on.attempt(SemaphoreRule.RELEASE, given)) ? given : 0;
    }

    /** It is refused when the client does not hold so many, and then it leaves no trace. */
    private static int releaseLeased(Program program, Handle on, int given, Leased leased) {
        ModelClient client = program.client();
        int mark = leased.releasing(client, given);
        int done = 0;
        try {
            done = give(program, on, given);
            return done;
        } catch (IllegalStateException e) {
            if (!leased.mayBeRefused(client, mark)) {
                throw program.world().schedule().fail("who holds permits could not release them");
            }
            return tried(program, Rule.REFUSED) ? given : 0;
        } finally {
            leased.gained(client, given - done);
        }
    }

    private static boolean tried(Program program, int result) {
        Footprint footprint = program.self().footprint;
        if (result == Rule.REFUSED && footprint.writes != 0) {
            throw program.world().schedule().fail("a refused operation left a trace");
        }
        if (result != Rule.REFUSED && footprint.writes != 1 && !program.world().has(Flaw.TOUCH_UNNOTICED)) {
            throw program.world().schedule().fail("one operation, " + footprint.writes + " writes");
        }
        return result != Rule.REFUSED;
    }

    private static int drained(Program program, int value) {
        return tried(program, value) ? -value : 0;
    }

    private static int never(Program program) {
        throw program.world().schedule().fail("a wait for ever timed out");
    }

    private static int left(Program program) {
        program.left();
        return 0;
    }

    @Override
    public String toString() {
        return kind + " " + permits;
    }
}
