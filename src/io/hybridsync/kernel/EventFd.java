package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A counter that can be watched: how another thread gets a thread out of {@link Epoll#await} or {@link SeqPacket#awaitReadable}.
 * Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
public final class EventFd implements AutoCloseable {

    private final Fd fd;

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    /** A new one, with count 0. */
    public static EventFd create() {
        long result = SystemCall.EVENTFD2.call(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        return new EventFd(new Fd((int) Failure.check(result, "eventfd2")));
    }

    /** Adds one, which makes the descriptor readable. */
    public void signal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            long result = SystemCall.WRITE.on(fd, one.address(), Long.BYTES, 0);
            if (result != -Errno.EAGAIN) {
                Failure.check(result, "write", fd);
            }
        }
    }

    /** How often it was signaled since the last call; the descriptor is not readable any more. */
    public long drain() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counter = arena.allocate(JAVA_LONG);
            long result = SystemCall.READ.on(fd, counter.address(), Long.BYTES, 0);
            if (result == -Errno.EAGAIN) {
                return 0;
            }
            Failure.check(result, "read", fd);
            return counter.get(JAVA_LONG, 0);
        }
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
