package io.hybridsync.broker;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.kernel.Processes;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.LockFile.Role;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A planned restart: a broker takes the place of the one that is running. No client starts one meanwhile, for the starter's
 * lock is held; the old one is told to end, and its clients come to the new one with what they have, as if it had died.
 *
 * <p>If this process dies before the old broker has ended nothing has happened; if it dies later the clients start one
 * themselves, for both locks are free then.
 */
final class Replacement {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

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
            Optional<Broker> broker = Broker.start(now, options);
            return broker.orElse(null);
        }
    }

    private void end() {
        int pid = pid();
        if (pid == 0) {
            return;
        }
        if (pid == Processes.getpid()) {
            throw new BrokerUnavailableException("the broker of %s is in this very process".formatted(directory));
        }
        boolean told = ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false);
        if (!told && LockFile.isHeld(directory, Role.BROKER)) {
            throw new BrokerUnavailableException("process %d, the broker of %s, cannot be told to end: kill -TERM it as its"
                            .formatted(pid, directory)
                    + " owner, in its own pid namespace");
        }
    }

    /** The process that listens; 0 for none. */
    private int pid() {
        try (SeqPacket socket = SeqPacket.open()) {
            return directory.connect(socket) == 0 ? socket.peer().pid() : 0;
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
