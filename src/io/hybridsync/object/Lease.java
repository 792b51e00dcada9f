package io.hybridsync.object;

import io.hybridsync.slab.Barrier;
import io.hybridsync.slab.Cell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one client holds of a leased semaphore: so that the broker can give it back when the client is dead, and that nobody
 * releases what he does not hold.
 *
 * <h2>An operation</h2>
 *
 * <pre>
 *   step of {@link #replace}        its entry of the {@link Ledger}   if the client dies before the next step
 *   -----------------------------   -------------------------------   --------------------------------------
 *   1. one store: it is under way   held,     inflight + 1            nothing has changed
 *   2. compare-and-set of the word  held,     inflight + 1            the broker gives back what others do not hold
 *   3. one store: it was done       held +- n, inflight               the same
 *      or it was not                held,     inflight
 * </pre>
 *
 * The broker locks the word, reads the entries of all who are left, and knows what is free: the rest. It reads after it has
 * locked, so it sees step 1 of whoever was faster with step 2: release stores are enough, for the broker's compare-and-set
 * reads what came of his. What is to be done to the word is known before step 1, so nothing else happens in between, and nobody
 * waits there: a wait must not keep the broker from settling.
 *
 * <h2>What fails on the way</h2>
 *
 * A thread that runs out of stack may do so at any call, also at those in between. Then nothing stays under way, and the entry
 * says what the word says: that step 2 was made is noted without a call, in a local variable, and step 3 is tried all the same.
 * Should there be too little stack for that, too, it is left to whoever comes next, or waits until nothing is under way, and
 * that is done without a call: the first thread gives its entry up, so that {@link #owner} is null and {@link #mine} says what
 * belongs there; the others leave what is to be added ({@link #owed}). Who becomes the first writes there what belongs there
 * before anything else. As long as nobody has come the broker believes the entry, and settles nothing.
 * One case is left: the interpreter wants a little stack for the monitor by which that is left, too. Where code that has never run
 * before fails there, it stays said that something is under way until the process ends.
 *
 * <h2>Who writes what</h2>
 *
 * An atomic addition costs as much as the compare-and-set itself, so the first thread of the process to come has an entry of
 * its own ({@link #own}), which it changes by plain stores; a thread is found to be that one by a comparison. All others
 * share {@link #common}, which is only changed by compare-and-set.
 *
 * <h2>Who may release</h2>
 *
 * <pre>
 *   state     the first thread                           all others
 *   -------   ----------------------------------------   ------------------------------------------------
 *   SOLE      releases what its own entry says it holds  take what they release from {@link #spare} first
 *   SHARING   comes to an end, and waits                 one waits for that; what own holds becomes spare
 *   SHARED    is as the others; own stays as it is       take what they release from spare first
 *   ENDED     nobody begins any more
 * </pre>
 *
 * spare is what this client holds, less what own says as long as that is not shared, less what is being released. Who
 * acquires adds to it before he returns; who wants to release takes from it before he begins, or is refused. So no two
 * threads release the same permit. What one thread acquired and another releases makes it SHARED, for good.
 *
 * <h2>The end</h2>
 *
 * The entries are another object's as soon as {@link #end} has returned, and a thread may stand still for any time between any
 * two instructions: its process is stopped, or the whole machine. So who has seen the end writes to no entry, not even to take
 * back what it has said; and who has not is waited for. It says before it looks at the state that it is inside, in the memory of
 * this process alone, as an entry says that something is under way:
 *
 * <pre>
 *   the first thread              all others                        who ends it, or has it shared
 *   ---------------------------   -------------------------------   -----------------------------------------------
 *   adds 1 to {@link #mine}        adds 1 to {@link #spare}          changes the state
 *   looks at the state            looks at the state                waits until nobody is inside any more
 *   steps 1 to 3 if that is       steps 1 to 3 unless that is       settles what is still under way, for want of stack:
 *     SOLE                          ENDED                             what belongs there is known
 *   subtracts that 1              subtracts that 1
 * </pre>
 *
 * One of the two sees the other: that is what the {@link Barrier} between is for, which costs the first thread nothing. The
 * others' compare-and-sets are fences anyway. Of those who settle one does it: who has {@link #owner} changed from null, and
 * keeps it then; or who has taken what is {@link #owed}, and spare says until it is paid that somebody is inside. Who has it
 * shared is inside meanwhile as all others are, for it may be the one who settles.
 */
public final class Lease {

    /** What became of an operation. */
    enum Outcome {
        /** It is done, and the ledger says so. */
        DONE,
        /** The word was another one: nothing has changed. */
        RACED,
        /** Not tried: the client does not hold what is to be released. */
        NOT_HELD,
        /** Not tried: the object is closed here. */
        CLOSED
    }

    private enum State {
        SOLE,
        SHARING,
        SHARED,
        ENDED
    }

    private static final VarHandle OWNER = handle("owner", Thread.class);
    private static final VarHandle STATE = handle("state", State.class);
    private static final VarHandle MINE = handle("mine", long.class);

    private static final int SPINS = 256;
    private static final long PAUSE_NANOS = 20_000;

    private final Cell own;

    /** {@link #own}'s: to look it up takes as long as the store. */
    private final long ownPosition;

    private final Cell common;
    private final boolean anyThread;

    /**
     * The first thread to come, to which {@link #own} belongs; null before, and when that thread had no room to write there.
     * Who reads null or another thread takes no harm.
     */
    private volatile @Nullable Thread owner;

    /**
     * What is in {@link #own} when nothing of that thread is under way; 1 more as long as it is about to look at the state, or
     * writes to own. Its alone.
     */
    private volatile long mine;

    private volatile State state = State.SOLE;

    /** So many permits, and how many of the other threads are inside: in one word, like held and inflight of an entry. */
    private final AtomicLong spare = new AtomicLong();

    /** What could not be added to {@link #common} and to {@link #spare}; guarded by this object, for that needs no call. */
    private long owed;

    private long owedSpare;
    private volatile boolean indebted;

    /** What brokers have taken for this client, less what they have released: that is in no ledger. */
    private final AtomicInteger granted = new AtomicInteger();

    /**
     * Nothing held yet.
     *
     * @param own the word of one entry, zero
     * @param common the word of another
     * @param anyThread whether also a virtual thread may have an entry of its own; most of them come once
     */
    public Lease(Cell own, Cell common, boolean anyThread) {
        this.own = own;
        this.ownPosition = own.position();
        this.common = common;
        this.anyThread = anyThread;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Lease.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Replaces a word, and with it what the client holds.
     *
     * @param change how many permits it takes, or if negative releases
     */
    Outcome replace(Cell cell, long word, long next, int change) {
        if (owner != Thread.currentThread()) {
            return replaceElsewhere(cell, word, next, change);
        }
        long before = (long) MINE.get(this);
        long after = before + Ledger.held(change);
        if (after >= 0) {
            long position = ownPosition;
            boolean sole = false;
            boolean done = false;
            try {
                MINE.set(this, before + 1);
                Barrier.light();
                if (state == State.SOLE) {
                    sole = true;
                    if (position == 0) {
                        own.storeRelease(before + 1);
                    } else {
                        Cell.storeReleaseAt(position, before + 1);
                    }
                    done = cell.compareAndSet(word, next);
                    long now = done ? after : before;
                    if (position == 0) {
                        own.storeRelease(now);
                    } else {
                        Cell.storeReleaseAt(position, now);
                    }
                    MINE.setRelease(this, now);
                    // The entry may be another object's from here on.
                    sole = false;
                    return done ? Outcome.DONE : Outcome.RACED;
                }
                MINE.setRelease(this, before);
            } catch (Throwable e) {
                long settled = done ? after : before;
                Thread first = owner;
                try {
                    if (sole) {
                        own.storeRelease(settled);
                    }
                } catch (Throwable again) {
                    first = null;
                }
                mine = settled;
                owner = first;
                throw e;
            }
        }
        return replaceElsewhere(cell, word, next, change);
    }

    /** Whether the calling thread is now the first to come. Its entry says what it ought to then. */
    private boolean claim() {
        Thread me = Thread.currentThread();
        if (owner != null || (me.isVirtual() && !anyThread) || !OWNER.compareAndSet(this, null, me)) {
            return false;
        }
        long before = mine;
        boolean claimed = false;
        try {
            MINE.set(this, before + 1);
            Barrier.light();
            if (state == State.SOLE) {
                own.storeRelease(before);
                claimed = true;
            }
        } finally {
            mine = before;
            if (!claimed) {
                owner = null;
            }
        }
        return claimed;
    }

    private Outcome replaceElsewhere(Cell cell, long word, long next, int change) {
        if (claim()) {
            return replace(cell, word, next, change);
        }
        int given = Math.max(0, -change);
        long settled = Ledger.held(change) - 1;
        long put = Ledger.held(Math.max(0, change)) - 1;
        long putBack = Ledger.held(given) - 1;
        if (!reserve(given) && !reserveOfAll(given)) {
            return state == State.ENDED ? Outcome.CLOSED : Outcome.NOT_HELD;
        }
        boolean begun = false;
        boolean done = false;
        try {
            if (state != State.ENDED) {
                add(1);
                begun = true;
                done = cell.compareAndSet(word, next);
            }
        } finally {
            boolean said = false;
            boolean spared = false;
            try {
                if (begun) {
                    add(done ? settled : -1);
                }
                said = true;
                addSpare(done ? put : putBack);
                spared = true;
            } finally {
                if (!spared) {
                    synchronized (this) {
                        owed += said ? 0 : done ? settled : -1;
                        owedSpare += done ? put : putBack;
                        indebted = true;
                    }
                }
            }
        }
        if (indebted) {
            pay();
        }
        return done ? Outcome.DONE : state == State.ENDED ? Outcome.CLOSED : Outcome.RACED;
    }

    /** Adds what is owed; what cannot be added stays owed. Last comes what lets the entries become another object's. */
    private void pay() {
        long due;
        long dueSpare;
        synchronized (this) {
            due = owed;
            dueSpare = owedSpare;
            owed = 0;
            owedSpare = 0;
            indebted = false;
        }
        try {
            if (due != 0) {
                add(due);
                due = 0;
            }
            addSpare(dueSpare);
            dueSpare = 0;
        } finally {
            if (due != 0 || dueSpare != 0) {
                synchronized (this) {
                    owed += due;
                    owedSpare += dueSpare;
                    indebted = true;
                }
            }
        }
    }

    /** Takes what is to be released from what is spare, and is inside; false if there is not so much. */
    private boolean reserve(int given) {
        for (long there = spare.get(); given == 0 || Ledger.held(there) >= given; there = spare.get()) {
            if (spare.compareAndSet(there, there - Ledger.held(given) + 1)) {
                return true;
            }
        }
        return false;
    }

    /** It is not spare, but the first thread may hold it, or it is owed. */
    private boolean reserveOfAll(int given) {
        share();
        pay();
        return reserve(given);
    }

    private void share() {
        for (int looks = 1; state == State.SOLE || state == State.SHARING; looks++) {
            if (state == State.SOLE) {
                shareInside();
            } else {
                pause(own, looks);
            }
        }
    }

    /** Who shares it may have to settle the first thread's entry: it is inside before it begins. */
    private void shareInside() {
        addSpare(1);
        boolean left = false;
        try {
            if (STATE.compareAndSet(this, State.SOLE, State.SHARING)) {
                shareAll();
            }
        } finally {
            try {
                addSpare(-1);
                left = true;
            } finally {
                if (!left) {
                    synchronized (this) {
                        owedSpare--;
                        indebted = true;
                    }
                }
            }
        }
    }

    /** Who cannot bring it to an end leaves it as it was. */
    private void shareAll() {
        State then = State.SOLE;
        try {
            Barrier.heavy();
            spare.addAndGet(idleOwn());
            then = State.SHARED;
        } finally {
            synchronized (this) {
                state = state == State.SHARING ? then : state;
            }
        }
    }

    /** As {@link #reserve} does it, for no more stack. */
    private void addSpare(long difference) {
        long there = spare.get();
        while (!spare.compareAndSet(there, there + difference)) {
            there = spare.get();
        }
    }

    private void add(long difference) {
        long word = common.load();
        while (!common.compareAndSet(word, word + difference)) {
            word = common.load();
        }
    }

    /** A broker has taken that many for this client, or if negative has released them. */
    public void granted(int permits) {
        granted.addAndGet(permits);
        spare.addAndGet(Ledger.held(permits));
    }

    /** What brokers have taken for this client and not released: what another broker has to be told. */
    public int granted() {
        return granted.get();
    }

    /** Whether this client holds anything, at this moment. */
    boolean isHeld() {
        return Ledger.held(own.load()) + Ledger.held(common.load()) + granted.get() > 0;
    }

    /**
     * From now on nobody begins an operation; returns when nothing is under way, and no thread will write to the entries any more.
     * Then what is held may be given back.
     */
    public void end() {
        synchronized (this) {
            state = State.ENDED;
        }
        Barrier.heavy();
        idleOwn();
        idleOthers();
    }

    private void idleOthers() {
        for (int looks = 1; Ledger.isUnderWay(spare.get()); looks++) {
            if (indebted) {
                pay();
            }
            pause(common, looks);
        }
    }

    /**
     * What is in the first thread's entry as soon as nothing is under way there; what it has left there is settled. The state has
     * changed, so nobody begins anything there.
     */
    private long idleOwn() {
        for (int looks = 1; Ledger.isUnderWay(mine); looks++) {
            pause(own, looks);
        }
        long word = own.load();
        for (int looks = 1; Ledger.isUnderWay(word); looks++) {
            if (owner == null && OWNER.compareAndSet(this, null, Thread.currentThread())) {
                settleOwn();
            }
            word = pause(own, looks);
        }
        return word;
    }

    private void settleOwn() {
        try {
            own.store(mine);
        } catch (Throwable e) {
            owner = null;
            throw e;
        }
    }

    /** What is under way takes a few instructions. Who takes longer needs a processor, perhaps this one. */
    private static long pause(Cell entry, int looks) {
        if (looks < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return entry.load();
    }
}
