package io.hybridsync.object.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event. Who waits at a pulse of a manual-reset event, or when it is set, passes. Those who passed an auto-reset event by
 * pulses can be matched with distinct pulses that found them waiting, and if anybody still waits that the last pulse found
 * waiting, somebody has taken it.
 *
 * <p>When a wait began is known within a few loads: for what it must not miss it began when it was about to sleep, for what
 * it must not get with its first look.
 */
final class Pulses extends Ghost {

    private static final int SIGNALED = 1;
    private static final int TOKEN = 2;

    private int pulses;
    private int signals;
    private int taken;
    private boolean wasted;
    private final List<Integer> arrivals = new ArrayList<>();

    /** How far things had come. */
    private record Mark(int pulses, int signals, int taken) {}

    /** A wait of an actor for this event. */
    static final class Vigil {
        private @Nullable Mark first;
        private @Nullable Mark previous;
        private @Nullable Mark last;
        private @Nullable Mark since;
        private boolean wasLocked;
        private boolean locked;
        private boolean signaled;
        private boolean took;
    }

    Pulses(Thing thing) {
        super(thing);
    }

    @Override
    boolean isThere(Actor me, int value) {
        return (value & SIGNALED) != 0;
    }

    @Override
    void looked(Actor me, Look look) {
        Vigil vigil = vigil(me);
        vigil.previous = vigil.last;
        vigil.last = now();
        vigil.wasLocked = vigil.locked;
        vigil.locked = look.isLocked();
        if (look.operable()) {
            vigil.first = vigil.first == null ? vigil.last : vigil.first;
            vigil.signaled = (look.value() & SIGNALED) != 0;
        }
    }

    @Override
    void sleeps(Actor me) {
        Vigil vigil = vigil(me);
        if (vigil.since == null) {
            vigil.since = vigil.last;
        }
    }

    @Override
    void changed(Actor me, int before, int after) {
        switch (me.footprint.intent()) {
            case PULSE -> pulsed(me);
            case SET -> signals += (after & ~before & SIGNALED) != 0 ? 1 : 0;
            case TAKE -> {
                if ((before & ~after & TOKEN) != 0) {
                    take(me);
                } else {
                    wasted |= (before & TOKEN) != 0 && missed(me) != null;
                }
                vigil(me).took = true;
            }
            case OTHER -> {}
        }
    }

    private void pulsed(Actor me) {
        if (me.footprint.changes(thing) == 1) {
            pulses++;
            signals++;
            taken = 0;
        }
    }

    private void take(Actor me) {
        Mark first = vigil(me).first;
        arrivals.add(first == null ? pulses : first.pulses);
        taken++;
    }

    @Override
    @Nullable String missed(Actor me) {
        Vigil vigil = vigil(me);
        Mark since = vigil.since;
        return since == null ? null : missed(since, now());
    }

    private @Nullable String missed(Mark since, Mark until) {
        if (thing.sort == Sort.MANUAL) {
            return until.signals > since.signals ? "waiting although it was let go" : null;
        }
        return until.pulses > since.pulses && until.taken == 0 ? "nobody has taken the last pulse" : null;
    }

    /** By what the last two looks found: the very last may be one that passes a wake on. With the word locked, time counts. */
    @Override
    @Nullable String left(Actor me) {
        Vigil vigil = vigil(me);
        Mark since = vigil.since;
        Mark previous = vigil.previous;
        Mark last = vigil.last;
        if (since == null || previous == null || last == null || vigil.locked || vigil.wasLocked) {
            return null;
        }
        return missed(since, previous) == null ? null : missed(since, last);
    }

    @Override
    @Nullable String passed(Actor me) {
        Vigil vigil = vigil(me);
        Mark first = vigil.first;
        if (thing.sort == Sort.MANUAL) {
            boolean due = first != null && signals > first.signals;
            return vigil.signaled || due ? null : "a later arrival passed";
        }
        if (!vigil.took) {
            take(me);
        }
        return wasted ? "the signal was taken where the pulse would have done" : hall();
    }

    /** Of those who came after a pulse, no more have passed than there were pulses after it. */
    private @Nullable String hall() {
        for (int pulse = 0; pulse <= pulses; pulse++) {
            int after = pulse;
            if (arrivals.stream().filter(arrival -> arrival >= after).count() > pulses - after) {
                return "more passed than pulses found waiting";
            }
        }
        return null;
    }

    private Vigil vigil(Actor me) {
        return me.footprint.vigil(thing);
    }

    private Mark now() {
        return new Mark(pulses, signals, taken);
    }
}
