package io.hybridsync.object.model;

import io.hybridsync.error.AbandonedMutexException;
import io.hybridsync.object.Mutex;
import io.hybridsync.slab.Cell;

/** An operation on a mutex. */
final class MutexAct extends Act {

    enum Kind {
        TRY,
        LOCK,
        LOCK_UNINTERRUPTIBLY,
        LOCK_TIMED,
        RECOVER,
        UNLOCK
    }

    private final Thing thing;
    private final Kind kind;

    MutexAct(Thing thing, Kind kind) {
        this.thing = thing;
        this.kind = kind;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        boolean release = kind == Kind.UNLOCK;
        footprint.begin(release ? Footprint.Intent.OTHER : Footprint.Intent.TAKE, release);
        footprint.want(thing, 1);
    }

    @Override
    void perform(Program program) throws InterruptedException {
        Mutex mutex = new Mutex(program.on(thing), program.client().number(), thing.sort == Sort.ADOPTING);
        if (kind == Kind.UNLOCK) {
            unlock(program, mutex);
        } else {
            lock(program, mutex);
        }
    }

    private void lock(Program program, Mutex mutex) throws InterruptedException {
        boolean again = section().isInside(program.self());
        if (!attempt(program, mutex)) {
            return;
        }
        if (again) {
            lockedAgain(program);
        } else {
            program.did(thing);
            program.require(section().enter(program.self(), mutex.isAdopted()));
        }
        program.lock(thing);
    }

    private void lockedAgain(Program program) {
        if (program.self().footprint.looked || program.self().footprint.writes != 0) {
            throw program.world().schedule().fail("a recursive lock touched the word");
        }
    }

    private boolean attempt(Program program, Mutex mutex) throws InterruptedException {
        try {
            return switch (kind) {
                case TRY -> mutex.tryLock();
                case LOCK -> mutex.lock(Cell.FOREVER, this) || never(program);
                case LOCK_TIMED -> mutex.lock(World.DEADLINE, this) || left(program);
                case LOCK_UNINTERRUPTIBLY -> {
                    mutex.lockUninterruptibly(this);
                    yield true;
                }
                case RECOVER -> mutex.recover();
                case UNLOCK -> false;
            };
        } catch (AbandonedMutexException e) {
            if (thing.sort == Sort.ADOPTING) {
                throw program.world().schedule().fail("refused what is adopted");
            }
            return false;
        }
    }

    private void unlock(Program program, Mutex mutex) {
        if (program.depth(thing) == 0) {
            return;
        }
        if (program.unlock(thing)) {
            section().exit();
        }
        try {
            mutex.unlock();
        } catch (IllegalMonitorStateException e) {
            throw program.world().schedule().fail("unlock throws for the owner: " + e.getMessage());
        }
        program.did(thing);
    }

    private static boolean never(Program program) {
        throw program.world().schedule().fail("a wait for ever timed out");
    }

    private static boolean left(Program program) {
        program.left();
        return false;
    }

    private Section section() {
        return (Section) thing.ghost;
    }

    @Override
    public String toString() {
        return kind + " of " + thing;
    }
}
