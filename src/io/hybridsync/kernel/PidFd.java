package io.hybridsync.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A handle on a process that, unlike its pid, is never reused. Its descriptor becomes readable when the process ends.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
 */
public final class PidFd implements AutoCloseable {

    private final Fd fd;

    private PidFd(Fd fd) {
        this.fd = fd;
    }

    /**
     * A handle on the process that has this pid now. Needs {@link Features#pidfd}.
     *
     * @return null if there is no such process
     */
    public static @Nullable PidFd open(int pid) {
        long result = SystemCall.PIDFD_OPEN.call(pid, 0);
        if (result == -Errno.ESRCH) {
            return null;
        }
        return new PidFd(new Fd((int) Failure.check(result, "pidfd_open", pid)));
    }

    /**
     * Waits until the process has ended.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}; Long.MAX_VALUE is for ever
     * @return false if the deadline passed first
     */
    public boolean awaitEnd(long deadlineNanos) {
        return Poll.await(fd, Linux.POLLIN, deadlineNanos);
    }

    /** The descriptor, to be watched; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
