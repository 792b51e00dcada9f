package io.hybridsync.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Parking}: a thread that parks until a dispatcher wakes it, its deadline has passed or it is
 * interrupted.
 *
 * <p>The tickets and the departures belong to who holds the guard; woken is written by a dispatcher, once; the rest is
 * the thread's own.
 */
final class ParkedWaiter {

    private final Thread thread = Thread.currentThread();
    private final Ticket[] tickets;
    private boolean interrupted;

    /** Set under the guard, then unparked. */
    private volatile boolean woken;

    /** How many dispatchers still sleep on a word that this waiter was the last to wait for. */
    private final AtomicInteger departures = new AtomicInteger();

    ParkedWaiter(int words) {
        tickets = new Ticket[words];
        for (int i = 0; i < words; i++) {
            tickets[i] = new Ticket(this);
        }
    }

    Ticket[] tickets() {
        return tickets;
    }

    boolean isWoken() {
        return woken;
    }

    /** By a dispatcher, which unparks it next: it waits for nothing any more. */
    void wake() {
        woken = true;
        for (Ticket ticket : tickets) {
            ticket.withdraw();
        }
    }

    /** A dispatcher will disarm a word for it. */
    void departs() {
        departures.incrementAndGet();
    }

    /** Whether that was the last. */
    boolean departed() {
        return departures.decrementAndGet() == 0;
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    /** Parks until it is woken; 0, -ETIMEDOUT or -EINTR. */
    int park(long deadlineNanos, boolean interruptible, @Nullable Object blocker) {
        while (!woken) {
            if (takeInterrupt() && interruptible) {
                return -Errno.EINTR;
            }
            if (deadlineNanos == Long.MAX_VALUE) {
                LockSupport.park(blocker);
            } else {
                long nanos = deadlineNanos - System.nanoTime();
                if (nanos <= 0) {
                    return -Errno.ETIMEDOUT;
                }
                LockSupport.parkNanos(blocker, nanos);
            }
        }
        return 0;
    }

    /** Parks until no dispatcher sleeps for it; soon, for they have been told. */
    void awaitDepartures() {
        while (departures.get() > 0) {
            takeInterrupt();
            LockSupport.park();
        }
    }

    /** An interrupt that stayed set would make every park return at once. */
    private boolean takeInterrupt() {
        boolean now = Thread.interrupted();
        interrupted |= now;
        return now;
    }

    /** Gives back the interrupts that were taken. */
    void restoreInterrupt() {
        if (interrupted) {
            thread.interrupt();
        }
    }
}
