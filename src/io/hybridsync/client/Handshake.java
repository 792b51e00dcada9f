package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import org.jspecify.annotations.Nullable;

/** The first words on a connection: which version, who you are, and the proof of life. */
final class Handshake {

    private static final int LONGEST_PROGRAM = 200;

    /**
     * What came of it.
     *
     * @param session null when there is none
     * @param late whether this process was too slow for the broker, and may try again
     */
    record Result(@Nullable Session session, boolean late) {

        static final Result ENDING = new Result(null, false);
        static final Result LATE = new Result(null, true);
    }

    private Handshake() {}

    /**
     * Introduces this process to the broker.
     *
     * @return no session when the broker is just ending, or has found it too late
     * @throws ProtocolException when it speaks another version, or no protocol of ours
     * @throws LimitExceededException when it has as many clients as it may have
     * @throws BrokerUnavailableException when it says nothing until the deadline
     */
    static Result with(Channel channel, DomainDirectory directory, long deadlineNanos) {
        if (!said(channel, new Message.Hello(Version.MAJOR, Version.MINOR, program()))) {
            return Result.ENDING;
        }
        Message answer = receive(channel, directory, deadlineNanos);
        if (answer == null) {
            return Result.ENDING;
        }
        return switch (answer) {
            case Message.Welcome welcome -> new Result(live(channel, directory, welcome.clientId()), false);
            case Message.Refused refused when refused.code() == Code.LATE -> Result.LATE;
            case Message.Refused refused -> throw refusal(refused, directory);
            default -> throw new ProtocolException("the broker in %s answered the greeting with %s"
                    .formatted(directory, answer.getClass().getSimpleName()));
        };
    }

    private static boolean said(Channel channel, Message message) {
        return channel.trySend(Codec.encode(message), null) >= 0;
    }

    private static @Nullable Message receive(Channel channel, DomainDirectory directory, long deadlineNanos) {
        for (;;) {
            switch (channel.poll()) {
                case MESSAGE -> {
                    return channel.received().message();
                }
                case END -> {
                    return null;
                }
                case NOTHING -> {
                    if (!channel.socket().awaitReadable(deadlineNanos)) {
                        throw new BrokerUnavailableException(
                                "the broker in " + directory + " accepts connections but says nothing; is it stopped?");
                    }
                }
            }
        }
    }

    private static @Nullable Session live(Channel channel, DomainDirectory directory, int id) {
        ClientsFile liveness = ClientsFile.open(directory);
        if (liveness == null) {
            return null;
        }
        if (!liveness.lock(id) || !liveness.isCurrent(directory) || !said(channel, new Message.Alive())) {
            liveness.close();
            return null;
        }
        return new Session(directory, channel, new Slabs(), id, liveness);
    }

    private static RuntimeException refusal(Message.Refused refused, DomainDirectory directory) {
        if (refused.major() != Version.MAJOR) {
            return new ProtocolException(("the broker in %s speaks version %d.%d of the protocol and this process %d.%d;"
                            + " use one major version of the library in one domain")
                    .formatted(directory, refused.major(), refused.minor(), Version.MAJOR, Version.MINOR));
        }
        return refused.code().exception("the broker in %s refuses: %s".formatted(directory, refused.reason()));
    }

    /** What this process is, for the broker's log. */
    private static String program() {
        String command = ProcessHandle.current().info().command().orElse("java");
        String name = System.getProperty("sun.java.command", command);
        return name.substring(0, Math.min(LONGEST_PROGRAM, name.length())) + " (" + ProcessHandle.current().pid() + ")";
    }
}
