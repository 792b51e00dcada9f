package io.hybridsync.broker;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.wire.Channel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One connection with what waits for the peer to read it. What is sent first arrives first: while anything waits,
 * everything waits behind it. What waits is paid for by the connection's {@link Account}: there is room for some messages also
 * when others have used up the budget.
 */
final class Connection implements AutoCloseable {

    /** What became of a message. */
    enum Sent {
        /** It is on its way, or waits for its turn. */
        ACCEPTED,
        /** There is no room for it now. */
        NO_ROOM,
        /** The peer leaves so much unread that there is no room for more. */
        FULL,
        /** The peer is gone, or cannot be sent to. */
        GONE
    }

    /** Sends a message or nothing, as {@link Channel#trySend}. */
    @FunctionalInterface
    interface Sending {
        int trySend(ByteBuffer frame, @Nullable Fd fd);
    }

    /** What a message that waits takes of the heap besides its bytes. */
    private static final int WAITING_BYTES = 128;

    private record Waiting(ByteBuffer frame, @Nullable Fd fd) {

        /** Keeps no more than the bytes: frames are made in larger arrays. */
        static Waiting of(ByteBuffer frame, @Nullable Fd fd) {
            ByteBuffer exact = ByteBuffer.allocate(frame.remaining());
            return new Waiting(exact.put(frame.duplicate()).flip(), fd);
        }

        int bytes() {
            return frame.capacity() + WAITING_BYTES;
        }
    }

    private final long key;
    private final Channel channel;
    private final Sending sending;
    private final Account account;
    private final int queueBytes;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int queued;
    private boolean full;
    private boolean starved;

    /**
     * @param key names the connection
     * @param queueBytes how much may wait
     */
    Connection(long key, Channel channel, Budget budget, int queueBytes) {
        this(key, channel, channel::trySend, budget, queueBytes);
    }

    /** @param sending how messages go out */
    Connection(long key, Channel channel, Sending sending, Budget budget, int queueBytes) {
        this.key = key;
        this.channel = channel;
        this.sending = sending;
        this.account = new Account(budget);
        this.queueBytes = queueBytes;
    }

    long key() {
        return key;
    }

    Channel channel() {
        return channel;
    }

    /** Whether something waits for room. */
    boolean isWaiting() {
        return !queue.isEmpty();
    }

    /** Sends, now or when there is room. */
    Sent send(ByteBuffer frame, @Nullable Fd fd) {
        if (queue.isEmpty()) {
            int result = trySend(frame, fd);
            if (result != -Errno.EAGAIN) {
                return result < 0 ? Sent.GONE : Sent.ACCEPTED;
            }
        }
        Waiting waiting = Waiting.of(frame, fd);
        if (waiting.bytes() > queueBytes - queued || !account.take(waiting.bytes())) {
            return Sent.FULL;
        }
        queue.add(waiting);
        queued += waiting.bytes();
        return Sent.ACCEPTED;
    }

    /** What the machine lacks at the moment is no room: it is tried again in a while, for the socket has room all the time. */
    private int trySend(ByteBuffer frame, @Nullable Fd fd) {
        int result = sending.trySend(frame, fd);
        starved = result == -Errno.ETOOMANYREFS || result == -Errno.ENOBUFS || result == -Errno.ENOMEM;
        return starved ? -Errno.EAGAIN : result;
    }

    /** Whether there was no room for the last message, and the socket does not tell when there is. */
    boolean isStarved() {
        return starved;
    }

    /** Sends now or not at all. */
    Sent sendNow(ByteBuffer frame, @Nullable Fd fd) {
        int result = queue.isEmpty() ? trySend(frame, fd) : -Errno.EAGAIN;
        full = result == -Errno.EAGAIN;
        if (full) {
            return Sent.NO_ROOM;
        }
        return result < 0 ? Sent.GONE : Sent.ACCEPTED;
    }

    /** Whether there was room when something was sent last, or there has been since. */
    boolean hasRoom() {
        return !full && queue.isEmpty();
    }

    /** There may be room again: sends what waits. */
    Sent flush() {
        full = false;
        for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
            int result = trySend(next.frame, next.fd);
            if (result == -Errno.EAGAIN) {
                return Sent.ACCEPTED;
            }
            if (result < 0) {
                return Sent.GONE;
            }
            queue.remove();
            forget(next.bytes());
        }
        return Sent.ACCEPTED;
    }

    private void forget(int bytes) {
        queued -= bytes;
        account.giveBack(bytes);
    }

    /** What waits is lost. */
    @Override
    public void close() {
        forget(queued);
        queue.clear();
        channel.close();
    }
}
