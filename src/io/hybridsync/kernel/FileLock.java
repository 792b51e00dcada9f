package io.hybridsync.kernel;

import java.lang.foreign.Arena;

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
        try (Arena arena = Arena.ofConfined()) {
            Flock lock = Flock.of(arena, Linux.F_WRLCK, start, length);
            long result = SystemCall.FCNTL.on(fd, Linux.F_OFD_GETLK, lock.address(), 0);
            Failure.check(result, "fcntl", fd, "F_OFD_GETLK", start, length);
            return lock.type() != Linux.F_UNLCK;
        }
    }
}
