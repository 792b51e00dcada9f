package io.hybridsync.wire;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.SeqPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries messages. One thread receives; any number of threads send.
 *
 * <p>{@link #send} and {@link #receive} wait, for a client; {@link #trySend} and {@link #poll} never do, for the
 * broker. A message carries one descriptor or none, as {@link Message#carriesDescriptor} says: what comes otherwise is
 * closed and refused.
 */
public final class Channel implements AutoCloseable {

    /** What a look at the connection found. */
    public enum Look {
        /** A message: see {@link #received}. */
        MESSAGE,
        /** Nothing for now. */
        NOTHING,
        /** The peer has closed or died; everything it sent has been received. */
        END
    }

    /**
     * A message that came.
     *
     * @param message what it says
     * @param fd what came along: the receiver's to close; null with a message whose descriptor this process
     *     had no room for
     */
    public record Received(Message message, @Nullable Fd fd) {

        /**
         * The descriptor of a message that carries one.
         *
         * @throws LimitExceededException when this process had no room for it
         */
        public Fd takeFd() {
            if (fd == null) {
                throw new LimitExceededException("The descriptor of a message could not be opened: "
                        + Errno.describe(Errno.EMFILE) + ". Raise the limit of open files (ulimit -n, sysctl"
                        + " fs.file-max), or close what is not needed.");
            }
            return fd;
        }
    }

    private final SeqPacket socket;
    private final ByteBuffer buffer;
    private @Nullable Received received;

    /** A channel with a buffer of its own. */
    public Channel(SeqPacket socket) {
        this(socket, newBuffer());
    }

    /**
     * @param socket connected; closed with the channel
     * @param buffer from {@link #newBuffer}; may be shared by channels that one thread receives from
     */
    public Channel(SeqPacket socket, ByteBuffer buffer) {
        this.socket = socket;
        this.buffer = buffer;
    }

    /** Room for the largest packet. */
    public static ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(Codec.MAX_FRAME);
    }

    /** The connection, to be watched. */
    public SeqPacket socket() {
        return socket;
    }

    /**
     * Waits for the next message.
     *
     * @return null when the peer has closed or died and everything it sent has been received
     * @throws ProtocolException when something came that is no message; the connection is of no use then
     */
    public @Nullable Received receive() {
        for (;;) {
            switch (poll()) {
                case MESSAGE -> {
                    return received();
                }
                case END -> {
                    return null;
                }
                case NOTHING -> socket.awaitReadable(Long.MAX_VALUE);
            }
        }
    }

    /**
     * Takes the next message, if there is one.
     *
     * @throws ProtocolException when something came that is no message; the connection is of no use then
     */
    public Look poll() {
        List<Fd> fds = new ArrayList<>(0);
        int result = socket.receive(buffer.clear(), fds);
        if (result == -Errno.ECONNRESET) {
            // The peer died with messages of ours unread. What it sent before comes after this.
            result = socket.receive(buffer.clear(), fds);
        }
        return switch (result) {
            case 0, -Errno.ECONNRESET, -Errno.EPIPE -> Look.END;
            case -Errno.EAGAIN -> Look.NOTHING;
            default -> decode(result, fds);
        };
    }

    /** The message that {@link #poll} took last. */
    public Received received() {
        return Objects.requireNonNull(received, "no message was received");
    }

    /**
     * Sends a message, and waits until there is room for it.
     *
     * @param deadlineNanos absolute, on the clock of {@link System#nanoTime}
     * @return false when there was no room in time
     * @throws BrokerUnavailableException when the peer is gone
     */
    public boolean send(Message message, long deadlineNanos) {
        ByteBuffer frame = Codec.encode(message);
        int result = trySend(frame, null);
        while (result == -Errno.EAGAIN) {
            if (!socket.awaitWritable(deadlineNanos)) {
                return false;
            }
            result = trySend(frame, null);
        }
        if (result < 0) {
            throw new BrokerUnavailableException("the connection has ended (" + Errno.name(-result) + ")");
        }
        return true;
    }

    /**
     * Sends a message, or nothing.
     *
     * @param frame from {@link Codec#encode}; left as it is
     * @param fd goes along, and stays the caller's
     * @return the bytes sent, -EAGAIN when there is no room now, another -errno when the peer is gone
     */
    public int trySend(ByteBuffer frame, @Nullable Fd fd) {
        return socket.send(frame, fd);
    }

    /** Ends the connection: whoever receives at either side gets the rest and then the end. */
    public void shutdown() {
        socket.shutdown();
    }

    private Look decode(int result, List<Fd> fds) {
        try {
            boolean noRoom = result == -Errno.EMFILE;
            requireBytes(noRoom ? 0 : result);
            Message message = Codec.decode(buffer.flip());
            requireFds(noRoom ? 1 : fds.size(), message.carriesDescriptor() ? 1 : 0);
            received = new Received(message, fds.isEmpty() ? null : fds.get(0));
            return Look.MESSAGE;
        } catch (ProtocolException | KernelException e) {
            fds.forEach(Fd::close);
            throw e;
        }
    }

    private static void requireBytes(int result) {
        if (result == -Errno.EBADMSG) {
            throw new ProtocolException("a packet that is larger than any message, or has descriptors and no byte");
        }
        if (result < 0) {
            throw new KernelException("recvmsg: " + Errno.describe(-result), -result);
        }
    }

    private static void requireFds(int found, int expected) {
        if (found != expected) {
            throw new ProtocolException("a message with %d descriptors where %d belong".formatted(found, expected));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
