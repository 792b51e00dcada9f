package io.hybridsync.object;

import io.hybridsync.error.AbandonedMutexException;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.SyncException;
import io.hybridsync.slab.Cell;
import java.util.concurrent.locks.LockSupport;

/**
 * A mutex through one handle: the word says which client owns it, {@link Ownership} which thread of this one.
 *
 * <p>Under Abandonment.REFUSE, what comes across an abandoned mutex owns nothing and throws; the first to
 * {@link #recover} owns it. Nobody sleeps on an abandoned word: the mark wakes all, and who is about to sleep sees it.
 */
public final class Mutex {

    /** How long to wait before a broker is asked again that has just not done what it was asked. */
    static final long PAUSE_NANOS = 1_000_000;

    private final Handle handle;
    private final Ownership ownership;
    private final int client;
    private final Rule locking;

    /**
     * @param client the id of this client
     * @param adopting whether who locks it takes over what was abandoned
     */
    public Mutex(Handle handle, int client, boolean adopting) {
        this.handle = handle;
        this.ownership = handle.ownership();
        this.client = client;
        this.locking = MutexRule.locking(adopting);
    }

    /** Locks it if that is possible now. */
    public boolean tryLock() {
        if (ownership.isMine()) {
            lockAgain();
            return true;
        }
        long result = take(locking, true);
        if (result < 0) {
            checkAbandoned(locking.endsWait((int) ~result));
        }
        return result >= 0;
    }

    /**
     * Locks it.
     *
     * @param deadlineNanos until when to wait, on the clock of {@link System#nanoTime}, or {@link Cell#FOREVER}
     * @param blocker what a parked thread is shown to wait for
     * @return false when the deadline passed first
     */
    public boolean lock(long deadlineNanos, Object blocker) throws InterruptedException {
        if (lockNow()) {
            return true;
        }
        Ending ending = handle.await(new Want(handle, locking, client), deadlineNanos, true, blocker);
        checkAbandoned(ending == Ending.ENDED);
        return ending != Ending.TIMED_OUT;
    }

    /** Locks it; an interrupt stays pending. */
    public void lockUninterruptibly(Object blocker) {
        if (!lockNow()) {
            Ending ending = handle.awaitUninterruptibly(new Want(handle, locking, client), blocker);
            checkAbandoned(ending == Ending.ENDED);
        }
    }

    /** The uncontended ways. */
    private boolean lockNow() {
        if (ownership.isMine()) {
            lockAgain();
            return true;
        }
        return take(locking, false) >= 0;
    }

    /**
     * Takes it by a rule, as {@link Portion#apply}, or {@link Portion#applyNow}. What the word says that this client owns the
     * thread owns without a call: there may be no stack for one, and what no thread owns nobody could ever lock.
     */
    private long take(Rule rule, boolean settled) {
        Portion portion = handle.portion();
        long result = settled ? portion.apply(rule, client) : portion.applyNow(rule, client);
        if (result >= 0) {
            ownership.depth = 1;
            ownership.adopted = result == MutexRule.OWNER_DIED;
            ownership.owner = Thread.currentThread();
        }
        return result;
    }

    /**
     * Unlocks it; with the last of the thread's locks another may have it.
     *
     * @throws IllegalMonitorStateException when the calling thread does not own it; nothing changed
     */
    public void unlock() {
        Portion portion = handle.portion();
        requireMine(portion);
        if (ownership.once()) {
            release(portion);
        }
    }

    /**
     * Unlocks it whatever the number of the thread's locks, to wait for something and then {@link #relock} it. An unlock that
     * the broker has not answered counts: it is done before the broker hears of anything that comes later.
     *
     * @return that number
     * @throws IllegalMonitorStateException when the calling thread does not own it; nothing changed
     * @throws SyncException when that is not possible; the thread owns it as before
     */
    public int unlockAll() {
        Portion portion = handle.portion();
        requireMine(portion);
        // For the relock.
        portion.checkHeadroom();
        int holds = ownership.holds();
        try {
            release(portion);
        } catch (BrokerUnavailableException e) {
            if (ownership.isMine()) {
                throw e;
            }
        }
        return holds;
    }

    /** Locks it that many times, uninterruptibly; takes it over when it was abandoned. It takes as long as it takes. */
    public void relock(int times, Object blocker) {
        Ending ending = null;
        while (ending == null) {
            try {
                ending = handle.awaitWithHeadroom(new Want(handle, MutexRule.ADOPT, client), blocker);
            } catch (BrokerUnavailableException e) {
                if (handle.portion().isEnded()) {
                    throw e;
                }
                pause();
            }
        }
        ownership.acquired(ending == Ending.ADOPTED, times);
    }

    /**
     * Where claims are not waited for the next attempt may end at once as well. A thread does not park that is interrupted, nor
     * once more after it was.
     */
    private static void pause() {
        boolean interrupted = false;
        long end = System.nanoTime() + PAUSE_NANOS;
        for (long left = PAUSE_NANOS; left > 0; left = end - System.nanoTime()) {
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(left);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the calling thread owns it, be the handle closed or not. */
    public boolean isMine() {
        return ownership.isMine();
    }

    /**
     * A broker that has not answered in time unlocks it when it goes on, or the next one does: then it is not the thread's. Nor is
     * it when the thread fails otherwise while it asks the broker, which may have been asked. In memory it is known: a thread that
     * has no stack left to unlock it owns it as before, and who finds that the thread has ended abandons it.
     */
    private void release(Portion portion) {
        Thread me = Thread.currentThread();
        boolean inMemory = !portion.isAtBroker();
        int unsure = portion.unsure;
        ownership.leave();
        long result;
        try {
            result = portion.apply(MutexRule.UNLOCK, client);
        } catch (SyncException e) {
            if (!(e instanceof BrokerUnavailableException && portion.isAtBroker())) {
                ownership.stay();
            }
            throw e;
        } catch (StackOverflowError | OutOfMemoryError e) {
            // Nobody would own it, and nobody could lock it: so this is written without a call.
            if (inMemory && portion.unsure == unsure) {
                ownership.owner = me;
            }
            throw e;
        }
        if (result < 0) {
            throw new IllegalMonitorStateException(portion.title()
                    + " was taken from this process: its word says " + describe((int) ~result));
        }
    }

    private static String describe(int value) {
        return value == MutexRule.OWNER_DIED ? "that its owner died" : "that client " + MutexRule.owner(value) + " owns it";
    }

    /** Owns it if it is abandoned; false if it is not, and nothing changed. */
    public boolean recover() {
        return take(MutexRule.RECOVER, true) >= 0;
    }

    /** Whether an owner died and nobody has owned it since. */
    public boolean isAbandoned() {
        return handle.value() == MutexRule.OWNER_DIED;
    }

    /** Whether somebody owns it. */
    public boolean isLocked() {
        return MutexRule.owner(handle.value()) != 0;
    }

    /** Whether the calling thread's ownership came from an owner that died. */
    public boolean isAdopted() {
        handle.checkOpen();
        return ownership.isAdopted();
    }

    /** How often the calling thread has locked it and not unlocked. */
    public int holds() {
        handle.checkOpen();
        return ownership.holds();
    }

    /** Nobody else has a part in that, so the word is not looked at; but what is known to be lost is not locked any more. */
    private void lockAgain() {
        handle.portion().checkNotEnded();
        if (!ownership.again()) {
            throw new Error("Maximum lock count exceeded");
        }
    }

    /**
     * Throws if the calling thread does not own it.
     *
     * @throws IllegalMonitorStateException if so
     */
    public void checkOwned() {
        requireMine(handle.portion());
    }

    private void requireMine(Portion portion) {
        if (!ownership.isMine()) {
            throw new IllegalMonitorStateException("the calling thread does not own " + portion.title());
        }
    }

    private void checkAbandoned(boolean abandoned) {
        if (abandoned) {
            throw new AbandonedMutexException(handle.portion().title() + " is abandoned: its owner ended without unlocking"
                    + " it. What it protects may be half done; recover() owns it.");
        }
    }
}
