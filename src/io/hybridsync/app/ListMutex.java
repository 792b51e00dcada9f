package io.hybridsync.app;

import io.hybridsync.HybridMutex;
import io.hybridsync.error.AbandonedMutexException;
import java.io.IOException;

/**
 * The mutex that protects the work list and the results, as every process of the demo locks it: whoever finds it abandoned
 * recovers it, unless somebody else was faster, and then repairs the list before anything else.
 */
final class ListMutex implements Gate {

    private final HybridMutex mutex;
    private final SharedWork work;

    ListMutex(HybridMutex mutex, SharedWork work) {
        this.mutex = mutex;
        this.work = work;
    }

    /** Locks it, and leaves a list in good order to the caller. */
    void lock() throws IOException, InterruptedException {
        enter();
        try {
            mend();
        } catch (IOException | RuntimeException e) {
            leave();
            throw e;
        }
    }

    @Override
    public boolean tryEnter() {
        try {
            return mutex.tryLock();
        } catch (AbandonedMutexException e) {
            return mutex.recover();
        }
    }

    @Override
    public void enter() throws InterruptedException {
        boolean owned = false;
        while (!owned) {
            try {
                mutex.lockInterruptibly();
                owned = true;
            } catch (AbandonedMutexException e) {
                owned = mutex.recover();
            }
        }
    }

    @Override
    public void leave() {
        mutex.unlock();
    }

    /**
     * What the owner does first: repairs the list if the mutex had been abandoned.
     *
     * @throws IOException also when something is half done and the mutex was not abandoned, or the other way round
     */
    void mend() throws IOException {
        if (mutex.acquiredAbandoned()) {
            work.repair();
        } else {
            work.requireWhole();
        }
    }
}
