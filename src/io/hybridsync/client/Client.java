package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Arch;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Names;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Word;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/**
 * This process as a client of one domain: which objects it has open, and the way to the broker.
 *
 * <p>Handles of one client to one object share a private portion; to the broker the object is open once, from the first
 * handle to the last. {@link #table} orders that: who opens or closes holds it for the whole exchange with the broker, so
 * that no "close" for a last handle can overtake, or be overtaken by, an "open" that has just been answered. Operations on
 * objects never take it.
 *
 * <p>Before the broker hears that a client has closed an object, no thread of the client sleeps at its word any more: from
 * then on the place may become another object's.
 */
public final class Client implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.hybridsync");

    /** A claim may be given up at once; an answer takes the time that it takes. */
    private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(10);

    private final Settings settings;
    private final Session session;
    private final Connection connection;
    private final ReentrantLock table = new ReentrantLock();
    private final Residences residences;
    private final Set<Opening> openings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Client(Settings settings, Session session, Duration answerTimeout) {
        this.settings = settings;
        this.session = session;
        this.residences = new Residences(session.slabs(), settings.claimTimeout().toNanos());
        this.connection = new Connection(
                session.channel(),
                session.slabs(),
                residences,
                settings.name(),
                answerTimeout.toNanos(),
                this::undo,
                this::strand);
    }

    /**
     * Connects to the domain's broker, starting one if there is none and the settings permit it. Looks first whether the
     * library knows this machine at all.
     *
     * @throws SyncException when that cannot be done
     */
    public static Client connect(Settings settings) {
        Duration claim = settings.claimTimeout();
        return connect(settings, claim.compareTo(SHORTEST_ANSWER) < 0 ? SHORTEST_ANSWER : claim);
    }

    /** @param answerTimeout how long an answer of the broker is waited for */
    static Client connect(Settings settings, Duration answerTimeout) {
        Arch.current();
        Client client = new Client(settings, Connector.connect(settings), answerTimeout);
        client.connection.start();
        return client;
    }

    /** The domain's own directory. */
    public Path directory() {
        return session.directory().path();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** The attributes of a new object. */
    public static int attributes(boolean global, boolean compact) {
        return (global ? Spec.GLOBAL : 0) | (compact ? Spec.COMPACT : 0);
    }

    /** Creates a semaphore, which must not exist. */
    public Opening createSemaphore(String name, int permits, int maximum, int attributes) {
        return open(Mode.CREATE, Names.checkObject(name), semaphore(permits, maximum, attributes), false);
    }

    /** Creates a semaphore without a name. */
    public Opening createSemaphore(int permits, int maximum, int attributes) {
        return open(Mode.CREATE, "", semaphore(permits, maximum, attributes), false);
    }

    /** Opens a semaphore, or creates it. */
    public Opening openOrCreateSemaphore(String name, int permits, int maximum, int attributes) {
        return open(Mode.OPEN_OR_CREATE, Names.checkObject(name), semaphore(permits, maximum, attributes), false);
    }

    /** Opens a semaphore, which must exist. */
    public Opening openSemaphore(String name, boolean query) {
        return open(Mode.OPEN, Names.checkObject(name), Spec.existing(Kind.SEMAPHORE), query);
    }

    /** Opens the semaphore that a token names. */
    public Opening openSemaphore(long tokenHigh, long tokenLow) {
        Token token = new Token(tokenHigh, tokenLow);
        return open(number -> new Message.OpenToken(number, Kind.SEMAPHORE, token, false), false);
    }

    private static Spec semaphore(int permits, int maximum, int attributes) {
        return new Spec(Kind.SEMAPHORE, permits, maximum, attributes);
    }

    private Opening open(Mode mode, String name, Spec spec, boolean query) {
        return open(number -> new Message.Open(number, mode, spec.kind(), name, spec, query), query);
    }

    private Opening open(IntFunction<Message> request, boolean query) {
        table.lock();
        try {
            requireOpen();
            Message.Opened opened = connection.ask(request, Message.Opened.class);
            Residence residence = requireNonNull(residences.find(opened.object()));
            Opening opening = new Opening(this, opened, residence, query);
            openings.add(opening);
            return opening;
        } finally {
            table.unlock();
        }
    }

    void close(Opening opening) {
        if (opening.handle().close()) {
            openings.remove(opening);
            table.lock();
            try {
                release(opening.object(), opening.residence());
            } finally {
                table.unlock();
            }
        }
    }

    /** An object that was ended before its last handle, and opened again, lives elsewhere by now. */
    private void release(long object, Residence residence) {
        if (residence.close() && residences.find(object) == residence) {
            end(object, residence);
        }
    }

    private void end(long object, Residence residence) {
        residence.end();
        residences.remove(object);
        if (!closed) {
            tellClosed(object);
        }
    }

    /** Closing always takes effect: a broker that cannot be told finds out when the connection ends. */
    private void tellClosed(long object) {
        try {
            connection.askUnlessSilent(number -> new Message.Close(number, object));
        } catch (SyncException e) {
            LOG.log(Level.DEBUG, () -> "the broker was not told that object 0x%x is closed: %s"
                    .formatted(object, e.getMessage()));
        }
    }

    /** An answer came after its request had given up. If it opened an object that is not used here, it is closed again. */
    private void undo(Message.Answer answer) {
        if (answer instanceof Message.Opened opened) {
            Thread.ofVirtual().start(() -> undo(opened.object()));
        }
    }

    private void undo(long object) {
        table.lock();
        try {
            Residence residence = residences.find(object);
            if (residence != null && residence.isUnused()) {
                end(object, residence);
            }
        } finally {
            table.unlock();
        }
    }

    /**
     * By the connection's thread: the word of an object moves to where this process has no room. Its handles are of no use
     * any more; the others of the domain get it.
     */
    private void strand(LimitExceededException why, long object) {
        Residence residence = residences.find(object);
        if (residence != null) {
            residence.lose(why);
            Thread.ofVirtual().start(() -> abandon(object, residence));
        }
    }

    private void abandon(long object, Residence residence) {
        table.lock();
        try {
            if (residences.find(object) == residence) {
                end(object, residence);
            }
        } finally {
            table.unlock();
        }
    }

    Description describe(Opening opening) {
        if (opening.handle().isClosed()) {
            throw new ObjectClosedException("this handle to " + opening + " is closed");
        }
        return describe(entry(opening.object()));
    }

    private Entry entry(long object) {
        return connection
                .ask(number -> new Message.Describe(number, object), Message.Listing.class)
                .entries()
                .getFirst();
    }

    /** Everything in the domain, as the broker sees it. */
    public List<Description> objects() {
        requireOpen();
        List<Description> all = new ArrayList<>();
        long after = 0;
        for (boolean more = true; more; ) {
            long from = after;
            Message.Listing page =
                    connection.ask(number -> new Message.ListObjects(number, from), Message.Listing.class);
            page.entries().forEach(entry -> all.add(describe(entry)));
            more = page.more() && !page.entries().isEmpty();
            after = page.entries().isEmpty() ? 0 : page.entries().getLast().object();
        }
        return all;
    }

    private static Description describe(Entry entry) {
        return new Description(
                entry.object(),
                entry.kind().name(),
                entry.name(),
                entry.value(),
                entry.spec().maximum(),
                entry.waiters(),
                entry.ownerClient(),
                entry.ownerPid(),
                Word.flagNames(entry.flags()),
                entry.location().toString(),
                entry.group(),
                entry.hashValid());
    }

    /** How many times an object that this client has open has moved. */
    public long migrations() {
        return residences.migrations();
    }

    /** How many requests this client has sent to the broker. */
    public long brokerCalls() {
        return connection.requests();
    }

    private void requireOpen() {
        if (closed) {
            throw new ObjectClosedException("domain \"%s\" is closed".formatted(settings.name()));
        }
    }

    /** Closes all handles and the connection. When it returns, the broker knows. A second call does nothing. */
    @Override
    public void close() {
        table.lock();
        try {
            if (closed) {
                return;
            }
            leave();
        } finally {
            table.unlock();
        }
    }

    private void leave() {
        closed = true;
        openings.forEach(Opening::close);
        residences.endAll();
        try {
            connection.askUnlessSilent(Message.Leave::new);
        } catch (SyncException e) {
            LOG.log(Level.DEBUG, () -> "the broker of domain \"%s\" was not told of the end: %s"
                    .formatted(settings.name(), e.getMessage()));
        } finally {
            session.liveness().close();
            connection.close();
            session.release();
        }
    }
}
