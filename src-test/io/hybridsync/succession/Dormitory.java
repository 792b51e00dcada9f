package io.hybridsync.succession;

import io.hybridsync.object.model.Actor;
import io.hybridsync.object.model.Schedule;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Sleep;
import io.hybridsync.succession.RealmSlab.RealmCell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The futexes, and all else that threads of clients wait for with a deadline. */
final class Dormitory {

    private final Schedule schedule;
    private final Chronicle chronicle;
    private final List<Nap> naps = new ArrayList<>();

    /** A futex that a thread is queued on. */
    static final class Bed {
        final RealmCell cell;
        final Half half;
        boolean woken;

        private Bed(RealmCell cell, Half half) {
            this.cell = cell;
            this.half = half;
        }
    }

    /** A thread that waits. */
    final class Nap {
        final Actor actor;
        final List<Bed> beds = new ArrayList<>();
        boolean timed;
        boolean late;
        boolean soon;
        boolean interruptible;
        boolean interrupted;

        private Nap(Actor actor) {
            this.actor = actor;
        }

        void queue(RealmCell cell, Half half) {
            beds.add(new Bed(cell, half));
        }

        boolean isWoken() {
            return beds.stream().anyMatch(bed -> bed.woken);
        }

        /** An interrupt hides a wake: futex_waitv reports one of the words. */
        Sleep sleep(boolean hasDeadline, boolean mayBeInterrupted) {
            timed = hasDeadline;
            interruptible = mayBeInterrupted;
            chronicle.sleeps++;
            schedule.await(() -> isWoken() || late || interrupted);
            return leave(interrupted ? Sleep.INTERRUPTED : isWoken() ? Sleep.WOKEN : Sleep.TIMED_OUT);
        }

        Sleep leave(Sleep why) {
            naps.remove(this);
            return why;
        }

        @Override
        public String toString() {
            return beds.stream().map(bed -> bed.half + " of " + bed.cell).toList().toString();
        }
    }

    Dormitory(Schedule schedule, Chronicle chronicle) {
        this.schedule = schedule;
        this.chronicle = chronicle;
    }

    /** The running actor is about to sleep. */
    Nap enter() {
        Nap nap = new Nap(schedule.self());
        naps.add(nap);
        return nap;
    }

    /**
     * Waits until the condition holds; CHANGED when it does.
     *
     * @param soon whether it is about to hold, unless a broker has died
     */
    Sleep await(BooleanSupplier condition, boolean soon, boolean interruptible) {
        Nap nap = enter();
        nap.soon = soon;
        nap.timed = true;
        nap.interruptible = interruptible;
        schedule.await(() -> nap.late || nap.interrupted || condition.getAsBoolean());
        Sleep early = nap.interrupted ? Sleep.INTERRUPTED : Sleep.TIMED_OUT;
        return nap.leave(condition.getAsBoolean() ? Sleep.CHANGED : early);
    }

    /** Wakes so many who sleep there, any of them. */
    int wake(RealmCell cell, Half half, int count) {
        List<Bed> there = sleepers(cell, half);
        int woken = 0;
        while (woken < count && !there.isEmpty()) {
            there.remove(schedule.random.nextInt(there.size())).woken = true;
            woken++;
        }
        return woken;
    }

    /** Whether a wake there would find somebody. */
    boolean hasSleepers(RealmCell cell, Half half) {
        return !sleepers(cell, half).isEmpty();
    }

    private List<Bed> sleepers(RealmCell cell, Half half) {
        List<Bed> there = new ArrayList<>();
        for (Nap nap : naps) {
            for (Bed bed : nap.beds) {
                if (!bed.woken && bed.half == half && bed.cell.equals(cell)) {
                    there.add(bed);
                }
            }
        }
        return there;
    }

    /** Those who are killed sleep no more. */
    void bury() {
        naps.removeIf(nap -> nap.actor.isDead());
    }

    /** Those who are asleep. */
    List<Nap> naps() {
        return naps;
    }

    /** The deadline of all of these that have one passes; whether there was any. */
    boolean timeOut(Predicate<Nap> which) {
        boolean any = false;
        for (Nap nap : naps) {
            boolean passes = nap.timed && !nap.late && which.test(nap);
            any |= passes;
            nap.late |= passes;
        }
        return any;
    }

    /** The deadline of one of them passes, if there is any. */
    void timeOutOne() {
        List<Nap> timed = naps.stream().filter(nap -> nap.timed && !nap.late).toList();
        if (!timed.isEmpty()) {
            timed.get(schedule.random.nextInt(timed.size())).late = true;
        }
    }

    /** One of them is interrupted, if there is any that may be. */
    void interruptOne() {
        List<Nap> open = naps.stream().filter(nap -> nap.interruptible && !nap.interrupted).toList();
        if (!open.isEmpty()) {
            open.get(schedule.random.nextInt(open.size())).interrupted = true;
            chronicle.interrupts++;
        }
    }

    /** Somebody wakes though nobody has woken it. */
    void wakeSpuriously() {
        List<Bed> beds = naps.stream().flatMap(nap -> nap.beds.stream()).filter(bed -> !bed.woken).toList();
        if (!beds.isEmpty()) {
            beds.get(schedule.random.nextInt(beds.size())).woken = true;
        }
    }
}
