package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for descriptors with ppoll(2) and an array of struct pollfd.
 *
 * <pre>
 *   0        4        6         8
 *  +--------+--------+---------+
 *  | fd     | events | revents |
 *  +--------+--------+---------+
 * </pre>
 */
final class Poll {

    static final int BYTES = 8;
    static final int FD = 0;
    static final int EVENTS = 4;

    private Poll() {}

    /** Errors and hang-ups count as ready, for the call that follows tells them. False if the deadline passed. */
    static boolean await(Fd fd, int events, long deadlineNanos) {
        int number = fd.enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(BYTES, Integer.BYTES);
            set(pollfd, 0, number, events);
            return await(arena, pollfd, 1, deadlineNanos);
        } finally {
            fd.leave();
        }
    }

    /** The same, or until the other is readable. */
    static boolean await(Fd fd, int events, Fd other, long deadlineNanos) {
        int number = fd.enter();
        int otherNumber = other.enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfds = arena.allocate(2 * BYTES, Integer.BYTES);
            set(pollfds, 0, number, events);
            set(pollfds, 1, otherNumber, Linux.POLLIN);
            return await(arena, pollfds, 2, deadlineNanos);
        } finally {
            other.leave();
            fd.leave();
        }
    }

    private static void set(MemorySegment pollfds, int index, int number, int events) {
        pollfds.set(JAVA_INT, (long) index * BYTES + FD, number);
        pollfds.set(JAVA_SHORT, (long) index * BYTES + EVENTS, (short) events);
    }

    private static boolean await(Arena arena, MemorySegment pollfds, int count, long deadlineNanos) {
        Timespec timeout = new Timespec(arena.allocate(Timespec.BYTES, Long.BYTES));
        for (;;) {
            boolean forever = deadlineNanos == Long.MAX_VALUE;
            long left = forever ? 0 : timeout.set(Timespec.left(deadlineNanos)).address();
            long result = SystemCall.PPOLL.call(pollfds.address(), count, left, 0);
            if (result != -Errno.EINTR) {
                return Failure.check(result, "ppoll") > 0;
            }
        }
    }
}
