package io.hybridsync.broker;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Processes;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.LockFile.Role;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A planned restart: a broker takes the place of the one that is running. No client starts one meanwhile, for the starter's
 * lock is held; the old one is told to end, and its clients come to the new one with what they have, as if it had died.
 *
 * <p>Only a process is told to end that is there to be a broker and for nothing else: it says so itself, by a lock of its own.
 *
 * <p>If this process dies before the old broker has ended nothing has happened; if it dies later the clients start one
 * themselves, for both locks are free then.
 */
final class Replacement {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** What the kernel says of a process that is not visible in the pid namespace of this one. */
    private static final int INVISIBLE = 0;

    private final DomainDirectory directory;
    private final long deadlineNanos = System.nanoTime() + LIMIT_NANOS;

    private Replacement(DomainDirectory directory) {
        this.directory = directory;
    }

    /**
     * Makes this process the broker of a domain, also if another one is.
     *
     * @param directory of the domain; stays the caller's
     * @throws BrokerUnavailableException when the other one cannot be told to end, or does not
     * @throws ProtocolException when the other one speaks another major version; it stays
     */
    static Broker start(DomainDirectory directory, Options options) {
        return new Replacement(directory).start(options);
    }

    private Broker start(Options options) {
        try (LockFile _ = await(() -> LockFile.tryLock(directory, Role.STARTER), "another one is being started")) {
            end();
            return await(() -> seated(options), "it does not end");
        }
    }

    /** Who has no clients removes the directory when it ends: it is made again. */
    private @Nullable Broker seated(Options options) {
        if (LockFile.isHeld(directory, Role.BROKER)) {
            return null;
        }
        try (DomainDirectory now = directory.domain().make()) {
            Optional<Broker> broker = Broker.startAlone(now, options);
            return broker.orElse(null);
        }
    }

    /**
     * First what it is, then which process: meanwhile another one can have come only by hand, and that is there for nothing
     * else. An application begins one with the starter's lock.
     */
    private void end() {
        boolean alone = LockFile.isHeld(directory, Role.PROCESS);
        OptionalInt listener = pid();
        if (listener.isEmpty()) {
            return;
        }
        int pid = listener.getAsInt();
        String which = pid == INVISIBLE ? "a process of another pid namespace" : "process " + pid;
        if (pid == Processes.getpid()) {
            throw new BrokerUnavailableException("the broker of %s is in this very process".formatted(directory));
        }
        if (!alone) {
            throw new BrokerUnavailableException(("the broker of %s is in %s, which does other things as well: it is not ended."
                            + " End it yourself, or close its domain, and start this one then")
                    .formatted(directory, which));
        }
        boolean told = pid != INVISIBLE && ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false);
        if (!told && LockFile.isHeld(directory, Role.BROKER)) {
            throw new BrokerUnavailableException("%s, the broker of %s, cannot be told to end: kill -TERM it as its"
                            .formatted(which, directory)
                    + " owner, in its own pid namespace");
        }
    }

    /** The process that listens, if one does; {@link #INVISIBLE} if it has no pid here. */
    private OptionalInt pid() {
        try (SeqPacket socket = SeqPacket.open()) {
            if (directory.connect(socket) != 0) {
                return OptionalInt.empty();
            }
            requireOneMajorVersion(socket);
            return OptionalInt.of(socket.peer().pid());
        }
    }

    /** It stays where its clients would be refused here and lose what they have. One that says nothing is not spared. */
    private void requireOneMajorVersion(SeqPacket socket) {
        Channel channel = new Channel(socket);
        int _ = channel.trySend(Codec.encode(new Message.Hello(Version.MAJOR, Version.MINOR, "a broker")), null);
        if (socket.awaitReadable(System.nanoTime() + ANSWER_NANOS)
                && channel.poll() == Channel.Look.MESSAGE
                && channel.received().message() instanceof Message.Refused refused
                && refused.major() != Version.MAJOR) {
            throw new ProtocolException(("the broker of %s speaks version %d.%d of the protocol and this one %d.%d: its clients"
                            + " would lose what they have open. End the last of them to replace it.")
                    .formatted(directory, refused.major(), refused.minor(), Version.MAJOR, Version.MINOR));
        }
    }

    private <T> T await(Supplier<@Nullable T> attempt, String otherwise) {
        for (T result = attempt.get(); ; result = attempt.get()) {
            if (result != null) {
                return result;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new BrokerUnavailableException("the broker of %s cannot be replaced: %s".formatted(directory, otherwise));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
