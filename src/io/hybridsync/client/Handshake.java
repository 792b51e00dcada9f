package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The first words on a connection: which version, who you are, and the proof of life. */
final class Handshake {

    /** How often it is looked whether the answer is still wanted. */
    private static final long LOOK_NANOS = 50_000_000;

    /** What came of it. */
    enum Result {
        /** The broker knows this client. */
        WELCOME,
        /** The broker is just ending; or nobody wants the answer any more. */
        ENDING,
        /** This process was too slow for the broker, and may try again. */
        LATE
    }

    private final Channel channel;
    private final DomainDirectory directory;
    private final Identity self;
    private final BooleanSupplier over;

    /**
     * @param directory where the broker listens
     * @param self who this is
     * @param over whether nobody wants the answer any more; asked again and again as long as there is none
     */
    Handshake(Channel channel, DomainDirectory directory, Identity self, BooleanSupplier over) {
        this.channel = channel;
        this.directory = directory;
        this.self = self;
        this.over = over;
    }

    /**
     * Introduces this client to the broker: to the first one, or again to one that has come after it.
     *
     * @throws Refusal when the broker will not have it, or speaks another version
     * @throws ProtocolException when it speaks no protocol of ours
     * @throws BrokerUnavailableException when it says nothing until the deadline
     */
    Result run(long deadlineNanos) {
        boolean again = self.isKnown();
        if ((again && !self.show(directory)) || !said(self.greeting())) {
            return Result.ENDING;
        }
        Message answer = receive(deadlineNanos);
        if (answer == null) {
            return Result.ENDING;
        }
        return switch (answer) {
            case Message.Welcome welcome when again -> same(welcome);
            case Message.Welcome welcome ->
                self.become(welcome.clientId(), directory, () -> said(new Message.Alive())) ? Result.WELCOME : Result.ENDING;
            case Message.Refused refused when refused.code() == Code.LATE -> Result.LATE;
            case Message.Refused refused -> throw new Refusal(refusal(refused), again && refused.code() == Code.LOST);
            default -> throw new ProtocolException("the broker in %s answered the greeting with %s"
                    .formatted(directory, answer.getClass().getSimpleName()));
        };
    }

    private Result same(Message.Welcome welcome) {
        if (welcome.clientId() != self.id()) {
            throw new ProtocolException("the broker in %s takes client %d for client %d"
                    .formatted(directory, self.id(), welcome.clientId()));
        }
        return Result.WELCOME;
    }

    private boolean said(Message message) {
        return channel.trySend(Codec.encode(message), null) >= 0;
    }

    private @Nullable Message receive(long deadlineNanos) {
        while (!over.getAsBoolean()) {
            switch (channel.poll()) {
                case MESSAGE -> {
                    return channel.received().message();
                }
                case END -> {
                    return null;
                }
                case NOTHING -> awaitReadable(deadlineNanos);
            }
        }
        return null;
    }

    private void awaitReadable(long deadlineNanos) {
        long now = System.nanoTime();
        if (deadlineNanos - now <= 0) {
            throw new BrokerUnavailableException(
                    "the broker in " + directory + " accepts connections but says nothing; is it stopped?");
        }
        boolean _ = channel.socket().awaitReadable(now + Math.min(LOOK_NANOS, deadlineNanos - now));
    }

    private RuntimeException refusal(Message.Refused refused) {
        if (refused.major() != Version.MAJOR) {
            return new ProtocolException(("the broker in %s speaks version %d.%d of the protocol and this process %d.%d;"
                            + " use one major version of the library in one domain")
                    .formatted(directory, refused.major(), refused.minor(), Version.MAJOR, Version.MINOR));
        }
        return refused.code().exception("the broker in %s refuses: %s".formatted(directory, refused.reason()));
    }
}
