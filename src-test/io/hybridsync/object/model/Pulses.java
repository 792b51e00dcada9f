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

    /** What a look found. */
    private record Sight(Mark mark, boolean locked) {}

    /** A wait of an actor for this event. */
    static final class Vigil {
        private @Nullable Mark first;
        private final List<Sight> sights = new ArrayList<>();
        private @Nullable Mark since;
        private int names = 1;
        private boolean signaled;
        private boolean took;

        /** It is in the list of the wait once more. */
        void namedAgain() {
            names++;
        }

        private @Nullable Mark last() {
            return sights.isEmpty() ? null : sights.getLast().mark();
        }

        /**
         * The last looks, as many as may pass wakes on, and one more; null where there were not so many or one found the word
         * locked.
         */
        private @Nullable List<Sight> lastLooks() {
            List<Sight> looks = sights.subList(Math.max(0, sights.size() - names - 1), sights.size());
            return looks.size() <= names || looks.stream().anyMatch(Sight::locked) ? null : looks;
        }
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
        Mark now = now();
        vigil.sights.add(new Sight(now, look.isLocked()));
        if (look.operable()) {
            vigil.first = vigil.first == null ? now : vigil.first;
            vigil.signaled = (look.value() & SIGNALED) != 0;
        }
    }

    @Override
    void sleeps(Actor me) {
        Vigil vigil = vigil(me);
        if (vigil.since == null) {
            vigil.since = vigil.last();
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

    /**
     * By what the last looks found: the very last may be one that passes a wake on, and does so once for each time the event is in
     * the list of the wait. With the word locked, time counts.
     */
    @Override
    @Nullable String left(Actor me) {
        Vigil vigil = vigil(me);
        Mark since = vigil.since;
        List<Sight> looks = vigil.lastLooks();
        if (since == null || looks == null) {
            return null;
        }
        return missed(since, looks.getFirst().mark()) == null ? null : missed(since, looks.getLast().mark());
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
