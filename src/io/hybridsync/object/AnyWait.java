package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Slot;
import io.hybridsync.slab.Watch;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread for any of several objects, in this process: the same steps as {@link Wait}, with one sleep on
 * all the words.
 *
 * <ul>
 *   <li>The objects are looked at in the order of the list, the alert after them; the first that is there is taken, by the
 *       compare-and-set of its own rule, and nothing else is touched.
 *   <li>The thread sleeps when each word, in turn, said that it waits there and was not to be had; the kernel compares them
 *       all, so a word that changes while the others are looked at turns it back.
 *   <li>The kernel names one of the words that were woken. Others may have been woken too, and their wakes spent on this
 *       thread. So when it leaves after it has slept, then, after the sleep, it looks at every word that it does not
 *       take: one that could be had, where somebody waits, gets one more wake.
 *   <li>A claim of the broker on one word is waited for alone, off the slow path of the others: claims are short. What
 *       comes behind it in the list is not looked at before; a word that has moved may well be there.
 * </ul>
 */
final class AnyWait {

    private final List<Want> wants;
    private final List<Want> everything;

    /** One of them for each word: the same word twice is one futex. */
    private final List<Want> words;

    private final Patience patience;
    private final boolean once;

    private Sleep latest = Sleep.CHANGED;
    private boolean slept;
    private @Nullable Want taken;
    private @Nullable Want claimed;
    private boolean stood;

    /**
     * @param alert ends the wait, unless one of the others is there
     * @param once whether everything is tried once, and nothing waited for but claims
     */
    AnyWait(List<Want> wants, @Nullable Want alert, Patience patience, boolean once) {
        this.wants = wants;
        this.patience = patience;
        this.once = once;
        this.everything = new ArrayList<>(wants);
        if (alert != null) {
            everything.add(alert);
        }
        Set<Long> objects = new HashSet<>();
        this.words = everything.stream().filter(want -> objects.add(want.object())).toList();
    }

    Result run() throws InterruptedException {
        try {
            while (!look()) {
                if (claimed != null && settle(claimed)) {
                    continue;
                }
                if (latest == Sleep.INTERRUPTED || Thread.currentThread().isInterrupted()) {
                    Thread.interrupted();
                    throw new InterruptedException("while waiting for any of " + wants.size() + " objects");
                }
                if (once || latest == Sleep.TIMED_OUT) {
                    return Result.TIMED_OUT;
                }
                everything.forEach(Want::checkOpen);
                latest = sleep();
                slept |= latest == Sleep.WOKEN || latest == Sleep.INTERRUPTED || latest == Sleep.TIMED_OUT;
            }
            return result();
        } finally {
            if (slept) {
                passOn();
            }
        }
    }

    /** Takes the first that is there. What is claimed is settled first, and everything looked at again. */
    private boolean look() {
        claimed = null;
        for (Want want : everything) {
            if (want.take()) {
                taken = want;
                return true;
            }
            if (want.isUnsettled()) {
                claimed = want;
                return false;
            }
        }
        return false;
    }

    /**
     * Waits for a claim to end; who tries once does that too. A wake that was spent on this thread is passed on before.
     *
     * @return whether to look again: not when the claim still stood after the time was up, or an interrupt came
     */
    private boolean settle(Want want) {
        if (slept) {
            passOn();
            slept = false;
        }
        Sleep settled = want.settle(once ? want.portion().patience(Cell.FOREVER, false, patience.blocker()) : patience);
        if (settled == Sleep.CHANGED || settled == Sleep.WOKEN) {
            return true;
        }
        latest = settled;
        stood = !stood;
        return stood;
    }

    /** An object that is in the list twice is the first, and one that is also the alert is an object. */
    private Result result() {
        Want got = Objects.requireNonNull(taken);
        int index = got.indexIn(wants);
        return index < 0 ? new Result(Ending.ALERTED, -1) : new Result(got.ending(), index);
    }

    private void passOn() {
        for (Want want : everything) {
            if (want != taken) {
                want.portion().passOn(want);
            }
        }
    }

    private Sleep sleep() {
        List<Slot> entered = new ArrayList<>(words.size());
        List<Watch> watches = new ArrayList<>(words.size());
        Want busy = null;
        try {
            for (Want want : words) {
                Slot here = want.enterSlowPath();
                entered.add(here);
                long word = here.load();
                if (!want.portion().isOperable(here, word)) {
                    busy = want;
                    break;
                }
                if (!want.portion().isAt(here) || !want.announce(here, word)) {
                    return Sleep.CHANGED;
                }
                watches.add(new Watch(here.cell(), Half.DATA, Word.data(word) | Word.WAITERS));
            }
            if (busy == null) {
                return watches.getFirst().cell().awaitAny(watches, patience);
            }
        } finally {
            entered.forEach(Slot::leaveSlowPath);
        }
        return busy.settle(patience);
    }
}
