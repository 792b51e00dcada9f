package io.hybridsync;

import static java.lang.ref.Reference.reachabilityFence;
import static java.util.Objects.requireNonNull;

import io.hybridsync.client.Blueprint;
import io.hybridsync.client.Client;
import io.hybridsync.client.Opening;
import io.hybridsync.client.Settings;
import io.hybridsync.client.Starter;
import io.hybridsync.object.MultiWait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
 * objects go on without it. When it is killed, its clients start the next one and tell it what they have open; what was asked
 * of the one before is answered by that one, and who waits goes on waiting. A program opens a domain once and shares it, as it
 * does with a data source.
 *
 * <p>Thread-safe. Unless it says otherwise, a method throws
 *
 * <ul>
 *   <li>{@link io.hybridsync.error.ObjectClosedException} when the domain is closed,
 *   <li>{@link io.hybridsync.error.BrokerUnavailableException} when no broker answers in time; or for good, when the broker
 *       has taken everything away from this client, which did not follow it to the next one in time or broke a rule: then all
 *       that it has open is lost, and the domain has to be opened anew,
 *   <li>{@link io.hybridsync.error.LimitExceededException} when a quota or a limit of the machine is reached,
 *   <li>{@link IllegalArgumentException} when a name is none.
 * </ul>
 *
 * Then nothing was created and nothing opened. What was asked of an object at the broker may have been done.
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
        private Waiting waiting = Waiting.DIRECT;
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

        /** How platform threads wait; the default is {@link Waiting#DIRECT}. */
        public Builder waiting(Waiting waiting) {
            this.waiting = requireNonNull(waiting, "waiting");
            return this;
        }

        /** How long a broker that is started now outlives its last client; the default is 10 seconds. */
        public Builder linger(Duration linger) {
            this.linger = bounded(requireNonNull(linger, "linger"));
            return this;
        }

        /**
         * How long the broker is waited for when it has a word locked; the default is 10 seconds. An answer of the broker
         * is waited for that long too, but never less than 10 seconds. A broker that this process starts when another one has
         * ended waits half as long for the clients of that one, but never less than two seconds.
         */
        public Builder claimTimeout(Duration timeout) {
            this.claimTimeout = bounded(requireNonNull(timeout, "timeout"));
            return this;
        }

        /** Opens the domain; see {@link SyncDomain#open(String)}. */
        public SyncDomain open() {
            Settings settings = new Settings(
                    name, directory, linger, claimTimeout, waiting == Waiting.PARKED, starter(broker));
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
     */
    public HybridSemaphore semaphore(String name, SemaphoreSpec spec) {
        requireNonNull(name, "name");
        return new HybridSemaphore(client.openOrCreate(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Opens the mutex of that name, or creates it. An existing one wins: {@link HybridObject#wasCreated} tells. With
     * {@link MutexSpec#locked()} the calling thread owns it if this call created it, and only then.
     *
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when the existing one is corrupted
     */
    public HybridMutex mutex(String name, MutexSpec spec) {
        requireNonNull(name, "name");
        return new HybridMutex(client.openOrCreate(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Opens the event of that name, or creates it. An existing one wins: {@link HybridObject#wasCreated} tells.
     *
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when the existing one is corrupted
     */
    public HybridEvent event(String name, EventSpec spec) {
        requireNonNull(name, "name");
        return new HybridEvent(client.openOrCreate(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Creates a semaphore.
     *
     * @throws io.hybridsync.error.ObjectExistsException when an object of that name exists, of whatever kind
     */
    public HybridSemaphore createSemaphore(String name, SemaphoreSpec spec) {
        requireNonNull(name, "name");
        return new HybridSemaphore(client.create(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Creates a mutex.
     *
     * @throws io.hybridsync.error.ObjectExistsException when an object of that name exists, of whatever kind
     */
    public HybridMutex createMutex(String name, MutexSpec spec) {
        requireNonNull(name, "name");
        return new HybridMutex(client.create(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Creates an event.
     *
     * @throws io.hybridsync.error.ObjectExistsException when an object of that name exists, of whatever kind
     */
    public HybridEvent createEvent(String name, EventSpec spec) {
        requireNonNull(name, "name");
        return new HybridEvent(client.create(name, requireNonNull(spec, "spec").blueprint()));
    }

    /**
     * Creates a semaphore without a name: {@link HybridObject#token} opens it in other processes.
     *
     */
    public HybridSemaphore createSemaphore(SemaphoreSpec spec) {
        return new HybridSemaphore(client.create(requireNonNull(spec, "spec").blueprint()));
    }

    /** Creates a mutex without a name: {@link HybridObject#token} opens it in other processes. */
    public HybridMutex createMutex(MutexSpec spec) {
        return new HybridMutex(client.create(requireNonNull(spec, "spec").blueprint()));
    }

    /** Creates an event without a name: {@link HybridObject#token} opens it in other processes. */
    public HybridEvent createEvent(EventSpec spec) {
        return new HybridEvent(client.create(requireNonNull(spec, "spec").blueprint()));
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
        return new HybridSemaphore(client.open(name, Blueprint.SEMAPHORE, isQuery(access)));
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
        return new HybridSemaphore(client.open(token.high(), token.low(), Blueprint.SEMAPHORE));
    }

    /**
     * Opens the mutex of that name.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridMutex openMutex(String name) {
        return openMutex(name, Access.FULL);
    }

    /**
     * Opens the mutex of that name, to operate on it or only to ask.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridMutex openMutex(String name, Access access) {
        requireNonNull(name, "name");
        return new HybridMutex(client.open(name, Blueprint.MUTEX, isQuery(access)));
    }

    /**
     * Opens the mutex that a token from another process names.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody holds it any more, or it never was
     * @throws io.hybridsync.error.KindMismatchException when it is another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridMutex openMutex(ObjectToken token) {
        requireNonNull(token, "token");
        return new HybridMutex(client.open(token.high(), token.low(), Blueprint.MUTEX));
    }

    /**
     * Opens the event of that name.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridEvent openEvent(String name) {
        return openEvent(name, Access.FULL);
    }

    /**
     * Opens the event of that name, to operate on it or only to ask.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when there is none
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridEvent openEvent(String name, Access access) {
        requireNonNull(name, "name");
        return new HybridEvent(client.open(name, Blueprint.EVENT, isQuery(access)));
    }

    /**
     * Opens the event that a token from another process names.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody holds it any more, or it never was
     * @throws io.hybridsync.error.KindMismatchException when it is another kind of object
     * @throws io.hybridsync.error.CorruptedObjectException when it is corrupted
     */
    public HybridEvent openEvent(ObjectToken token) {
        requireNonNull(token, "token");
        return new HybridEvent(client.open(token.high(), token.low(), Blueprint.EVENT));
    }

    /**
     * Makes a new semaphore under the name of a corrupted one, as the specification says. Handles to the corrupted one stay as
     * they are: every operation throws, and they can be closed. Handles that are opened from now on, by anybody, are to the
     * new one. If the object is not corrupted this does nothing, so any number of processes may repair what they all find
     * bad, and one of them does it.
     *
     * <p>The new object is there until its last handle is closed; for that, this domain counts as one until it has opened the
     * name or is closed.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody has an object of that name open
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     */
    public void repair(String name, SemaphoreSpec spec) {
        requireNonNull(name, "name");
        client.repair(name, requireNonNull(spec, "spec").blueprint());
    }

    /**
     * Makes a new mutex under the name of a corrupted one, as the specification says. Handles to the corrupted one stay as
     * they are: every operation throws, and they can be closed. Handles that are opened from now on, by anybody, are to the
     * new one. If the object is not corrupted this does nothing, so any number of processes may repair what they all find
     * bad, and one of them does it.
     *
     * <p>The new object is there until its last handle is closed; for that, this domain counts as one until it has opened the
     * name or is closed.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody has an object of that name open
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     */
    public void repair(String name, MutexSpec spec) {
        requireNonNull(name, "name");
        client.repair(name, requireNonNull(spec, "spec").blueprint());
    }

    /**
     * Makes a new event under the name of a corrupted one, as the specification says. Handles to the corrupted one stay as
     * they are: every operation throws, and they can be closed. Handles that are opened from now on, by anybody, are to the
     * new one. If the object is not corrupted this does nothing, so any number of processes may repair what they all find
     * bad, and one of them does it.
     *
     * <p>The new object is there until its last handle is closed; for that, this domain counts as one until it has opened the
     * name or is closed.
     *
     * @throws io.hybridsync.error.NoSuchObjectException when nobody has an object of that name open
     * @throws io.hybridsync.error.KindMismatchException when the name belongs to another kind of object
     */
    public void repair(String name, EventSpec spec) {
        requireNonNull(name, "name");
        client.repair(name, requireNonNull(spec, "spec").blueprint());
    }

    /**
     * Waits for any of several objects, as long as it takes: {@link #awaitAny(List, WaitOptions)}.
     *
     * @throws InterruptedException when the thread is interrupted before one is there; then nothing was taken
     */
    public WaitResult awaitAny(HybridObject... objects) throws InterruptedException {
        return awaitAny(list(objects), WaitOptions.forever());
    }

    /**
     * Waits for any of several objects, that long at most: {@link #awaitAny(List, WaitOptions)}.
     *
     * @param timeout with no time it is tried once
     * @throws InterruptedException when the thread is interrupted before one is there; then nothing was taken
     */
    public WaitResult awaitAny(Duration timeout, HybridObject... objects) throws InterruptedException {
        return awaitAny(list(objects), WaitOptions.within(timeout));
    }

    /**
     * Waits for any of several objects and takes the first in the list that is there: a permit of a semaphore, a mutex,
     * the signal of an auto-reset event; a manual-reset event is there as long as it is set. Nothing else is touched. Locking
     * a mutex this way counts as {@code lock()}, but takes it over when it was abandoned: {@link Outcome#ABANDONED}. A
     * mutex that the thread owns already is there. An object may be in the list more than once; one unit of it is taken.
     *
     * <p>The thread looks at the objects before it looks at the alert, and at both before it looks at its interrupt status
     * or the clock; an interrupt that is not answered with InterruptedException stays pending.
     *
     * <p>Up to 127 objects in shared memory, the alert among them, are waited for without the broker; more than that, or an
     * object that is kept at the broker, and the broker waits for them. Many objects are looked at one after the other, not
     * at one moment.
     *
     * @param objects opened through this domain; empty only with an alert
     * @throws InterruptedException when the thread is interrupted before one is there; then nothing was taken
     * @throws IllegalArgumentException when an object is another domain's, or there is nothing to wait for
     * @throws io.hybridsync.error.ObjectClosedException when a handle is closed, or is closed meanwhile
     * @throws io.hybridsync.error.AccessDeniedException when a handle was opened with {@link Access#QUERY}
     * @throws io.hybridsync.error.CorruptedObjectException when an object is corrupted
     */
    public WaitResult awaitAny(List<? extends HybridObject> objects, WaitOptions options) throws InterruptedException {
        return await(false, objects, options);
    }

    /**
     * Waits for all of several objects, as long as it takes: {@link #awaitAll(List, WaitOptions)}.
     *
     * @throws InterruptedException when the thread is interrupted before all are there; then nothing was taken
     */
    public WaitResult awaitAll(HybridObject... objects) throws InterruptedException {
        return awaitAll(list(objects), WaitOptions.forever());
    }

    /**
     * Waits for all of several objects, that long at most: {@link #awaitAll(List, WaitOptions)}.
     *
     * @param timeout with no time it is tried once
     * @throws InterruptedException when the thread is interrupted before all are there; then nothing was taken
     */
    public WaitResult awaitAll(Duration timeout, HybridObject... objects) throws InterruptedException {
        return awaitAll(list(objects), WaitOptions.within(timeout));
    }

    /**
     * Waits for all of several objects and takes them at one moment, all or nothing: what {@link #awaitAny(List, WaitOptions)}
     * takes of one, of each. Nothing is reserved while it waits, and nobody ever sees a part of it taken; so waits for
     * overlapping sets never deadlock, in whatever order they name them. It can be overtaken for ever by threads that need
     * fewer. The pulse of an event ends the wait only if the rest is there at that moment.
     *
     * <p>The broker does this: it costs a round trip to it, also when everything is there.
     *
     * @param objects opened through this domain, each once; empty only with an alert
     * @return index 0, or with {@link Outcome#ABANDONED} the lowest index of a mutex that was taken over
     * @throws InterruptedException when the thread is interrupted before all are there; then nothing was taken
     * @throws IllegalArgumentException when an object is another domain's, is named twice, or there is nothing to wait for
     * @throws io.hybridsync.error.ObjectClosedException when a handle is closed, or is closed meanwhile
     * @throws io.hybridsync.error.AccessDeniedException when a handle was opened with {@link Access#QUERY}
     * @throws io.hybridsync.error.CorruptedObjectException when an object is corrupted
     */
    public WaitResult awaitAll(List<? extends HybridObject> objects, WaitOptions options) throws InterruptedException {
        return await(true, objects, options);
    }

    /**
     * Signals one object and waits for another, as long as it takes: {@link #signalAndAwait(Duration, HybridObject,
     * HybridObject)}.
     *
     * @throws InterruptedException when the thread is interrupted before it is there; the signal is done
     */
    public WaitResult signalAndAwait(HybridObject signal, HybridObject await) throws InterruptedException {
        return signalAndAwait(WaitOptions.forever(), signal, await);
    }

    /**
     * Signals one object, that is releases a permit of a semaphore, unlocks a mutex, sets an event, and waits for another as
     * {@link #awaitAny(List, WaitOptions)} does. Both are checked before anything is signaled. The signal stays done
     * however the wait ends. Others may come between the two.
     *
     * @param timeout with no time it is tried once
     * @return index 0, or -1 when the time passed
     * @throws InterruptedException when the thread is interrupted before it is there; the signal is done
     * @throws IllegalMonitorStateException when the mutex to unlock is not the calling thread's; nothing changed
     * @throws io.hybridsync.error.PermitLimitException when the semaphore to release is full; nothing changed
     * @throws IllegalArgumentException when an object is another domain's; nothing changed
     * @throws io.hybridsync.error.ObjectClosedException when a handle is closed; nothing changed unless it is closed meanwhile
     * @throws io.hybridsync.error.AccessDeniedException when a handle was opened with {@link Access#QUERY}; nothing changed
     * @throws io.hybridsync.error.CorruptedObjectException when an object is corrupted; nothing changed unless that happens
     *     meanwhile
     */
    public WaitResult signalAndAwait(Duration timeout, HybridObject signal, HybridObject await)
            throws InterruptedException {
        return signalAndAwait(WaitOptions.within(timeout), signal, await);
    }

    private WaitResult signalAndAwait(WaitOptions options, HybridObject signal, HybridObject await)
            throws InterruptedException {
        requireNonNull(signal, "signal");
        requireNonNull(await, "await");
        try {
            client.check(signal.opening());
            client.check(await.opening());
            signal.checkSignal();
            signal.signal();
            MultiWait wait = client.waitFor(List.of(await.opening()), null, options.deadlineNanos(), await);
            return WaitResult.of(wait.any());
        } finally {
            reachabilityFence(signal);
            reachabilityFence(await);
        }
    }

    private WaitResult await(boolean all, List<? extends HybridObject> objects, WaitOptions options)
            throws InterruptedException {
        List<HybridObject> list = copy(objects);
        requireNonNull(options, "options");
        HybridEvent alert = options.alert().orElse(null);
        if (list.isEmpty() && alert == null) {
            throw new IllegalArgumentException("a wait for no object at all, which nothing ends");
        }
        try {
            List<Opening> openings = list.stream().map(HybridObject::opening).toList();
            Object blocker = list.size() == 1 ? list.getFirst() : this;
            MultiWait wait =
                    client.waitFor(openings, alert == null ? null : alert.opening(), options.deadlineNanos(), blocker);
            return WaitResult.of(all ? wait.all() : wait.any());
        } finally {
            reachabilityFence(list);
            reachabilityFence(alert);
        }
    }

    private static List<HybridObject> list(HybridObject... objects) {
        return Arrays.asList(requireNonNull(objects, "objects"));
    }

    private static List<HybridObject> copy(List<? extends HybridObject> objects) {
        List<HybridObject> copy = new ArrayList<>(requireNonNull(objects, "objects"));
        for (int i = 0; i < copy.size(); i++) {
            if (copy.get(i) == null) {
                throw new NullPointerException("objects[" + i + "]");
            }
        }
        return copy;
    }

    private static boolean isQuery(Access access) {
        return requireNonNull(access, "access") == Access.QUERY;
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
}
