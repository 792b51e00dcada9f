package io.hybridsync.object;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Which thread of this client owns a mutex, and how often. The word names the client only: threads are nobody's business
 * but their process's, and a recursive lock touches no shared memory. Handles of one client share it.
 *
 * <p>The order makes it exact. {@link #owner} is set after the compare-and-set that acquired the word and cleared before the
 * one that releases it: otherwise the next thread of this process would own the word meanwhile, and lose its ownership to the
 * one that leaves. A release that could not be made puts it back, also when it was for want of stack; and {@link Mutex} calls
 * nothing between the compare-and-set that acquired the word and what it writes here. A thread that ended without a release is
 * found by the client's housekeeping: see it ended, take its ownership away by compare-and-set, then mark the word; were the
 * word marked without that, it might be the next thread's by then.
 *
 * <p>{@link #depth} and {@link #adopted} belong to the owning thread.
 */
public final class Ownership {

    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(Ownership.class, "owner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written by {@link Mutex}, too, where there may be no stack for a call; as what follows. */
    volatile @Nullable Thread owner;

    int depth;
    boolean adopted;

    /** Whether the calling thread owns the mutex. */
    public boolean isMine() {
        return owner == Thread.currentThread();
    }

    /** Whether a thread of this client owns the mutex. */
    public boolean isHeld() {
        return owner != null;
    }

    /** How often the calling thread has locked it and not unlocked. */
    public int holds() {
        return isMine() ? depth : 0;
    }

    /** Whether the calling thread owns it, and it had been abandoned when it came to own it. */
    public boolean isAdopted() {
        return isMine() && adopted;
    }

    /** The calling thread's compare-and-set has acquired the word. */
    public void acquired(boolean abandoned) {
        acquired(abandoned, 1);
    }

    void acquired(boolean abandoned, int times) {
        depth = times;
        adopted = abandoned;
        owner = Thread.currentThread();
    }

    /** The calling thread, which owns it, locks it once more; false if it has done so too often. */
    boolean again() {
        if (depth == Integer.MAX_VALUE) {
            return false;
        }
        depth++;
        return true;
    }

    /** The calling thread, which owns it, unlocks it; true if that was the last time: then the word is to be released. */
    boolean once() {
        if (depth > 1) {
            depth--;
            return false;
        }
        return true;
    }

    /** The calling thread is about to release the word. */
    void leave() {
        owner = null;
    }

    /** It did not come to that. */
    void stay() {
        owner = Thread.currentThread();
    }

    /** Takes the ownership from a thread that has ended; false if none of that kind has it. */
    public boolean takeFromDead() {
        Thread thread = owner;
        return thread != null && thread.getState() == Thread.State.TERMINATED && OWNER.compareAndSet(this, thread, null);
    }
}
