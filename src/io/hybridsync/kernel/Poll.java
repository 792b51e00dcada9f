package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for one descriptor with ppoll(2) and a struct pollfd.
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
            pollfd.set(JAVA_INT, FD, number);
            pollfd.set(JAVA_SHORT, EVENTS, (short) events);
            return await(pollfd, new Timespec(arena.allocate(Timespec.BYTES, Long.BYTES)), deadlineNanos);
        } finally {
            fd.leave();
        }
    }

    private static boolean await(MemorySegment pollfd, Timespec timeout, long deadlineNanos) {
        for (;;) {
            boolean forever = deadlineNanos == Long.MAX_VALUE;
            long left = forever ? 0 : timeout.set(Timespec.left(deadlineNanos)).address();
            long result = SystemCall.PPOLL.call(pollfd.address(), 1, left, 0);
            if (result != -Errno.EINTR) {
                return Failure.check(result, "ppoll") > 0;
            }
        }
    }
}
