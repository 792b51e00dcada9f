package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wait of one thread for any or for all of several objects. Chooses the way: any-of-many in this process, as long as the
 * words are in shared memory and as few as a thread can sleep on at once; everything else at the broker.
 *
 * <p>A mutex that the calling thread owns is there already, whatever its word says, and taking it touches no shared memory:
 * it is left out of what the broker is asked for. Owned as often as is possible, it is not there.
 *
 * <p>The thread is registered with each handle, so that closing one ends the wait.
 */
public final class MultiWait {

    private final List<Want> wants;
    private final @Nullable Want alert;
    private final Patience patience;
    private final boolean sleepsOnMany;

    /** Whether there is no time to wait; that it has passed while something was looked at is no such thing. */
    private final boolean once;

    /**
     * Looks whether all words verify: whatever is wrong with an object of the list, nothing is taken then.
     *
     * @param handles the objects
     * @param alert an event that ends the wait, or null
     * @param deadlineNanos until when to wait, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
     * @param blocker what a parked thread is shown to wait for
     * @param sleepsOnMany whether a thread can sleep on several words here
     */
    public MultiWait(
            List<Handle> handles, @Nullable Handle alert, long deadlineNanos, Object blocker, boolean sleepsOnMany) {
        this.wants = handles.stream().map(Want::of).toList();
        this.alert = alert == null ? null : Want.of(alert);
        this.patience = everything().getFirst().portion().patience(deadlineNanos, true, blocker);
        this.once = patience.isOver();
        everything().forEach(want -> want.portion().verify(patience));
        this.sleepsOnMany = sleepsOnMany;
    }

    /** Takes the first in the list that is there, as soon as one is. */
    public Result any() throws InterruptedException {
        checkHeadroom();
        Handle.Stay stay = new Handle.Stay();
        try {
            enter(stay);
            return isForThisProcess() ? new AnyWait(wants, alert, patience, once).run() : anyAtBroker();
        } finally {
            stay.over = true;
            leave(stay);
        }
    }

    /**
     * Takes all at once, as soon as all are there.
     *
     * @throws IllegalArgumentException when an object is in the list twice
     */
    public Result all() throws InterruptedException {
        requireDistinct();
        if (wants.isEmpty()) {
            return any();
        }
        checkHeadroom();
        Handle.Stay stay = new Handle.Stay();
        try {
            enter(stay);
            return allAtBroker();
        } finally {
            stay.over = true;
            leave(stay);
        }
    }

    private void checkHeadroom() {
        everything().getFirst().portion().checkHeadroom();
    }

    private List<Want> everything() {
        List<Want> everything = new ArrayList<>(wants);
        if (alert != null) {
            everything.add(alert);
        }
        return everything;
    }

    private void enter(Handle.Stay stay) {
        everything().forEach(want -> want.handle().enter(stay));
    }

    private void leave(Handle.Stay stay) {
        everything().forEach(want -> want.handle().leave(stay));
    }

    private boolean isForThisProcess() {
        Set<Long> words = new HashSet<>();
        for (Want want : everything()) {
            if (want.portion().isAtBroker()) {
                return false;
            }
            words.add(want.object());
        }
        return words.size() == 1 || (sleepsOnMany && words.size() <= Cell.MOST_WATCHES);
    }

    private void requireDistinct() {
        Set<Long> words = new HashSet<>();
        for (Want want : wants) {
            if (!words.add(want.object())) {
                throw new IllegalArgumentException("a wait for all of several objects that names "
                        + want.portion().title() + " twice: it cannot be taken twice at once");
            }
        }
    }

    /** What comes before the first mutex that is this thread's is tried; or else that is taken. */
    private Result anyAtBroker() throws InterruptedException {
        int mine = 0;
        while (mine < wants.size() && !isMineOnceMore(wants.get(mine))) {
            mine++;
        }
        boolean certain = mine < wants.size();
        List<Want> asked = wants.subList(0, mine).stream().filter(want -> !want.isMine()).toList();
        if (!asked.isEmpty() || !certain) {
            begin(asked);
            Patience how = certain ? atOnce() : patience;
            Authority.Grant grant = authority().await(false, asked, certain ? null : alert, how);
            if (grant.ending() == Ending.TAKEN) {
                Want got = asked.get(grant.index());
                got.taken(!grant.abandoned().isEmpty());
                return new Result(got.ending(), got.indexIn(wants));
            }
            if (!certain) {
                return notTaken(grant.ending());
            }
        }
        boolean _ = wants.get(mine).take();
        return new Result(Ending.TAKEN, mine);
    }

    /** An alert that is also one of the objects came first as that. */
    private Result notTaken(Ending ending) {
        int index = alert == null || ending != Ending.ALERTED ? -1 : alert.indexIn(wants);
        return new Result(index < 0 ? ending : Ending.TAKEN, index);
    }

    /** What is certain to be there in the end is not waited for, and no interrupt comes before it. */
    private Patience atOnce() {
        return new Patience(System.nanoTime(), false, patience.parked(), patience.blocker());
    }

    /** Of a wait for several at once a pulse only counts while the broker looks: it is not told since when they are wanted. */
    private void begin(List<Want> since) {
        since.forEach(want -> want.begin(patience));
        if (alert != null) {
            alert.begin(patience);
        }
    }

    private static boolean isMineOnceMore(Want want) {
        return want.isMine() && want.handle().portion().nature().mayBeTakenAgain();
    }

    private Result allAtBroker() throws InterruptedException {
        List<Want> mine = wants.stream().filter(Want::isMine).toList();
        List<Want> asked = wants.stream().filter(want -> !want.isMine()).toList();
        for (Want want : mine) {
            if (!isMineOnceMore(want)) {
                asked = List.of(want);
            }
        }
        if (!asked.isEmpty()) {
            begin(asked.size() == 1 ? asked : List.of());
            Authority.Grant grant = authority().await(true, asked, alert, patience);
            if (grant.ending() != Ending.TAKEN) {
                return new Result(grant.ending(), -1);
            }
            for (int i = 0; i < asked.size(); i++) {
                asked.get(i).taken(grant.abandoned().contains(i));
            }
        }
        mine.forEach(Want::take);
        return taken();
    }

    private Result taken() {
        for (int i = 0; i < wants.size(); i++) {
            if (wants.get(i).ending() == Ending.ADOPTED) {
                return new Result(Ending.ADOPTED, i);
            }
        }
        return new Result(Ending.TAKEN, 0);
    }

    private Authority authority() {
        return everything().getFirst().portion().authority();
    }
}
