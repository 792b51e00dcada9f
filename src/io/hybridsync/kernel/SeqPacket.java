package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket of type SOCK_SEQPACKET: a connection on which a message is sent and received whole, in order, with file
 * descriptors beside it if wanted. Never blocks, but in {@link #awaitReadable(long)} and its like. Safe for use
 * by many threads.
 *
 * <p>A message must have at least one byte: a received length of 0 is the end of file. The calls give minus errno where
 * the peer decides about it: -EAGAIN (nothing there, or no room), -EPIPE, -ECONNRESET (the peer is gone), -EMSGSIZE.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class SeqPacket implements AutoCloseable {

    private static final int TYPE = Linux.SOCK_SEQPACKET | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK;

    private final Fd fd;

    private SeqPacket(Fd fd) {
        this.fd = fd;
    }

    /** A socket that is not connected; see {@link #connect}. */
    public static SeqPacket open() {
        return new SeqPacket(new Fd(socket()));
    }

    private static int socket() {
        long result = SystemCall.SOCKET.call(Linux.AF_UNIX, TYPE, 0, 0);
        return (int) Failure.check(result, "socket", "AF_UNIX", "SOCK_SEQPACKET");
    }

    /**
     * A socket that listens at a new file in a directory.
     *
     * @param backlog how many connections may wait to be accepted; the kernel's limit is net.core.somaxconn
     * @throws io.hybridsync.error.KernelException with EADDRINUSE if the file exists, whoever left it
     */
    public static SeqPacket listen(Directory directory, String file, int backlog) {
        SeqPacket socket = new SeqPacket(Fd.foreign(socket()));
        try {
            socket.address(SystemCall.BIND, directory, file, true);
            Failure.check(SystemCall.LISTEN.on(socket.fd, backlog), "listen", directory, file);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Connects to a socket that listens at a file in a directory. May be tried again on the same socket.
     *
     * @return 0, or what the listener decides about: -ENOENT no such file, -ECONNREFUSED nobody listens there, -EAGAIN
     *     the listener's backlog is full, -EACCES may not be written, -EPROTOTYPE another type of socket, and so on
     */
    public int connect(Directory directory, String file) {
        return address(SystemCall.CONNECT, directory, file, false);
    }

    /** The address leads through the directory's descriptor, so it is short enough and means this very directory. */
    private int address(SystemCall call, Directory directory, String file, boolean must) {
        Fd held = directory.fd();
        held.enter();
        try (Arena arena = Arena.ofConfined()) {
            SockaddrUn address = SockaddrUn.of(arena, directory.procPath(file));
            long result = call.on(fd, address.address(), SockaddrUn.BYTES, 0);
            return (int) (must ? Failure.check(result, "bind", directory, file) : result);
        } finally {
            held.leave();
        }
    }

    /** The next connection; null if there is none now. */
    public @Nullable SeqPacket accept() {
        long result = SystemCall.ACCEPT4.on(fd, 0, 0, Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK);
        if (result == -Errno.EAGAIN || result == -Errno.EINTR || result == -Errno.ECONNABORTED) {
            return null;
        }
        return new SeqPacket(Fd.foreign((int) Failure.check(result, "accept4", fd)));
    }

    /**
     * Sends what is between the buffer's position and its limit as one message, or nothing. The buffer is left as it
     * is.
     *
     * @param message at least one byte; a direct buffer is not copied
     * @param passed a descriptor to go with it; it stays the caller's
     * @return the message's length, or minus errno
     */
    public int send(ByteBuffer message, @Nullable Fd passed) {
        if (!message.hasRemaining()) {
            throw new IllegalArgumentException("message is empty, which the receiver would take for the end of file");
        }
        if (passed == null) {
            return send(message, -1);
        }
        int number = passed.enter();
        try {
            return send(message, number);
        } finally {
            passed.leave();
        }
    }

    private int send(ByteBuffer message, int passed) {
        try (Arena arena = Arena.ofConfined()) {
            MsgHdr header = MsgHdr.of(arena, nativeCopy(arena, message));
            if (passed >= 0) {
                header.control(Cmsg.of(arena, passed));
            }
            return (int) SystemCall.SENDMSG.on(fd, header.address(), Linux.MSG_NOSIGNAL | Linux.MSG_DONTWAIT, 0);
        } finally {
            Reference.reachabilityFence(message);
        }
    }

    private static MemorySegment nativeCopy(Arena arena, ByteBuffer message) {
        MemorySegment segment = MemorySegment.ofBuffer(message);
        return segment.isNative() ? segment : arena.allocate(segment.byteSize()).copyFrom(segment);
    }

    /**
     * Receives a message that carries no descriptors: a message that does is dropped, and they are closed.
     *
     * @return as {@link #receive(ByteBuffer, List)}
     */
    public int receive(ByteBuffer into) {
        List<Fd> fds = new ArrayList<>(0);
        int result = receive(into, fds);
        if (fds.isEmpty()) {
            return result;
        }
        fds.forEach(Fd::close);
        return -Errno.EBADMSG;
    }

    /**
     * Receives a message. Its bytes go to the buffer's position, which moves behind them, its descriptors to the list,
     * where they are the caller's to close.
     *
     * @param into with room for the longest message that is expected
     * @return the message's length; 0 the end of file; -EAGAIN nothing there; -EBADMSG it was longer than the buffer, or
     *     carried descriptors and no byte: it is dropped, its descriptors are closed, and the list is as it was; -EMFILE this
     *     process can open no more descriptors: the bytes are there, the position is behind them, and the descriptors are lost;
     *     another -errno
     */
    public int receive(ByteBuffer into, List<Fd> fds) {
        Objects.requireNonNull(fds, "fds");
        if (!into.hasRemaining()) {
            throw new IllegalArgumentException("into has no room, so a message would look like the end of file");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = MemorySegment.ofBuffer(into);
            MemorySegment memory = target.isNative() ? target : arena.allocate(target.byteSize());
            MsgHdr header = MsgHdr.of(arena, memory);
            Cmsg control = Cmsg.empty(arena);
            header.control(control);
            int flags = Linux.MSG_CMSG_CLOEXEC | Linux.MSG_DONTWAIT;
            int length = (int) SystemCall.RECVMSG.on(fd, header.address(), flags, 0);
            int failure = length < 0 ? length : takeFds(header, control, fds, length == 0);
            if (length > 0 && failure != -Errno.EBADMSG) {
                deliver(memory, target, length);
                into.position(into.position() + length);
            }
            return failure == 0 ? length : failure;
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    private static void deliver(MemorySegment memory, MemorySegment target, int length) {
        if (!target.isNative()) {
            MemorySegment.copy(memory, 0, target, 0, length);
        }
    }

    /**
     * There is room in the buffer for as many as there can be: if not all are there it is this process that has none. A message
     * without bytes looks like the end of file, which brings no descriptors.
     */
    private static int takeFds(MsgHdr header, Cmsg control, List<Fd> fds, boolean empty) {
        List<Fd> taken = new ArrayList<>(0);
        control.takeFds(header.controlLength(), taken);
        boolean whole = !header.isTruncated() && !header.isControlTruncated();
        if (whole && !(empty && !taken.isEmpty())) {
            fds.addAll(taken);
            return 0;
        }
        taken.forEach(Fd::close);
        return empty || header.isTruncated() ? -Errno.EBADMSG : -Errno.EMFILE;
    }

    /** Who is at the other end, as the kernel saw it when the connection was made. */
    public Peer peer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ucred = arena.allocate(Peer.BYTES, Integer.BYTES);
            SocketOption.get(arena, fd, SocketOption.SO_PEERCRED, ucred);
            return Peer.read(ucred);
        }
    }

    /** The supplementary group ids of who is at the other end, as the kernel saw it when the connection was made. */
    public int[] peerGroups() {
        return SocketOption.peerGroups(fd);
    }

    /** Ends the connection in both directions: the peer reads what is queued and then the end of file. */
    public void shutdown() {
        long result = SystemCall.SHUTDOWN.on(fd, Linux.SHUT_RDWR);
        if (result != -Errno.ENOTCONN) {
            Failure.check(result, "shutdown", fd);
        }
    }

    /**
     * Waits until there is a message, a connection, or the end of file.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}; Long.MAX_VALUE is for ever
     * @return false if the deadline passed first
     */
    public boolean awaitReadable(long deadlineNanos) {
        return Poll.await(fd, Linux.POLLIN, deadlineNanos);
    }

    /**
     * The same, or until the calling thread is called.
     *
     * @param room whether room for a message is waited for as well
     * @param calls signaled by whoever wants the thread; the calls until now are over then
     */
    public void awaitReadable(boolean room, EventFd calls, long deadlineNanos) {
        boolean _ = Poll.await(fd, room ? Linux.POLLIN | Linux.POLLOUT : Linux.POLLIN, calls.fd(), deadlineNanos);
        long _ = calls.drain();
    }

    /**
     * Waits until there is room for a message, or the peer is gone.
     *
     * @param deadlineNanos absolute, in the clock of {@link System#nanoTime}; Long.MAX_VALUE is for ever
     * @return false if the deadline passed first
     */
    public boolean awaitWritable(long deadlineNanos) {
        return Poll.await(fd, Linux.POLLOUT, deadlineNanos);
    }

    /** The descriptor, to be watched; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    /**
     * Ends the connection, so that a thread in {@link #awaitReadable(long)} returns, and closes the socket. One that listens,
     * or was accepted, is closed soon, and what is unread with it: who watches it has to end that first.
     */
    @Override
    public void close() {
        if (fd.tryEnter()) {
            try {
                SystemCall.SHUTDOWN.on(fd, Linux.SHUT_RDWR);
                fd.close();
            } finally {
                fd.leave();
            }
        }
    }
}
