package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;

/**
 * One compare-and-set of the broker on one word, of which others may write to at the same time.
 *
 * <pre>
 *   step                 the rule permits               the rule refuses
 *   ------------------   ----------------------------   -----------------
 *   lookOrSubscribe      -                              sets WAKE_BROKER
 *   lockOrSubscribe      sets LOCKED                    sets WAKE_BROKER
 *   lock                 sets LOCKED                    -
 *   apply                value := next, wakes           -
 * </pre>
 *
 * Whether the rule permits it, and that the subscription is in the word if it does not, is decided by the one
 * compare-and-set: a signal comes before it, and is seen, or comes after it, and the broker is told. All else in the word
 * is kept: WAITERS, for clients asleep there rely on it, and WAKE_BROKER, for other waits do.
 *
 * <p>Who writes to the word without a pause must not keep the broker's thread: after so many attempts it is BUSY, and
 * nothing is changed.
 */
public final class Step {

    /** What became of it. */
    public enum Result {
        /** The rule permitted it. */
        DONE,
        /** The rule refused. */
        REFUSED,
        /** Others write to the word without a pause: nothing is changed. */
        BUSY,
        /** The client cannot be told now: nothing is changed. */
        UNTOLD,
        /** The word is not the library's, or is marked, or makes a claim: the broker makes none that outlast its work. */
        CORRUPTED
    }

    /** How often the broker may lose against others, in one piece of work. */
    static final class Patience {

        private static final int ATTEMPTS = 1 << 12;

        private int left = ATTEMPTS;

        /** It has lost once more: whether that is enough. */
        boolean isOver() {
            return --left < 0;
        }
    }

    private static final int UNSOUND = Word.LOCKED | Word.MOVED | Word.CORRUPTED;

    private final Slot slot;
    private final Rule rule;
    private final int argument;
    private final int maximum;
    private final Patience patience;
    private long found;
    private long written;

    /**
     * A step that has not been made.
     *
     * @param slot where the word is
     * @param rule what it is about
     * @param argument of the rule
     * @param maximum the object's largest value
     */
    public Step(Slot slot, Rule rule, int argument, int maximum) {
        this(slot, rule, argument, maximum, new Patience());
    }

    /** @param patience for all the steps of which this is one */
    Step(Slot slot, Rule rule, int argument, int maximum, Patience patience) {
        this.slot = slot;
        this.rule = rule;
        this.argument = argument;
        this.maximum = maximum;
        this.patience = patience;
    }

    /** The value that was found last. */
    public int value() {
        return Word.data(found) & Word.VALUE;
    }

    /** Changes nothing if the rule permits it; otherwise lets the broker be told when the word is signaled. */
    public Result lookOrSubscribe() {
        return run(false, 0, Word.WAKE_BROKER);
    }

    /** Locks the word if the rule permits it, and leaves its data alone; otherwise as {@link #lookOrSubscribe}. */
    public Result lockOrSubscribe() {
        return run(false, Word.LOCKED, Word.WAKE_BROKER);
    }

    /** Locks the word if the rule permits it, and leaves its data alone. */
    Result lock() {
        return run(false, Word.LOCKED, 0);
    }

    /** Applies the rule, and wakes the clients that the signal is for, if it is one. */
    public Result apply() {
        Result result = run(true, 0, 0);
        if (result == Result.DONE && rule.signals() && (Word.data(found) & Word.WAITERS) != 0) {
            slot.cell().wake(Half.DATA, rule.wakes(argument, maximum));
        }
        return result;
    }

    /** After {@link #lockOrSubscribe}: unlocks the word, as it was. False if something has overwritten the lock. */
    boolean unlock() {
        return unlock(Word.data(found));
    }

    /** After {@link #lockOrSubscribe}: applies the rule and unlocks. False if something has overwritten the lock. */
    boolean commit() {
        return unlock(taken());
    }

    /** After {@link #lockOrSubscribe}: gives it this value and unlocks. False if something has overwritten the lock. */
    boolean commit(int value) {
        return unlock(value | (Word.data(found) & Word.WAITERS));
    }

    /** After {@link #lockOrSubscribe}: what {@link #commit} will do. */
    Journal.Change change() {
        return new Journal.Change(slot.location(), written, slot.pack(taken(), Word.flags(found)));
    }

    private int taken() {
        return rule.next(value(), argument, maximum) | (Word.data(found) & Word.WAITERS);
    }

    private boolean unlock(int data) {
        boolean unlocked = slot.cell().compareAndSet(written, slot.pack(data, Word.flags(found)));
        slot.cell().wake(Half.FLAGS, Cell.ALL);
        return unlocked;
    }

    private Result run(boolean writes, int ifPermitted, int ifRefused) {
        for (;;) {
            found = slot.load();
            if (!isSound(slot, found)) {
                return Result.CORRUPTED;
            }
            int next = rule.next(value(), argument, maximum);
            boolean refused = next == Rule.REFUSED;
            int data = refused || !writes ? Word.data(found) : next | (Word.data(found) & Word.WAITERS);
            if (swap(data, Word.flags(found) | (refused ? ifRefused : ifPermitted), writes && !refused)) {
                return refused ? Result.REFUSED : Result.DONE;
            }
            if (patience.isOver()) {
                return Result.BUSY;
            }
        }
    }

    /** A signal writes even the word that is there: what the client did before it has to be seen by who sees the signal. */
    private boolean swap(int data, int flags, boolean applies) {
        written = slot.pack(data, flags);
        return (written == found && !(applies && rule.signals())) || slot.cell().compareAndSet(found, written);
    }

    /** Nobody waits at the broker for the word any more. A signal that finds the flag nevertheless does no harm. */
    public static void unsubscribe(Slot slot) {
        Patience patience = new Patience();
        long word = slot.load();
        while (isSubscribed(slot, word)
                && !slot.replace(word, Word.data(word), Word.flags(word) & ~Word.WAKE_BROKER)
                && !patience.isOver()) {
            word = slot.load();
        }
    }

    private static boolean isSubscribed(Slot slot, long word) {
        return isSound(slot, word) && (Word.flags(word) & Word.WAKE_BROKER) != 0;
    }

    /** Whether the word is valid here, not marked, and makes no claim. */
    static boolean isSound(Slot slot, long word) {
        return slot.isValid(word) && (Word.flags(word) & UNSOUND) == 0;
    }
}
