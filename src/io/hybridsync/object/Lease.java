package io.hybridsync.object;

import io.hybridsync.slab.Barrier;
import io.hybridsync.slab.Cell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one client holds of a leased semaphore: so that the broker can give it back when the client is dead, and that nobody
 * releases what he does not hold.
 *
 * <h2>An operation</h2>
 *
 * <pre>
 *   step                                 its entry of the {@link Ledger}   if the client dies before the next step
 *   ----------------------------------   -------------------------------   --------------------------------------
 *   1. {@link #begin}                    held,     inflight + 1            nothing has changed
 *   2. compare-and-set on the word       held,     inflight + 1            the broker gives back what others do not hold
 *   3. {@link #settle}: one store        held +- n, inflight               the same
 *      or {@link #cancel}: nothing done  held,     inflight
 * </pre>
 *
 * The broker locks the word, reads the entries of all who are left, and knows what is free: the rest. It reads after it has
 * locked, so it sees step 1 of whoever was faster with step 2: release stores are enough, for the broker's compare-and-set
 * reads what came of his. Who finds the word locked cancels before he waits: a wait must not keep the broker from settling.
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
 * <p>The first thread says that it is under way, then looks at the state. Who changes the state does so first, and then
 * waits until nothing is under way. One of the two sees the other: that is what the {@link Barrier} between is for. The
 * others' compare-and-sets are fences anyway.
 */
public final class Lease {

    /** A ticket: the operation was begun in the entry that threads share. What is not negative is a word of {@link #own}. */
    static final long COMMON = -1;

    /** There is nothing to be told to a ledger. */
    static final long NONE = -2;

    /** It was not begun: the client does not hold what is to be released. */
    static final long NOT_HELD = -3;

    /** It was not begun: the object is closed here. */
    static final long CLOSED = -4;

    private enum State {
        SOLE,
        SHARING,
        SHARED,
        ENDED
    }

    private static final VarHandle OWNER = handle("owner", Thread.class);
    private static final VarHandle STATE = handle("state", State.class);

    private static final int SPINS = 256;
    private static final long PAUSE_NANOS = 20_000;

    private final Cell own;
    private final Cell common;
    private final boolean anyThread;

    /** The first thread to come, to which {@link #own} belongs. Set once; who reads null or another thread takes no harm. */
    private @Nullable Thread owner;

    /** What that thread has written to {@link #own} when nothing of it is under way. Its alone. */
    private long mine;

    private volatile State state = State.SOLE;
    private final AtomicInteger spare = new AtomicInteger();

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
     * An operation is about to be tried.
     *
     * @param given how many permits it releases; 0 if it takes
     * @return a ticket, or why it must not be tried
     */
    long begin(int given) {
        if (owner == Thread.currentThread()) {
            long word = mine;
            if (Ledger.held(word) >= given) {
                own.storeRelease(word + 1);
                Barrier.light();
                if (state == State.SOLE) {
                    return word;
                }
                own.storeRelease(word);
            }
        }
        return beginElsewhere(given);
    }

    private long beginElsewhere(int given) {
        if (claim()) {
            return begin(given);
        }
        if (!reserve(given) && !reserveOfAll(given)) {
            return state == State.ENDED ? CLOSED : NOT_HELD;
        }
        add(1);
        if (state == State.ENDED) {
            cancel(COMMON, given);
            return CLOSED;
        }
        return COMMON;
    }

    /** Whether the calling thread is now the first to come. */
    private boolean claim() {
        Thread me = Thread.currentThread();
        return owner == null && (anyThread || !me.isVirtual()) && OWNER.compareAndSet(this, null, me);
    }

    private boolean reserve(int given) {
        for (int there = spare.get(); there >= given; there = spare.get()) {
            if (given == 0 || spare.compareAndSet(there, there - given)) {
                return true;
            }
        }
        return given == 0;
    }

    /** It is not spare, but the first thread may hold it. */
    private boolean reserveOfAll(int given) {
        share();
        return reserve(given);
    }

    private void share() {
        if (STATE.compareAndSet(this, State.SOLE, State.SHARING)) {
            Barrier.heavy();
            spare.addAndGet(Ledger.held(idle(own)));
            STATE.compareAndSet(this, State.SHARING, State.SHARED);
        }
        for (int looks = 1; state == State.SHARING; looks++) {
            pause(own, looks);
        }
    }

    /** The operation has been done, and changed what the client holds by that much. */
    void settle(long ticket, int change) {
        if (ticket >= 0) {
            mine = ticket + Ledger.held(change);
            own.storeRelease(mine);
        } else {
            settleElsewhere(ticket, change);
        }
    }

    private void settleElsewhere(long ticket, int change) {
        if (ticket == COMMON) {
            add(Ledger.held(change) - 1);
            spare.addAndGet(Math.max(0, change));
        }
    }

    /** The operation has not been done. */
    void cancel(long ticket, int given) {
        if (ticket >= 0) {
            own.storeRelease(ticket);
        } else if (ticket == COMMON) {
            add(-1);
            spare.addAndGet(given);
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
        spare.addAndGet(permits);
    }

    /** What brokers have taken for this client and not released: what another broker has to be told. */
    public int granted() {
        return granted.get();
    }

    /** Whether this client holds anything, at this moment. */
    boolean isHeld() {
        return Ledger.held(own.load()) + Ledger.held(common.load()) + granted.get() > 0;
    }

    /** From now on nobody begins an operation; returns when nothing is under way. Then what is held may be given back. */
    public void end() {
        state = State.ENDED;
        Barrier.heavy();
        idle(own);
        idle(common);
    }

    /** An entry, as soon as nothing is under way in it. */
    private static long idle(Cell entry) {
        long word = entry.load();
        for (int looks = 1; Ledger.isUnderWay(word); looks++) {
            word = pause(entry, looks);
        }
        return word;
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
