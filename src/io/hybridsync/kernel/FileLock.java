package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive record locks that belong to the open file description (OFD locks): not to the process, so two opens of one
 * process conflict; and gone when the last descriptor of it is closed, so at the latest when its process ends. Each
 * byte can be locked on its own, also behind the end of the file. The file must be open for writing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/fcntl_locking.2.html">fcntl_locking(2)</a>
 */
public final class FileLock {

    private FileLock() {}

    /**
     * Locks a range of bytes, without waiting.
     *
     * @return false if another open file description holds a lock in the range
     */
    public static boolean tryLock(Fd fd, long start, long length) {
        return set(fd, Linux.F_WRLCK, start, length);
    }

    /** Gives up what this open file description has locked in the range. */
    public static void unlock(Fd fd, long start, long length) {
        set(fd, Linux.F_UNLCK, start, length);
    }

    private static boolean set(Fd fd, int type, long start, long length) {
        try (Arena arena = Arena.ofConfined()) {
            Flock lock = Flock.of(arena, type, start, length);
            long result = SystemCall.FCNTL.on(fd, Linux.F_OFD_SETLK, lock.address(), 0);
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
                return false;
            }
            Failure.check(result, "fcntl", fd, "F_OFD_SETLK", start, length);
            return true;
        }
    }

    /** Whether another open file description holds a lock in the range: the answer may be old when it arrives. */
    public static boolean isLockedElsewhere(Fd fd, long start, long length) {
        return findElsewhere(fd, start, start + length) != null;
    }

    /** Some bytes in a row. */
    private record Range(long start, long end) {}

    /**
     * The bytes of a range that other open file descriptions have locked each by itself, ascending: the answer may be old when
     * it arrives. The kernel names one lock that is in the way, whichever; what is before it and behind it is asked for again.
     * Locks of several bytes are passed over.
     *
     * @param limit how many locks to look at: anybody who can open the file can make as many as there are bytes
     * @return not all, if so many were looked at
     */
    public static List<Long> lockedElsewhere(Fd fd, long start, long end, int limit) {
        List<Long> found = new ArrayList<>();
        Deque<Range> toAsk = new ArrayDeque<>(List.of(new Range(start, end)));
        for (int seen = 0; !toAsk.isEmpty() && seen < limit; ) {
            Range asked = toAsk.pop();
            Range lock = asked.start >= asked.end ? null : findElsewhere(fd, asked.start, asked.end);
            if (lock != null) {
                seen++;
                if (lock.end - lock.start == 1) {
                    found.add(lock.start);
                }
                toAsk.push(new Range(lock.end, asked.end));
                toAsk.push(new Range(asked.start, lock.start));
            }
        }
        found.sort(null);
        return found;
    }

    /** What some other open file description has locked with one lock, in a range or into it; or null. */
    private static @Nullable Range findElsewhere(Fd fd, long start, long end) {
        try (Arena arena = Arena.ofConfined()) {
            Flock lock = Flock.of(arena, Linux.F_WRLCK, start, end - start);
            long result = SystemCall.FCNTL.on(fd, Linux.F_OFD_GETLK, lock.address(), 0);
            Failure.check(result, "fcntl", fd, "F_OFD_GETLK", start, end - start);
            if (lock.type() == Linux.F_UNLCK) {
                return null;
            }
            long lockEnd = lock.length() == 0 ? Long.MAX_VALUE : lock.start() + lock.length();
            return new Range(lock.start(), lockEnd);
        }
    }
}
