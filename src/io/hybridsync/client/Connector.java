package io.hybridsync.client;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.FileNames;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.LockFile.Role;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the domain's broker, or starts one.
 *
 * <p>Whoever wants a broker connects, in every place where the domain's directory may be. If nobody listens, it tries to
 * become the starter, by a lock; the one that has the lock looks once more, starts a broker, and keeps the lock until it is
 * connected. The others look again every few milliseconds. So any number of clients at once start one broker, and when the
 * starter is killed, the kernel frees the lock and the next one starts. One that is only stopped keeps it: where somebody has it
 * for long and nobody is the broker, a deputy starts one all the same, by another lock. Should that make two they decide it by the
 * broker's lock, and the other one is none too many to anybody.
 *
 * <p>A connection that ends before the broker has said a word is one to a broker that was just ending: look again. On a
 * busy machine this process may be too slow for the broker to tell it from one that connects and says nothing: try again.
 *
 * <p>Who opens a domain wants to know soon that there is no broker. Who has objects open when the broker ends does not
 * give up: {@link #findNext} looks as long as it takes, less and less often. It needs no thread but its caller's, which looks
 * after the objects wherever it waits here: where a process may have no more threads it finds the next broker all the same.
 */
final class Connector {

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** Much more than it takes to start a broker on a busy machine, and less than the time in which one must be there. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Settings settings;
    private final Identity self;
    private final Domain domain;
    private final long stuckNanos;

    /** Since when each look has found that another one starts a broker, and that there is none. */
    private long startedSince = System.nanoTime();

    private long deadlineNanos = System.nanoTime() + START_NANOS;

    /** Where the last broker was; null before there was one. */
    private @Nullable DomainDirectory last;

    /** What is done while something is waited for; says when to do it again. */
    private LongSupplier meanwhile = () -> Long.MAX_VALUE;

    /** Nobody wants a broker any more. */
    private volatile boolean over;

    /** @param self who wants a broker */
    Connector(Settings settings, Identity self) {
        this(settings, self, STUCK_NANOS);
    }

    /** @param stuckNanos for how long another one may be starting a broker */
    Connector(Settings settings, Identity self, long stuckNanos) {
        this.stuckNanos = stuckNanos;
        this.settings = settings;
        this.self = self;
        this.domain = Domain.of(settings.name(), settings.parent());
    }

    /**
     * The domain's broker.
     *
     * @throws SyncException when there is none and none can be started, or it will not have this client
     */
    Contact connect() {
        try {
            return connectInTime();
        } catch (Refusal e) {
            throw e.reason();
        }
    }

    /**
     * The broker that comes after one that has ended, however long that takes. What this process or the machine lacks at the
     * moment, be it memory or threads, is no more than a reason to try again.
     *
     * @param before where that one was; stays the caller's, who keeps it open
     * @param pauseNanos to wait first
     * @param tend looks after the objects, and says when to do so again
     * @param trouble is told why there is none yet: what went wrong last, also when it is another's turn to try
     * @return null after {@link #giveUp}
     * @throws Refusal when it will not have this client
     * @throws ProtocolException when it does not speak our protocol
     */
    @Nullable Contact findNext(DomainDirectory before, long pauseNanos, LongSupplier tend, Consumer<String> trouble) {
        last = before;
        meanwhile = tend;
        startedSince = System.nanoTime();
        String why = "none is running";
        for (long pause = pauseNanos; ; pause = longerPause(pause)) {
            try {
                pause(pause);
                if (over) {
                    return null;
                }
                Contact contact = findOrStart();
                if (contact != null) {
                    return contact;
                }
            } catch (ProtocolException e) {
                throw e;
            } catch (SyncException | VirtualMachineError e) {
                why = String.valueOf(e.getMessage());
            }
            trouble.accept(why);
        }
    }

    private @Nullable Contact findOrStart() {
        deadlineNanos = System.nanoTime() + START_NANOS;
        show();
        Contact contact = find();
        return contact == null && settings.starter().isPresent() ? start(settings.starter().get()) : contact;
    }

    private void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long now = System.nanoTime(); now - end < 0 && !over; now = System.nanoTime()) {
            LockSupport.parkNanos(Math.min(end, meanwhile.getAsLong()) - now);
        }
    }

    /** Shows in all directories of the domain that this client lives; not where somebody else shows it for its id. */
    void show() {
        for (DomainDirectory directory : domain.find()) {
            try (directory) {
                showIn(directory);
            }
        }
    }

    /** Should the next broker be where somebody else shows that id, it says so itself. */
    private void showIn(DomainDirectory directory) {
        try {
            boolean _ = self.show(directory);
        } catch (Refusal e) {
            Log.write(Level.DEBUG, () -> String.valueOf(e.reason().getMessage()));
        }
    }

    /** How long to wait when that long has not been enough. */
    static long longerPause(long pauseNanos) {
        return Math.clamp(2 * pauseNanos, PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    }

    /** The next broker is to be greeted as by a new client. */
    void forget() {
        self.forget();
    }

    /** Nobody wants a broker any more: whoever looks for one comes back soon. */
    void giveUp() {
        over = true;
    }

    private boolean isTimeUp() {
        return isOver() || System.nanoTime() - deadlineNanos >= 0;
    }

    /** Whoever waits asks this every few milliseconds: that is when the objects are looked after. */
    private boolean isOver() {
        long _ = meanwhile.getAsLong();
        return over;
    }

    private Contact connectInTime() {
        for (;;) {
            Contact contact = find();
            if (contact == null) {
                contact = start(settings.starter().orElseThrow(this::nobody));
            }
            if (contact != null) {
                return contact;
            }
            if (isTimeUp()) {
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

    private @Nullable Contact find() {
        Contact found = null;
        List<DomainDirectory> directories = domain.find();
        try {
            for (DomainDirectory directory : directories) {
                found = found == null ? tryConnect(directory) : found;
            }
            return found;
        } finally {
            for (DomainDirectory directory : directories) {
                if (found == null || found.directory() != directory) {
                    directory.close();
                }
            }
        }
    }

    /** Where the last broker was, if that is there: only there it is known who lives. */
    private DomainDirectory place() {
        DomainDirectory there = last == null ? null : last.again();
        return there == null ? domain.make() : there;
    }

    private @Nullable Contact start(Starter starter) {
        DomainDirectory directory = place();
        Contact contact = null;
        try (LockFile lock = starter(directory)) {
            if (lock != null && self.show(directory)) {
                contact = tryConnect(directory);
                if (contact == null && !LockFile.isHeld(directory, Role.BROKER)) {
                    contact = start(starter, directory);
                }
            }
            return contact;
        } finally {
            if (contact == null) {
                directory.close();
            }
        }
    }

    /** The right to start a broker; null when that is another's. */
    private @Nullable LockFile starter(DomainDirectory directory) {
        LockFile lock = LockFile.tryLock(directory, Role.STARTER);
        long now = System.nanoTime();
        if (lock != null || LockFile.isHeld(directory, Role.BROKER)) {
            startedSince = now;
            return lock;
        }
        return now - startedSince >= stuckNanos ? LockFile.tryLock(directory, Role.DEPUTY) : null;
    }

    private @Nullable Contact start(Starter starter, DomainDirectory directory) {
        try (Starter.Started started = starter.start(arguments(directory))) {
            while (!isTimeUp()) {
                String failure = started.failure();
                Contact contact = tryConnect(directory);
                if (contact != null) {
                    return contact;
                }
                if (failure != null && (started.wasKilled() || LockFile.isHeld(directory, Role.BROKER))) {
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
                "--linger-millis=" + settings.linger().toMillis(),
                "--claim-millis=" + settings.claimTimeout().toMillis());
    }

    /** The broker that listens in the directory, which stays open for it; null when there is none. */
    private @Nullable Contact tryConnect(DomainDirectory directory) {
        for (;;) {
            SeqPacket socket = SeqPacket.open();
            boolean heir = self.isKnown();
            Contact contact = null;
            Handshake.Result result;
            try {
                result = greet(socket, directory);
                contact = result == Handshake.Result.WELCOME
                        ? new Contact(directory, new Channel(socket), self.id(), heir)
                        : null;
            } finally {
                if (contact == null) {
                    socket.close();
                }
            }
            if (result != Handshake.Result.LATE) {
                return contact;
            }
            if (isTimeUp()) {
                throw new BrokerUnavailableException(("this process did not introduce itself to the broker in %s soon enough,"
                                + " as often as it tried: is the machine busy?")
                        .formatted(directory));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Handshake.Result greet(SeqPacket socket, DomainDirectory directory) {
        int result = directory.connect(socket);
        if (result == 0) {
            requireTrusted(socket, directory);
            long limit = System.nanoTime() + HANDSHAKE_NANOS;
            return new Handshake(new Channel(socket), directory, self, this::isOver).run(limit);
        }
        if (result != -Errno.ENOENT && result != -Errno.ECONNREFUSED && result != -Errno.EAGAIN) {
            throw refused(directory, -result);
        }
        return Handshake.Result.ENDING;
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
