package io.hybridsync.process;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * One puts an item and signals one of those who wait for items; he takes it and signals back. The signal for an item is sent
 * once, so if it went to one who is killed and nowhere else, all would wait for ever. Who takes the mutex over from a dead
 * owner does not know whether he had sent his signals, and sends them again.
 */
final class Items {

    private static final int RECHECK_MILLIS = 20;

    private final KillLedger ledger;
    private final HybridMutex mutex;
    private final Condition put;
    private final Condition taken;

    Items(SyncDomain domain, KillLedger ledger) {
        this.ledger = ledger;
        this.mutex = domain.mutex("items", MutexSpec.unlocked().abandonment(Abandonment.ADOPT));
        this.put = mutex.newCondition("put");
        this.taken = mutex.newCondition();
    }

    void take() {
        while (!ledger.isOver()) {
            mutex.lock();
            try {
                repair();
                while (!ledger.hasItem() && !ledger.isOver()) {
                    put.awaitUninterruptibly();
                    repair();
                }
                if (ledger.hasItem()) {
                    ledger.takeItem();
                    taken.signal();
                }
            } finally {
                mutex.unlock();
            }
        }
    }

    /** Puts them, one after the other, until all is over. */
    void put() {
        try {
            while (!ledger.isOver()) {
                mutex.lock();
                try {
                    repair();
                    ledger.putItem();
                    put.signal();
                    while (ledger.hasItem()) {
                        boolean _ = taken.await(RECHECK_MILLIS, TimeUnit.MILLISECONDS);
                        repair();
                    }
                } finally {
                    mutex.unlock();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    private void repair() {
        if (mutex.acquiredAbandoned()) {
            put.signalAll();
            taken.signalAll();
        }
    }

    /** Nobody waits any more. */
    void end() {
        mutex.lock();
        try {
            put.signalAll();
        } finally {
            mutex.unlock();
        }
    }
}
