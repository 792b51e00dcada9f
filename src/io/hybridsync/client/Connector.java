package io.hybridsync.client;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.KernelException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.FileNames;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.LockFile.Role;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds the domain's broker, or starts one.
 *
 * <p>Whoever wants a broker connects, in every place where the domain's directory may be. If nobody listens, it tries to
 * become the starter, by a lock; the one that has the lock looks once more, starts a broker, and keeps the lock until it is
 * connected. The others look again every few milliseconds. So any number of clients at once start one broker, and when the
 * starter is killed, the kernel frees the lock and the next one starts.
 *
 * <p>A connection that ends before the broker has said a word is one to a broker that was just ending: look again. On a
 * busy machine this process may be too slow for the broker to tell it from one that connects and says nothing: try again.
 */
final class Connector {

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final Settings settings;
    private final Domain domain;
    private final long deadlineNanos = System.nanoTime() + START_NANOS;

    private Connector(Settings settings) {
        this.settings = settings;
        this.domain = Domain.of(settings.name(), settings.parent());
    }

    static Session connect(Settings settings) {
        return new Connector(settings).connect();
    }

    private Session connect() {
        for (;;) {
            Session session = find();
            if (session == null) {
                session = start(settings.starter().orElseThrow(this::nobody));
            }
            if (session != null) {
                return session;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new BrokerUnavailableException("no broker of %s could be reached within %d s"
                        .formatted(domain, TimeUnit.NANOSECONDS.toSeconds(START_NANOS)));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private BrokerUnavailableException nobody() {
        return new BrokerUnavailableException("no broker of %s is running, and with BrokerMode.EXTERNAL none is started: run"
                .formatted(domain) + " java -jar hybrid-sync.jar broker, or open the domain with BrokerMode.SPAWN");
    }

    private @Nullable Session find() {
        Session found = null;
        for (DomainDirectory directory : domain.find()) {
            if (found == null) {
                found = tryConnect(directory);
            }
            if (found == null || found.directory() != directory) {
                directory.close();
            }
        }
        return found;
    }

    private @Nullable Session start(Starter starter) {
        DomainDirectory directory = domain.make();
        Session session = null;
        try (LockFile lock = LockFile.tryLock(directory, Role.STARTER)) {
            if (lock != null) {
                session = tryConnect(directory);
                if (session == null && !LockFile.isHeld(directory, Role.BROKER)) {
                    session = start(starter, directory);
                }
            }
            return session;
        } finally {
            if (session == null) {
                directory.close();
            }
        }
    }

    private @Nullable Session start(Starter starter, DomainDirectory directory) {
        try (Starter.Started started = starter.start(arguments(directory))) {
            while (System.nanoTime() - deadlineNanos < 0) {
                String failure = started.failure();
                Session session = tryConnect(directory);
                if (session != null) {
                    return session;
                }
                if (failure != null && LockFile.isHeld(directory, Role.BROKER)) {
                    return null;
                }
                if (failure != null) {
                    throw new BrokerUnavailableException("the broker of %s did not start: %s".formatted(domain, failure));
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return null;
        }
    }

    private List<String> arguments(DomainDirectory directory) {
        return List.of(
                "--directory=" + FileNames.escaped(directory.path()),
                "--name=" + FileNames.escaped(settings.name()),
                "--linger-millis=" + settings.linger().toMillis());
    }

    /** The session with the broker that listens in the directory; null when there is none. */
    private @Nullable Session tryConnect(DomainDirectory directory) {
        Handshake.Result result = greet(directory);
        while (result.late()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new BrokerUnavailableException(("this process did not introduce itself to the broker in %s soon enough,"
                                + " as often as it tried: is the machine busy?")
                        .formatted(directory));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            result = greet(directory);
        }
        return result.session();
    }

    private Handshake.Result greet(DomainDirectory directory) {
        SeqPacket socket = SeqPacket.open();
        Handshake.Result greeting = Handshake.Result.ENDING;
        try {
            int result = directory.connect(socket);
            if (result == 0) {
                requireTrusted(socket, directory);
                long limit = System.nanoTime() + HANDSHAKE_NANOS;
                greeting = Handshake.with(new Channel(socket), directory, limit);
            } else if (result != -Errno.ENOENT && result != -Errno.ECONNREFUSED && result != -Errno.EAGAIN) {
                throw refused(directory, -result);
            }
            return greeting;
        } finally {
            if (greeting.session() == null) {
                socket.close();
            }
        }
    }

    private static void requireTrusted(SeqPacket socket, DomainDirectory directory) {
        if (!directory.admits(socket.peer(), socket::peerGroups)) {
            throw new AccessDeniedException("who listens at %s is %s, not the owner of the directory"
                    .formatted(directory, socket.peer()));
        }
    }

    private static RuntimeException refused(DomainDirectory directory, int errno) {
        String message = "connecting to the broker in %s: %s".formatted(directory, Errno.describe(errno));
        return errno == Errno.EACCES || errno == Errno.EPERM
                ? new AccessDeniedException(message)
                : new KernelException(message, errno);
    }
}
