package io.hybridsync.process;

import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * A condition of which every signal is followed up: one wait returns by it, whatever becomes of the others. So that there
 * is always somebody to hear, one thread waits that is never interrupted; the next signal is sent when the one before has
 * been heard and that thread waits again.
 */
final class StormCondition {

    private static final int LONGEST_MICROS = 500;

    private final HybridMutex mutex;
    private final Condition condition;

    /** All guarded by the mutex. */
    private long sent;

    private long heard;
    private boolean attentive;
    private boolean over;

    StormCondition(SyncDomain domain, boolean brokerOnly) {
        mutex = domain.createMutex(brokerOnly ? MutexSpec.unlocked().brokerOnly() : MutexSpec.unlocked());
        condition = mutex.newCondition("storm");
    }

    /** Waits in one way; whether it was signaled. */
    boolean hear(Random random) throws InterruptedException {
        int times = random.nextInt(1, 3);
        for (int i = 0; i < times; i++) {
            mutex.lock();
        }
        try {
            boolean signaled = !over && await(random);
            heard += signaled ? 1 : 0;
            return signaled;
        } finally {
            for (int i = 0; i < times; i++) {
                mutex.unlock();
            }
        }
    }

    @SuppressWarnings({"WaitNotInLoop", "Finally"}) // what wakes it is counted; a wrong number of locks hides nothing
    private boolean await(Random random) throws InterruptedException {
        int holds = mutex.getHoldCount();
        try {
            switch (random.nextInt(3)) {
                case 0 -> condition.await();
                case 1 -> condition.awaitUninterruptibly();
                default -> {
                    return condition.await(random.nextInt(LONGEST_MICROS), TimeUnit.MICROSECONDS);
                }
            }
            return !over;
        } finally {
            if (mutex.getHoldCount() != holds) {
                throw new IllegalStateException("locked " + mutex.getHoldCount() + " times instead of " + holds);
            }
        }
    }

    /** The thread that is never interrupted. */
    void listen() {
        mutex.lock();
        try {
            while (!over) {
                attentive = true;
                condition.awaitUninterruptibly();
                attentive = false;
                heard += over ? 0 : 1;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Sends a signal if the one before was heard; how many that makes. */
    long signal() {
        mutex.lock();
        try {
            if (heard > sent) {
                throw new IllegalStateException(sent + " signals have been heard " + heard + " times");
            }
            if (attentive && heard == sent) {
                sent++;
                condition.signal();
            }
            return sent;
        } finally {
            mutex.unlock();
        }
    }

    /** Everybody may go, when the last signal was heard; whether it was. */
    boolean end() {
        mutex.lock();
        try {
            over = heard == sent;
            if (over) {
                condition.signalAll();
            }
            return over;
        } finally {
            mutex.unlock();
        }
    }
}
