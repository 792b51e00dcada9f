package io.hybridsync;

import static java.lang.ref.Reference.reachabilityFence;
import static java.util.Objects.requireNonNull;

import io.hybridsync.client.SignalQueue;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A condition of a mutex, in the forms of java.util.concurrent; see {@link HybridMutex#newCondition()}. */
final class SharedCondition implements Condition {

    private final HybridMutex mutex;
    private final SignalQueue queue;

    SharedCondition(HybridMutex mutex, SignalQueue queue) {
        this.mutex = mutex;
        this.queue = queue;
    }

    @Override
    public void await() throws InterruptedException {
        boolean _ = hearSignal(Deadline.NEVER);
    }

    @Override
    public void awaitUninterruptibly() {
        try {
            queue.awaitUninterruptibly(this);
        } finally {
            reachabilityFence(mutex);
        }
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long deadline = Deadline.after(nanosTimeout);
        boolean signaled = hearSignal(deadline);
        long rest = deadline == Deadline.NEVER ? nanosTimeout : deadline - System.nanoTime();
        return signaled ? rest : Math.min(0, rest);
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return hearSignal(Deadline.after(requireNonNull(unit, "unit").toNanos(time)));
    }

    /** The time until the deadline is measured once, on entry: a clock that is set later changes nothing. */
    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        requireNonNull(deadline, "deadline");
        return hearSignal(Deadline.at(deadline));
    }

    @Override
    public void signal() {
        signal(false);
    }

    @Override
    public void signalAll() {
        signal(true);
    }

    private boolean hearSignal(long deadlineNanos) throws InterruptedException {
        Deadline.checkInterrupt();
        try {
            return queue.await(deadlineNanos, this);
        } finally {
            reachabilityFence(mutex);
        }
    }

    private void signal(boolean all) {
        try {
            queue.signal(all);
        } finally {
            reachabilityFence(mutex);
        }
    }

    /** The condition's name and the mutex. */
    @Override
    public String toString() {
        return queue + " of " + mutex;
    }
}
