package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The native memory that belongs to one thread, so that the calls of the hot path allocate nothing: where errno is
 * captured, and the structs that a futex call points at.
 *
 * <pre>
 *   0      4         16               32                              80
 *  +-------+---------+----------------+---------------+---------------+
 *  | errno |    -    | timespec       | futex_waitv   | futex_waitv   |
 *  +-------+---------+----------------+---------------+---------------+
 * </pre>
 *
 * <p>A thread that sleeps on more than two words gets a larger array of futex_waitv, and keeps it.
 *
 * <p>The memory lives as long as this object, and this object at least as long as its thread. Whoever passes the raw
 * address of a part keeps the object reachable until the call has returned.
 */
final class Scratch {

    private static final int TIMESPEC = 16;
    private static final int WAITERS = 32;
    private static final int BYTES = WAITERS + 2 * FutexWaitv.BYTES;

    private static final ThreadLocal<Scratch> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private final MemorySegment errno;
    private final Timespec timespec;
    private FutexWaitv waiters;
    private int room = 2;

    private Scratch() {
        MemorySegment memory = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        errno = memory.asSlice(0, Long.BYTES);
        timespec = new Timespec(memory.asSlice(TIMESPEC, Timespec.BYTES));
        waiters = new FutexWaitv(memory.asSlice(WAITERS, 2 * FutexWaitv.BYTES));
    }

    /** The calling thread's own. */
    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Where a downcall leaves errno. */
    MemorySegment errno() {
        return errno;
    }

    /** Room for so many futex_waitv. What was in it is lost when it grows. */
    FutexWaitv waiters(int count) {
        if (count > room) {
            room = Math.min(Math.max(count, 2 * room), Linux.FUTEX_WAITV_MAX);
            waiters = new FutexWaitv(Arena.ofAuto().allocate((long) room * FutexWaitv.BYTES, Long.BYTES));
        }
        return waiters;
    }

    /** The address of a timespec with this deadline; 0, which the kernel takes as for ever, for Long.MAX_VALUE. */
    long deadline(long deadlineNanos) {
        return deadlineNanos == Long.MAX_VALUE ? 0 : timespec.set(deadlineNanos).address();
    }
}
