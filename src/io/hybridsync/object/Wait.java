package io.hybridsync.object;

import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;

/**
 * One wait of one thread for one object: look, say that you wait, sleep, look again.
 *
 * <p>In this order, because:
 *
 * <ul>
 *   <li>The kernel compares the data half when the thread falls asleep, and the thread expects a value with WAITERS set. So
 *       either a signal came before, then the value differs and it does not sleep; or the signaler finds WAITERS and wakes.
 *   <li>It enters the slow path of the slot <em>before</em> it looks whether that is still the slot. Whoever moves the word
 *       sets the new slot first and looks for the slow path afterwards. One of the two sees the other, so the old place is
 *       never reused under a sleeper.
 *   <li>After the kernel returned it looks once more before it reports a time-out or an interrupt: the signal may have come
 *       at the same moment, and the signaler has counted this thread as woken. Granted or interrupted, never both.
 *   <li>A thread that was woken at any time and leaves with nothing passes the wake on: it may have been meant for the next.
 *       An interrupt counts as a wake: the kernel reports one of the words that a thread slept on, and when both were woken
 *       it may report the one that stands for the interrupt.
 * </ul>
 */
final class Wait {

    private final Want want;
    private final Portion portion;
    private final Patience patience;

    private Sleep latest = Sleep.CHANGED;
    private boolean woken;
    private boolean stood;

    Wait(Want want, Patience patience) {
        this.want = want;
        this.portion = want.portion();
        this.patience = patience;
    }

    /** Waits until the rule was applied, the wait is ended by the object's state, or the deadline has passed. */
    Ending run() throws InterruptedException {
        boolean taken = false;
        try {
            taken = spin() || sleepUntilTaken();
            return taken ? want.ending() : want.isHopeless() ? Ending.ENDED : Ending.TIMED_OUT;
        } finally {
            if (!taken && woken) {
                portion.passOn();
            }
        }
    }

    private boolean spin() {
        Spinning spinning = portion.spinning();
        int budget = spinning.budget();
        for (int i = 0; i < budget && !want.isHopeless(); i++) {
            Thread.onSpinWait();
            if (want.take()) {
                spinning.paid(i);
                return true;
            }
        }
        spinning.wasted();
        return false;
    }

    private boolean sleepUntilTaken() throws InterruptedException {
        while (!want.take()) {
            if (want.isUnsettled() && settle()) {
                continue;
            }
            if (latest == Sleep.TIMED_OUT || want.isHopeless()) {
                return false;
            }
            if (latest == Sleep.INTERRUPTED) {
                Thread.interrupted();
                throw new InterruptedException("while waiting for " + portion.title());
            }
            latest = sleep();
            woken |= latest == Sleep.WOKEN || latest == Sleep.INTERRUPTED;
        }
        return true;
    }

    /** Waits for a claim to end. Whether to look again: not when it still stood after the time was up, or an interrupt came. */
    private boolean settle() {
        Sleep settled = want.settle(patience);
        if (settled == Sleep.CHANGED || settled == Sleep.WOKEN) {
            return true;
        }
        latest = settled;
        stood = !stood;
        return stood;
    }

    private Sleep sleep() {
        Slot here = want.enterSlowPath();
        try {
            return portion.isAt(here) ? sleepAt(here) : Sleep.CHANGED;
        } finally {
            here.leaveSlowPath();
        }
    }

    private Sleep sleepAt(Slot here) {
        long word = here.load();
        if (!portion.isOperable(here, word)) {
            return portion.settle(here, patience);
        }
        int data = Word.data(word);
        return want.announce(here, word)
                ? here.cell().await(Half.DATA, data | Word.WAITERS, patience)
                : Sleep.CHANGED;
    }
}
