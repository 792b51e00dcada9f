package io.hybridsync;

import static java.util.Objects.requireNonNull;

import io.hybridsync.client.Client;
import io.hybridsync.client.Opening;
import io.hybridsync.client.Settings;
import io.hybridsync.client.Starter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name space of objects that the processes of one machine share. Every process that opens the same domain as the same
 * user sees the same objects, whatever its environment.
 *
 * <pre>{@code
 * try (SyncDomain domain = SyncDomain.open("printers");
 *         HybridSemaphore free = domain.semaphore("free", SemaphoreSpec.permits(3))) {
 *     free.acquire();
 *     try {
 *         print();
 *     } finally {
 *         free.release();
 *     }
 * }
 * }</pre>
 *
 * <p>Names of objects are opaque and case-sensitive: 1 to 1023 bytes of UTF-8 without NUL. All kinds of objects share one
 * name space. A name lives as long as somebody has its object open.
 *
 * <p>Each open domain is a client of the domain's broker, a small process that is started when the first client needs it
 * and ends some seconds after the last has gone. The broker is asked when objects are opened and closed; operations on
 * objects go on without it. A program opens a domain once and shares it, as it does with a data source.
 *
 * <p>Thread-safe. Unless it says otherwise, a method throws
 *
 * <ul>
 *   <li>{@link io.hybridsync.error.ObjectClosedException} when the domain is closed,
 *   <li>{@link io.hybridsync.error.BrokerUnavailableException} when the broker is lost, or does not answer in time,
 *   <li>{@link io.hybridsync.error.LimitExceededException} when a quota or a limit of the machine is reached,
 *   <li>{@link IllegalArgumentException} when a name is none.
 * </ul>
 *
 * Then nothing was created and nothing opened.
 */
public final class SyncDomain implements AutoCloseable {

    private final String name;
    private final Client client;

    private SyncDomain(String name, Client client) {
        this.name = name;
        this.client = client;
    }

    /**
     * Opens a domain in its default directory, starting its broker if none is running.
     *
     * @param name 1 to 200 bytes of UTF-8, without NUL and slash, neither "." nor ".."
     * @throws IllegalArgumentException when the name is none
     * @throws io.hybridsync.error.AccessDeniedException when the directory is not to be trusted
     * @throws io.hybridsync.error.BrokerUnavailableException when no broker can be reached or started
     * @throws io.hybridsync.error.ProtocolException when the broker speaks another major version
     * @throws io.hybridsync.error.UnsupportedPlatformException when this is no Linux, or its CPU is not known
     */
    public static SyncDomain open(String name) {
        return builder(name).open();
    }

    /** A domain to be opened with other settings than the default. */
    public static Builder builder(String name) {
        return new Builder(requireNonNull(name, "name"));
    }

    /** How a domain is opened. Not thread-safe. */
    public static final class Builder {

        private static final Duration DEFAULT_LINGER = Duration.ofSeconds(10);
        private static final Duration DEFAULT_CLAIM_TIMEOUT = Duration.ofSeconds(10);
        private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

        private final String name;
        private @Nullable Path directory;
        private BrokerMode broker = BrokerMode.SPAWN;
        private Duration linger = DEFAULT_LINGER;
        private Duration claimTimeout = DEFAULT_CLAIM_TIMEOUT;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * The parent of the domain's own directory, instead of the one in the environment's HYBRID_SYNC_DIR or the
         * default, {@code /run/user/UID/hybrid-sync} or else {@code /tmp/hybrid-sync-UID}. Made if it is missing. Must be
         * this user's or root's. With mode 0770, its group shares the domain.
         */
        public Builder directory(Path directory) {
            this.directory = requireNonNull(directory, "directory");
            return this;
        }

        /** Where the broker comes from; the default is {@link BrokerMode#SPAWN}. */
        public Builder broker(BrokerMode mode) {
            this.broker = requireNonNull(mode, "mode");
            return this;
        }

        /** How long a broker that is started now outlives its last client; the default is 10 seconds. */
        public Builder linger(Duration linger) {
            this.linger = bounded(requireNonNull(linger, "linger"));
            return this;
        }

        /**
         * How long the broker is waited for when it has a word locked; the default is 10 seconds. An answer of the broker
         * is waited for that long too, but never less than 10 seconds.
         */
        public Builder claimTimeout(Duration timeout) {
            this.claimTimeout = bounded(requireNonNull(timeout, "timeout"));
            return this;
        }

        /** Opens the domain; see {@link SyncDomain#open(String)}. */
        public SyncDomain open() {
            Settings settings = new Settings(name, directory, linger, claimTimeout, starter(broker));
            return new SyncDomain(name, Client.connect(settings));
        }

        private static Optional<Starter> starter(BrokerMode mode) {
            return switch (mode) {
                case SPAWN -> Optional.of(Settings.spawning());
                case IN_PROCESS -> Optional.of(InProcessBroker::start);
                case EXTERNAL -> Optional.empty();
            };
        }

        private static Duration bounded(Duration duration) {
            if (duration.isNegative()) {
                return Duration.ZERO;
            }
            return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        }
    }

    /** The domain's name. */
    public String name() {
        return name;
    }

    /**
     * The domain's own directory: the broker's socket and log are there. Its name is the domain's in UTF-8, whatever the
     * locale: where that lacks a character, the path leads there all the same, and only its text cannot be shown.
     */
    public Path directory() {
        return client.directory();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return client.isClosed();
    }

    /**
     * Closes the domain and all handles that were opened through it. Threads that wait through one of them get
     * {@link io.hybridsync.error.ObjectClosedException}. When it returns, the broker knows. A second call does nothing.
     */
    @Override
    public void close() {
        client.close();
    }

    /**
     * Opens the semaphore of that name, or creates it. An existing one wins: {@link HybridObject#wasCreated} tells.
     *
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when the existing one is corrupted
     * @throws UnsupportedOperationException when the specification asks for what this version does not offer
     */
    public HybridSemaphore semaphore(String name, SemaphoreSpec spec) {
        requireNonNull(name, "name");
        int attributes = attributes(spec);
        return new HybridSemaphore(
                client.openOrCreateSemaphore(name, spec.permits(), spec.maximum(), attributes));
    }

    /**
     * Creates a semaphore.
     *
     * @throws io.hybridsync.error.ObjectExistsException when an object of that name exists, of whatever kind
     * @throws UnsupportedOperationException when the specification asks for what this version does not offer
     */
    public HybridSemaphore createSemaphore(String name, SemaphoreSpec spec) {
        requireNonNull(name, "name");
        int attributes = attributes(spec);
        return new HybridSemaphore(client.createSemaphore(name, spec.permits(), spec.maximum(), attributes));
    }

    /**
     * Creates a semaphore without a name: {@link HybridObject#token} opens it in other processes.
     *
     * @throws UnsupportedOperationException when the specification asks for what this version does not offer
     */
    public HybridSemaphore createSemaphore(SemaphoreSpec spec) {
        int attributes = attributes(spec);
        return new HybridSemaphore(client.createSemaphore(spec.permits(), spec.maximum(), attributes));
    }

    /**
     * Opens the semaphore of that name.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridSemaphore openSemaphore(String name) {
        return openSemaphore(name, Access.FULL);
    }

    /**
     * Opens the semaphore of that name, to operate on it or only to ask.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridSemaphore openSemaphore(String name, Access access) {
        requireNonNull(name, "name");
        requireNonNull(access, "access");
        return new HybridSemaphore(client.openSemaphore(name, access == Access.QUERY));
    }

    /**
     * Opens the semaphore that a token from another process names.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody holds it any more, or it never was
     * @throws io.hybridsync.error.KindMismatchException when it is another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridSemaphore openSemaphore(ObjectToken token) {
        requireNonNull(token, "token");
        return new HybridSemaphore(client.openSemaphore(token.high(), token.low()));
    }

    /** Everything in the domain as the broker sees it, in the order of creation: for people who debug. */
    public List<Snapshot> objects() {
        return client.objects().stream().map(Snapshots::of).toList();
    }

    /**
     * How many requests this client has sent to the broker: what opening, closing and asking cost. Operations on objects send
     * none, and this is how to see it.
     */
    public long brokerCalls() {
        return client.brokerCalls();
    }

    /**
     * How many times an object that is open here has moved to other memory, because another process opened or closed it.
     */
    public long migrations() {
        return client.migrations();
    }

    /** Name, directory, and whether it is closed. */
    @Override
    public String toString() {
        return "domain \"" + name + "\" in " + directory() + (isClosed() ? " (closed)" : "");
    }

    private static int attributes(SemaphoreSpec spec) {
        requireNonNull(spec, "spec");
        if (spec.isFair() || spec.isLeased() || spec.isBrokerOnly()) {
            throw new UnsupportedOperationException(
                    "fair(), leased() and brokerOnly() semaphores are not available in this version: " + spec);
        }
        return Client.attributes(spec.isGlobal(), spec.isCompact());
    }
}
