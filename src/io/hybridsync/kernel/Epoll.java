package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Waits for events on many descriptors. One thread awaits and reads the results; others may add, modify and remove. A
 * descriptor that is closed is removed by the kernel.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
 */
public final class Epoll implements AutoCloseable {

    private static final int CAPACITY = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Fd fd;
    private final EpollEvent results = new EpollEvent(Arena.ofAuto().allocate((long) CAPACITY * EpollEvent.BYTES, 8));
    private int count;

    private Epoll(Fd fd) {
        this.fd = fd;
    }

    /** A new one, which watches nothing. */
    public static Epoll create() {
        long result = SystemCall.EPOLL_CREATE1.call(Linux.EPOLL_CLOEXEC, 0);
        return new Epoll(new Fd((int) Failure.check(result, "epoll_create1")));
    }

    /**
     * Begins to watch a descriptor.
     *
     * @param events of {@link Linux}: EPOLLIN and so on
     * @param data given back with each event
     */
    public void add(Fd watched, int events, long data) {
        control(Linux.EPOLL_CTL_ADD, watched, events, data);
    }

    /** Changes what is watched for, and the data. */
    public void modify(Fd watched, int events, long data) {
        control(Linux.EPOLL_CTL_MOD, watched, events, data);
    }

    /** Stops watching a descriptor. */
    public void remove(Fd watched) {
        control(Linux.EPOLL_CTL_DEL, watched, 0, 0);
    }

    private void control(int operation, Fd watched, int events, long data) {
        int number = watched.enter();
        try (Arena arena = Arena.ofConfined()) {
            EpollEvent event = new EpollEvent(arena.allocate(EpollEvent.BYTES, Long.BYTES));
            event.set(0, events, data);
            long result = SystemCall.EPOLL_CTL.on(fd, operation, number, event.address());
            Failure.check(result, "epoll_ctl", operation, watched);
        } finally {
            watched.leave();
        }
    }

    /**
     * Waits for events. Their number may be 0: the deadline has passed, or a signal handler ran.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}, kept to the next millisecond;
     *     Long.MAX_VALUE is for ever
     * @return how many events there are for {@link #events} and {@link #data}
     */
    public int await(long deadlineNanos) {
        count = 0;
        long result;
        try {
            result = SystemCall.EPOLL_PWAIT.on(fd, results.address(), CAPACITY, timeoutMillis(deadlineNanos), 0, 0);
        } finally {
            Reference.reachabilityFence(results);
        }
        count = result == -Errno.EINTR ? 0 : (int) Failure.check(result, "epoll_pwait", fd);
        return count;
    }

    private static int timeoutMillis(long deadlineNanos) {
        if (deadlineNanos == Long.MAX_VALUE) {
            return -1;
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(Timespec.left(deadlineNanos), NANOS_PER_MILLI));
    }

    /** What happened, of the result with this index. */
    public int events(int index) {
        return results.events(Objects.checkIndex(index, count));
    }

    /** The data that the descriptor was added with, of the result with this index. */
    public long data(int index) {
        return results.data(Objects.checkIndex(index, count));
    }

    /** The descriptor, to be watched by another; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
