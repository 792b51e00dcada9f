package io.hybridsync.client;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Codec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends one message or nothing, and tells what keeps it from being sent. */
final class Delivery {

    /** What became of a message. */
    enum Outcome {
        /** It is on its way. */
        SENT,
        /** The peer has to read first: the socket tells when there is room. */
        NO_ROOM,
        /** The machine lacks something for it at the moment. There is room in the socket all the time: only trying tells. */
        STARVED,
        /** The peer is gone, or cannot be sent to. */
        GONE
    }

    /** As {@link Channel#trySend}. */
    @FunctionalInterface
    interface Sending {
        int trySend(Channel channel, ByteBuffer frame, @Nullable Fd fd);
    }

    private final Sending sending;

    Delivery() {
        this(Channel::trySend);
    }

    /** @param sending how messages go out */
    Delivery(Sending sending) {
        this.sending = sending;
    }

    Outcome send(Channel channel, Estate.Item item) {
        int result = sending.trySend(channel, Codec.encode(item.message()), item.fd());
        return result >= 0
                ? Outcome.SENT
                : switch (-result) {
                    case Errno.EAGAIN -> Outcome.NO_ROOM;
                    case Errno.ETOOMANYREFS, Errno.ENOBUFS, Errno.ENOMEM -> Outcome.STARVED;
                    default -> Outcome.GONE;
                };
    }
}
