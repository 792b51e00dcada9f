package io.hybridsync.object;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.SyncException;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The private portion of an object in one client: what must not be corruptible, where the word is now, and the one loop
 * that applies a rule to the word.
 *
 * <h2>An operation</h2>
 *
 * Read the word where {@link #slot} says; verify; apply the rule; compare-and-set. An uncontended operation is that and
 * nothing else; and if it is what the operation before it was, only the compare-and-set ({@link StepCache}). A rule that refuses
 * leaves no trace. A compare-and-set that fails starts again: it changed nothing. WAITERS
 * takes no part in values, and WAKE_BROKER is kept by every operation.
 *
 * <p>Of a leased semaphore the client says just before the compare-and-set that an operation is under way, and just after it what
 * it holds: {@link Lease}.
 *
 * <p>What the first look can find, and who may have written it:
 *
 * <pre>
 *  word          | written by       | what an operation does
 *  --------------+------------------+--------------------------------------------------------------------------
 *  plain         | clients, broker  | applies its rule
 *  WAKE_BROKER   | broker           | applies its rule, keeps the flag
 *  LOCKED        | broker           | spins, sleeps on the flags half; after claimTimeout asks the broker
 *  MOVED         | broker           | follows the word to its new slot and starts again there
 *  CORRUPTED     | any client       | latches, throws CorruptedObjectException
 *  not valid, or | nobody           | looks whether the word has moved meanwhile; looks again; marks it CORRUPTED
 *  no such value |                  |
 * </pre>
 *
 * LOCKED and MOVED are claims. The broker is asked for a lock that lasts and for the target of a move; what it does not
 * confirm is corruption of this object. Who has a deadline does not wait beyond it for the answer, nor who was interrupted
 * and may be.
 *
 * <h2>Who wakes whom</h2>
 *
 * A waiter sets WAITERS before it sleeps ({@link Wait}). A release that finds WAITERS keeps it and wakes; takers leave it
 * alone. So the bit stays after the last waiter has gone, and a release wakes nobody in vain: once. The next release of
 * this process clears the bit <em>in its own compare-and-set</em>, and then must wake all, because a waiter may have come
 * to rely on the bit between the two. Clearing it afterwards would lose wake-ups: by then the word may have been taken,
 * waited on and released again to the same value. {@link #idleWake} remembers that; it is a hint, and any value of it is
 * correct.
 *
 * <p>Who has to wake looks before the compare-and-set whether there is the stack for that, and so does who will wait.
 *
 * <p>A release wakes as many as it brings permits only where nobody may wait for more than one; else it wakes all, since a
 * wake-up that reaches a waiter for two is lost to the waiter for one. After a successful release the word is not touched
 * again: whoever took the permit may have closed the object. The wake may then go to whoever sleeps there now, for whom it
 * is a spurious one.
 *
 * <h2>Ends</h2>
 *
 * {@link #slot} becomes null when the object is closed here or found corrupted, so that the fast path needs no look of its
 * own for it; {@link #end} says why. The latch is private, since the shared mark may be overwritten by whoever corrupted
 * the word.
 */
public final class Portion {

    /** What {@link #applyNow} returns when the word has to be settled first. */
    static final long UNSETTLED = Long.MIN_VALUE;

    private static final long LONGEST_CLAIM_NANOS = Long.MAX_VALUE / 4;
    private static final int BLOCKING = Word.LOCKED | Word.MOVED | Word.CORRUPTED;

    private final long id;
    private final String title;
    private final Nature nature;

    /** What this client holds, if that comes back when it ends. */
    private final @Nullable Lease lease;

    private final boolean parked;
    private final Authority authority;
    private final Spinning spinning;

    /**
     * Where the word is; null after {@link #end} was set, and where the word is the broker's own. Any thread changes it, under
     * the monitor, from what it saw.
     */
    private volatile @Nullable Slot slot;

    /**
     * Where the word is, or was when it ended. Only to wake those who sleep there; so it is written before {@link #slot},
     * under the monitor: whoever sleeps at a slot is woken there, and a thread that is late with an earlier move does not
     * put it back.
     */
    private volatile @Nullable Slot place;

    /** Why there is no slot; set before the slot becomes null. */
    private volatile @Nullable Supplier<? extends SyncException> end;

    /** The step that the rules that take, and those that signal, took last; of words without WAITERS and flags only. */
    private final StepCache takes = new StepCache();

    private final StepCache signals = new StepCache();

    /**
     * Another number whenever an operation was done in memory and its thread had no stack or heap left to tell others. Whoever
     * fails with an {@link Error} and finds the same number as before has done nothing.
     */
    volatile int unsure;

    /** The latest wake of this process found nobody. Read and written without order: a hint. */
    private boolean idleWake;

    /**
     * @param id the object's id in its domain
     * @param title kind and name, for messages
     * @param nature what it is
     * @param slot where the word is; null where it is the broker's own
     * @param authority the broker
     * @param spinning how long a waiter spins before it sleeps
     * @param parked whether threads park while others sleep for them
     */
    public Portion(
            long id,
            String title,
            Nature nature,
            @Nullable Slot slot,
            Authority authority,
            Spinning spinning,
            boolean parked) {
        this.id = id;
        this.title = title;
        this.nature = nature;
        this.lease = nature.lease();
        this.slot = slot;
        this.place = slot;
        this.authority = authority;
        this.spinning = spinning;
        this.parked = parked;
    }

    /** The object's id in its domain. */
    public long id() {
        return id;
    }

    /** Kind and name. */
    public String title() {
        return title;
    }

    /** What it is. */
    public Nature nature() {
        return nature;
    }

    /** The largest value. */
    public int maximum() {
        return nature.maximum();
    }

    /** Whether the word is the broker's own: operations are messages, and so are waits. */
    public boolean isAtBroker() {
        return slot == null && end == null;
    }

    /**
     * Applies a rule once; never waits for a signal.
     *
     * @return the value that the rule was applied to; if it refused, that value's complement, which is negative
     */
    public long apply(Rule rule, int argument) {
        for (;;) {
            Slot here = slot;
            if (here == null) {
                return applyElsewhere(rule, argument);
            }
            long result = once(here, rule, argument);
            if (result != UNSETTLED) {
                return result;
            }
            settle(here, patience(Cell.FOREVER, false, this));
        }
    }

    private long applyElsewhere(Rule rule, int argument) {
        if (!isAtBroker()) {
            throw ended();
        }
        return authority.operate(this, rule, argument);
    }

    /** The same if the word permits it just now; otherwise {@link #UNSETTLED}, without waiting. */
    long applyNow(Rule rule, int argument) {
        Slot here = slot;
        if (here == null) {
            if (!isAtBroker()) {
                throw ended();
            }
            return UNSETTLED;
        }
        return once(here, rule, argument);
    }

    /**
     * The present value. A claim is waited for, as by operations: a transaction that commits unlocks one word after the
     * other, and whoever saw one of them afterwards must not see another one as it was before.
     */
    public int value() {
        return (int) apply(Rule.LOOK, 0);
    }

    /** The present value; {@link Authority#NOT_SEEN} when the caller's time is up, or it is interrupted, before it is known. */
    long look(Patience patience) {
        for (Slot here = slot; here != null; here = slot) {
            long result = once(here, Rule.LOOK, 0);
            if (result != UNSETTLED) {
                return result;
            }
            if (isEnough(settle(here, patience))) {
                return Authority.NOT_SEEN;
            }
        }
        if (!isAtBroker()) {
            throw ended();
        }
        return authority.look(this, patience);
    }

    private static boolean isEnough(Sleep settled) {
        return settled == Sleep.TIMED_OUT || settled == Sleep.INTERRUPTED;
    }

    /**
     * Throws if the object cannot be used here any more, or its word does not verify; a claim to have locked it is not waited
     * for.
     *
     * @param patience how long the caller may wait where the word has moved
     */
    void verify(Patience patience) {
        for (Slot here = slot; here != null; here = slot) {
            long word = here.load();
            if ((isSound(here, word) && (Word.flags(word) & Word.MOVED) == 0) || isEnough(settle(here, patience))) {
                return;
            }
        }
        if (!isAtBroker()) {
            throw ended();
        }
    }

    /** Throws if it is known here that the object cannot be used any more; does not look at its word. */
    void checkNotEnded() {
        if (end != null) {
            throw ended();
        }
    }

    /**
     * Gives back what was taken for nobody. Does nothing where the object cannot be used here any more: the broker takes back what
     * the client has of it when it hears that.
     */
    public void giveBack(Rule rule, int argument) {
        if (!isEnded()) {
            long _ = apply(rule, argument);
        }
    }

    /** Whether the object cannot be used here any more. */
    public boolean isEnded() {
        return end != null;
    }

    /**
     * Throws if this client cannot release a permit, since it holds none that it would have to hold.
     *
     * @throws IllegalStateException if so
     */
    void checkHeld() {
        if (lease != null && !lease.isHeld()) {
            throw notHeld(1);
        }
    }

    /** The broker has taken permits for this client, or if negative has released them. */
    void granted(int permits) {
        if (lease != null) {
            lease.granted(permits);
        }
    }

    /** How a thread of this process sleeps for this object. */
    Patience patience(long deadlineNanos, boolean interruptible, @Nullable Object blocker) {
        return new Patience(deadlineNanos, interruptible, parked, blocker);
    }

    Authority authority() {
        return authority;
    }

    /**
     * Where the word is.
     *
     * @throws SyncException that says why the object cannot be used here any more
     */
    Slot slot() {
        Slot here = slot;
        if (here == null) {
            throw ended();
        }
        return here;
    }

    /** Whether the word is there, as far as this process knows. */
    boolean isAt(Slot here) {
        return slot == here;
    }

    Spinning spinning() {
        return spinning;
    }

    /** The word moved. Does nothing, and returns false, if the slot is not {@code from} any more. */
    public synchronized boolean relocate(Slot from, Slot to) {
        boolean there = slot == from;
        if (there) {
            place = to;
            slot = to;
        }
        return there;
    }

    /** Where the word is, or was when the portion ended; null where it is the broker's own. */
    public @Nullable Location location() {
        Slot last = place;
        return last == null ? null : last.location();
    }

    /** The present slot if it is at that location, otherwise null. */
    public @Nullable Slot slotAt(Location location) {
        Slot here = slot;
        return here != null && here.location().equals(location) ? here : null;
    }

    /** Ends the portion: operations throw what {@code why} gives. The first end stays. */
    public synchronized void end(Supplier<? extends SyncException> why) {
        if (end == null) {
            end = why;
        }
        slot = null;
    }

    /** Makes everybody who sleeps on the word look again. */
    public void wakeAll() {
        Slot last = place;
        if (last != null) {
            wakeAll(last);
        }
    }

    /** A waiter that was woken leaves without taking: the wake may have been meant for another. */
    void passOn() {
        Slot last = place;
        if (last != null) {
            last.cell().wake(Half.DATA, 1);
        }
    }

    /** The same where the thread leaves for another object: if this one could be had just as well. */
    void passOn(Want want) {
        Slot here = slot;
        if (here == null) {
            return;
        }
        long word = here.load();
        boolean calm = isOperable(here, word);
        if (!calm || ((Word.data(word) & Word.WAITERS) != 0 && want.wouldTake(Word.data(word) & Word.VALUE))) {
            here.cell().wake(Half.DATA, 1);
        }
    }

    /** Whether that is so, and the word is, or was in the end, at that location. */
    public boolean isOnSlowPathAt(Location location) {
        Slot last = place;
        return last != null && last.location().equals(location) && last.isOnSlowPath();
    }

    /** Whether a thread of this process sleeps on the word or is about to. */
    public boolean isOnSlowPath() {
        Slot last = place;
        return last != null && last.isOnSlowPath();
    }

    /**
     * Applies a rule unless the word has to be settled first: as {@link #apply}, or UNSETTLED. All of the fast path is in
     * this one method, for what is called in too many steps is not inlined.
     */
    private long once(Slot here, Rule rule, int argument) {
        Lease held = lease;
        StepCache steps = rule.signals() ? signals : takes;
        StepCache.Step step = steps.expected(here, rule, argument);
        if (step != null) {
            long word = step.word();
            long next = step.next();
            if (held == null) {
                if (here.cell().compareAndSet(word, next)) {
                    return Word.data(word);
                }
            } else if (held.replace(here.cell(), word, next, Word.data(word) - Word.data(next)) == Lease.Outcome.DONE) {
                return Word.data(word);
            }
            steps.missed();
        }
        return compute(here, rule, argument, steps);
    }

    private IllegalStateException notHeld(int permits) {
        return new IllegalStateException("release of %d permits of %s, which is leased: this process does not hold so many"
                .formatted(permits, title));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // another number than before is all that is wanted of it
    private long compute(Slot here, Rule rule, int argument, StepCache steps) {
        for (;;) {
            long word = here.load();
            int data = Word.data(word);
            int value = data & Word.VALUE;
            if (!(here.isPlain(word) ? nature.isLegal(value) : isOperable(here, word))) {
                return UNSETTLED;
            }
            int next = rule.next(value, argument, nature.maximum());
            if (next == Rule.REFUSED) {
                return refuse(rule, argument, value);
            }
            if (next == value && !rule.signals()) {
                return value;
            }
            boolean clear = rule.mayClearWaiters() && idleWake;
            int waiters = data & Word.WAITERS;
            boolean plain = (waiters | Word.flags(word)) == 0;
            boolean tells = rule.signals() && !plain;
            if (tells) {
                checkHeadroom(here, word);
            }
            long replacement = here.pack(clear ? next : next | waiters, Word.flags(word));
            Lease.Outcome outcome = replace(here, word, replacement, value - next);
            if (outcome == Lease.Outcome.DONE) {
                try {
                    if (tells) {
                        signal(here, rule.wakes(argument, nature.maximum()), word, clear);
                    } else if (plain) {
                        steps.learn(here, rule, argument, word, replacement);
                    }
                } catch (StackOverflowError | OutOfMemoryError e) {
                    // It is done, and who has taken something has to know it.
                    if (tells) {
                        unsure++;
                        throw e;
                    }
                }
                return value;
            }
            if (outcome == Lease.Outcome.NOT_HELD) {
                throw notHeld(argument);
            }
            if (outcome == Lease.Outcome.CLOSED) {
                return UNSETTLED;
            }
        }
    }

    /** What the word loses the client holds. */
    private Lease.Outcome replace(Slot here, long word, long next, int change) {
        if (lease == null || change == 0) {
            return here.cell().compareAndSet(word, next) ? Lease.Outcome.DONE : Lease.Outcome.RACED;
        }
        return lease.replace(here.cell(), word, next, change);
    }

    /**
     * Of what is leased there are never more than there were: what there is no room for nobody holds, or it was given back when the
     * object was closed here meanwhile.
     */
    private long refuse(Rule rule, int argument, int value) {
        if (lease != null && rule.signals()) {
            checkNotEnded();
            throw notHeld(argument);
        }
        return ~(long) value;
    }

    /**
     * Returns if the calling thread can do everything that belongs to a wait: who has taken something must not fail after that, and
     * who was woken in vain passes that on.
     *
     * @throws StackOverflowError if it may have no stack for that
     */
    void checkHeadroom() {
        Slot here = slot;
        if (here == null) {
            authority.checkHeadroom();
        } else {
            here.cell().checkHeadroom();
        }
    }

    /** Fails if {@link #signal} might, for want of stack. */
    private void checkHeadroom(Slot here, long word) {
        if ((Word.data(word) & Word.WAITERS) != 0) {
            here.cell().checkHeadroom();
        }
        if ((Word.flags(word) & Word.WAKE_BROKER) != 0) {
            authority.checkHeadroom();
        }
    }

    /** Wakes those who wait for what was just signaled: those asleep here, and through the broker those who wait there. */
    private void signal(Slot here, int count, long word, boolean cleared) {
        if ((Word.data(word) & Word.WAITERS) != 0) {
            int woken = here.cell().wake(Half.DATA, cleared ? Cell.ALL : count);
            idleWake = woken == 0 && !cleared;
        }
        if ((Word.flags(word) & Word.WAKE_BROKER) != 0) {
            authority.signaled(this);
        }
    }

    /** Whether a word is one that a rule may be applied to. */
    boolean isOperable(Slot here, long word) {
        return (Word.flags(word) & BLOCKING) == 0 && isSound(here, word);
    }

    /** Whether a word verifies, is not marked, and says what the library can have written: a tombstone has no value. */
    private boolean isSound(Slot here, long word) {
        int flags = Word.flags(word);
        return here.isValid(word)
                && (flags & Word.CORRUPTED) == 0
                && ((flags & Word.MOVED) != 0 || nature.isLegal(Word.data(word) & Word.VALUE));
    }

    /**
     * Deals with what keeps a rule from being applied, until it is worth looking again.
     *
     * @param patience how the broker may be waited for, besides claimTimeout
     */
    Sleep settle(Slot here, Patience patience) {
        long word = here.load();
        if (slot != here || isOperable(here, word)) {
            return Sleep.CHANGED;
        }
        if (!isSound(here, word)) {
            doubt(here);
            return Sleep.CHANGED;
        }
        if ((Word.flags(word) & Word.MOVED) != 0) {
            return heed(authority.follow(this, here, patience), here, word);
        }
        return awaitUnlock(here, word, patience);
    }

    private Sleep awaitUnlock(Slot here, long word, Patience patience) {
        for (int i = spinning.claimSpins(); i > 0; i--) {
            if (here.load() != word) {
                return Sleep.CHANGED;
            }
            Thread.onSpinWait();
        }
        long claimDeadline = System.nanoTime() + Math.min(authority.claimTimeoutNanos(), LONGEST_CLAIM_NANOS);
        long deadline = patience.deadlineNanos();
        long until = deadline == Cell.FOREVER || claimDeadline - deadline < 0 ? claimDeadline : deadline;
        Sleep reason = sleepLocked(here, word, patience.until(until));
        if (reason == Sleep.TIMED_OUT && until == claimDeadline) {
            return heed(authority.askLocked(this, here, patience), here, word);
        }
        return reason;
    }

    private Sleep sleepLocked(Slot here, long word, Patience patience) {
        here.enterSlowPath();
        try {
            return slot == here
                    ? here.cell().await(Half.FLAGS, Word.flagsHalf(word), patience)
                    : Sleep.CHANGED;
        } finally {
            here.leaveSlowPath();
        }
    }

    private Sleep heed(Authority.Verdict verdict, Slot here, long word) {
        boolean locked = (Word.flags(word) & Word.LOCKED) != 0;
        switch (verdict) {
            case CONFIRMED -> {
                if (locked) {
                    throw new BrokerUnavailableException(title + " is locked by a transaction of the broker that has not"
                            + " ended within claimTimeout; nothing was changed. The claim stands until the broker goes on.");
                }
            }
            case GONE -> {}
            case REFUTED -> {
                if (slot == here) {
                    condemn(here, word);
                }
            }
            case LATE -> {
                return Sleep.TIMED_OUT;
            }
            case INTERRUPTED -> {
                return Sleep.INTERRUPTED;
            }
        }
        return Sleep.CHANGED;
    }

    /** A word that does not verify: corruption, unless the word moved away before it was read, or verifies now. */
    private void doubt(Slot here) {
        if (slot != here) {
            return;
        }
        long word = here.load();
        if (!isSound(here, word) && slot == here) {
            condemn(here, word);
        }
    }

    private void condemn(Slot here, long word) {
        Corruption corruption = new Corruption(title, here, word);
        end(corruption);
        mark(here, word);
        wakeAll(here);
        authority.corrupted(this, here, word);
        corruption.setWriters(authority.writers(this));
        throw ended();
    }

    /**
     * Marks the word for the others, and clears WAITERS so that nobody falls asleep on it. Expects exactly what was seen,
     * and tries once: whatever is there instead may be another object's. This thread is not on the slow path, so the object
     * may have been closed and its place be in use again. The latch does not depend on the mark.
     */
    private static void mark(Slot here, long seen) {
        long marked = (seen | (long) Word.CORRUPTED << 32) & ~(Word.WAITERS & 0xffff_ffffL);
        if (marked != seen) {
            here.cell().compareAndSet(seen, marked);
        }
    }

    private static void wakeAll(Slot here) {
        here.cell().wake(Half.DATA, Cell.ALL);
        here.cell().wake(Half.FLAGS, Cell.ALL);
    }

    private SyncException ended() {
        Supplier<? extends SyncException> why = end;
        if (why == null) {
            throw new AssertionError("no slot, and no reason");
        }
        return why.get();
    }
}
