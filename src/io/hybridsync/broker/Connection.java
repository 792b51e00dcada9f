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
 * everything waits behind it.
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

    private record Waiting(ByteBuffer frame, @Nullable Fd fd) {}

    private final long key;
    private final Channel channel;
    private final Budget budget;
    private final int queueBytes;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int queued;
    private boolean full;

    /**
     * @param key names the connection
     * @param queueBytes how much may wait
     */
    Connection(long key, Channel channel, Budget budget, int queueBytes) {
        this.key = key;
        this.channel = channel;
        this.budget = budget;
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
            int result = channel.trySend(frame, fd);
            if (result != -Errno.EAGAIN) {
                return result < 0 ? Sent.GONE : Sent.ACCEPTED;
            }
        }
        int bytes = frame.remaining();
        if (bytes > queueBytes - queued || !budget.take(bytes)) {
            return Sent.FULL;
        }
        queue.add(new Waiting(frame, fd));
        queued += bytes;
        return Sent.ACCEPTED;
    }

    /** Sends now or not at all. */
    Sent sendNow(ByteBuffer frame, @Nullable Fd fd) {
        int result = queue.isEmpty() ? channel.trySend(frame, fd) : -Errno.EAGAIN;
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
            int result = channel.trySend(next.frame, next.fd);
            if (result == -Errno.EAGAIN) {
                return Sent.ACCEPTED;
            }
            if (result < 0) {
                return Sent.GONE;
            }
            queue.remove();
            forget(next.frame.remaining());
        }
        return Sent.ACCEPTED;
    }

    private void forget(int bytes) {
        queued -= bytes;
        budget.giveBack(bytes);
    }

    /** What waits is lost. */
    @Override
    public void close() {
        forget(queued);
        queue.clear();
        channel.close();
    }
}
