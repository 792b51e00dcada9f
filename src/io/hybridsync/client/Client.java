package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Arch;
import io.hybridsync.kernel.Features;
import io.hybridsync.object.MultiWait;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Names;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Word;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * This process as a client of one domain: which objects it has open, and the way to the broker.
 *
 * <p>Handles of one client to one object share a private portion; to the broker the object is open once, from the first
 * handle to the last. {@link #table} orders that: who opens or closes holds it for the whole exchange with the broker, so
 * that no "close" for a last handle can overtake, or be overtaken by, an "open" that has just been answered. Operations on
 * objects never take it.
 *
 * <p>An object that the broker is still asked for something of is kept beyond its last handle: {@link Uses}. It is closed
 * when that is answered, and before this client opens anything by the same name.
 *
 * <p>Before the broker hears that a client has closed an object, no thread of the client sleeps at its word any more: from
 * then on the place may become another object's.
 */
public final class Client implements AutoCloseable {

    /** A claim may be given up at once; an answer takes the time that it takes. */
    private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(10);

    private final Settings settings;
    private final Identity self;
    private final Slabs slabs = new Slabs();
    private final Connection connection;
    private final ReentrantLock table = new ReentrantLock();
    private final Ledgers ledgers = new Ledgers();
    private final Residences residences;
    private final Set<Opening> openings = ConcurrentHashMap.newKeySet();

    /** Those without a handle whose close waits for the broker; guarded by {@link #table}. */
    private final Set<Residence> kept = ConcurrentHashMap.newKeySet();

    /** Those that are leased and were closed, as long as the broker has not answered to that; changed under {@link #table}. */
    private final Set<Residence> unheard = ConcurrentHashMap.newKeySet();

    /** Whether those that are kept will be looked at. */
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /** What was repaired and not opened since, by name. */
    private final Map<String, Opening> repairs = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private Client(
            Settings settings, Identity self, Connector connector, Contact contact, Means means, Duration answerTimeout) {
        this.settings = settings;
        this.self = self;
        this.residences = new Residences(
                slabs, ledgers, new Party(contact.client(), settings.claimTimeout().toNanos(), settings.parked(), this::unused));
        this.connection = new Connection(
                contact,
                new Succession(connector, settings.name()),
                means,
                slabs,
                ledgers,
                residences,
                settings.name(),
                answerTimeout.toNanos(),
                this::undo,
                this::strand,
                this::vanish);
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
        return connect(settings, answerTimeout, Means.ofTheMachine());
    }

    /**
     * @param answerTimeout how long an answer of the broker is waited for
     * @param means what the machine gives it
     */
    static Client connect(Settings settings, Duration answerTimeout, Means means) {
        Arch.current();
        Identity self = new Identity();
        Client client = null;
        try {
            client = begun(made(settings, self, means, answerTimeout));
            return client;
        } finally {
            if (client == null) {
                self.close();
            }
        }
    }

    private static Client made(Settings settings, Identity self, Means means, Duration answerTimeout) {
        Connector connector = new Connector(settings, self);
        Contact contact = connector.connect();
        try {
            return new Client(settings, self, connector, contact, means, answerTimeout);
        } catch (RuntimeException | Error e) {
            contact.close();
            throw e;
        }
    }

    /** One whose thread cannot be started is not there. */
    private static Client begun(Client client) {
        try {
            client.connection.start();
            return client;
        } catch (RuntimeException | Error e) {
            client.connection.close();
            throw e;
        }
    }

    /** The domain's own directory. */
    public Path directory() {
        return connection.directory().path();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Creates an object, which must not exist. */
    public Opening create(String name, Blueprint blueprint) {
        return open(Mode.CREATE, Names.checkObject(name), blueprint, false);
    }

    /** Creates an object without a name. */
    public Opening create(Blueprint blueprint) {
        return open(Mode.CREATE, "", blueprint, false);
    }

    /** Opens an object, or creates it. */
    public Opening openOrCreate(String name, Blueprint blueprint) {
        return instead(name, open(Mode.OPEN_OR_CREATE, Names.checkObject(name), blueprint, false));
    }

    /** Opens an object, which must exist and be of the blueprint's kind. */
    public Opening open(String name, Blueprint blueprint, boolean query) {
        return instead(name, open(Mode.OPEN, Names.checkObject(name), blueprint, query));
    }

    /** What was repaired here is held by a handle of the user's from now on. */
    private Opening instead(String name, Opening opening) {
        Opening repaired = repairs.remove(name);
        if (repaired != null) {
            repaired.abandon();
        }
        return opening;
    }

    /**
     * Makes a new object under the name of a corrupted one. Until this client has opened it or is closed, it is held here, so
     * that it is there for others. Does nothing if the object is not corrupted: somebody else may have repaired it.
     */
    public void repair(String name, Blueprint blueprint) {
        Opening repaired = open(Mode.REPAIR, Names.checkObject(name), blueprint, false);
        Opening needless = repaired.isCreated() ? repairs.put(name, repaired) : repaired;
        if (needless != null) {
            needless.abandon();
        }
    }

    /** Opens the object that a token names, which must exist and be of the blueprint's kind. */
    public Opening open(long tokenHigh, long tokenLow, Blueprint blueprint) {
        Token token = new Token(tokenHigh, tokenLow);
        return open(number -> new Message.OpenToken(number, blueprint.kind(), token, false), false);
    }

    private Opening open(Mode mode, String name, Blueprint blueprint, boolean query) {
        table.lock();
        try {
            closeKept(name);
            return open(
                    number -> new Message.Open(number, mode, blueprint.kind(), name, blueprint.spec(), query), query);
        } finally {
            table.unlock();
        }
    }

    /** What is closed here, and the broker has not heard of that, would be found by its name, if it has one. */
    private void closeKept(String name) {
        long end = System.nanoTime() + connection.timeoutNanos();
        for (Residence residence : kept) {
            if (!name.isEmpty() && residence.isNamed(name) && residence.isKept()) {
                residence.awaitAnswers(end - System.nanoTime());
                endUnused(residence.id());
            }
        }
    }

    /**
     * Waits until the broker has heard of the end of everything that this client has had of leased objects. If it is one of these
     * that is opened, the broker must not read in the ledger what is left of the time before.
     */
    private void awaitForgotten() {
        long end = System.nanoTime() + connection.timeoutNanos();
        for (Residence residence : unheard) {
            if (!connection.isOver() && !residence.awaitForgotten(end - System.nanoTime())) {
                throw connection.late();
            }
        }
        unheard.clear();
    }

    private Opening open(IntFunction<Message> request, boolean query) {
        table.lock();
        try {
            requireOpen();
            awaitForgotten();
            Message.Opened opened = connection.ask(request, Message.Opened.class);
            Residence residence = requireNonNull(residences.find(opened.object()));
            prepare(opened.object(), residence);
            Opening opening = new Opening(this, opened, residence, query);
            openings.add(opening);
            if (opened.created() && opening.startsLocked()) {
                residence.own();
            }
            return opening;
        } finally {
            table.unlock();
        }
    }

    /** What cannot be prepared is not open, unless it was before. */
    private void prepare(long object, Residence residence) {
        try {
            residence.prepare();
        } catch (RuntimeException e) {
            if (residence.isUnused()) {
                end(object, residence);
            }
            throw e;
        }
    }

    /**
     * Throws what is wrong with a handle or its object.
     *
     * @throws IllegalArgumentException when it is another domain's
     */
    public void check(Opening opening) {
        requireOpen();
        requireOwn(opening);
        opening.handle().check();
    }

    private void requireOwn(Opening opening) {
        if (!opening.isOf(this)) {
            throw new IllegalArgumentException(
                    "%s was not opened through this domain, \"%s\"".formatted(opening, settings.name()));
        }
    }

    /**
     * A wait for several objects.
     *
     * @param alert an event that ends it, or null
     * @param deadlineNanos until when, on the clock of {@link System#nanoTime}; Long.MAX_VALUE for ever
     * @param blocker what a parked thread is shown to wait for
     * @throws IllegalArgumentException when one of the objects is another domain's
     */
    public MultiWait waitFor(List<Opening> openings, @Nullable Opening alert, long deadlineNanos, Object blocker) {
        requireOpen();
        openings.forEach(this::requireOwn);
        if (alert != null) {
            requireOwn(alert);
        }
        return new MultiWait(
                openings.stream().map(Opening::handle).toList(),
                alert == null ? null : alert.handle(),
                deadlineNanos,
                blocker,
                Features.current().futexWaitv());
    }

    /** Whether that ended the ownership of a thread of this client. */
    boolean close(Opening opening) {
        if (!opening.handle().close()) {
            return false;
        }
        openings.remove(opening);
        table.lock();
        try {
            return release(opening.object(), opening.residence());
        } finally {
            table.unlock();
        }
    }

    /** An object that was ended before its last handle, and opened again, lives elsewhere by now. */
    private boolean release(long object, Residence residence) {
        boolean held = residence.isHeld();
        boolean last = residence.close();
        if (residences.find(object) != residence) {
            return false;
        }
        if (last || isAnsweredSoon(residence)) {
            end(object, residence);
        }
        return last && held;
    }

    /** Whether nothing keeps the residence any more; a broker that stands still is not waited for, others are. */
    private boolean isAnsweredSoon(Residence residence) {
        if (residence.isKept()) {
            kept.add(residence);
            awaitAnswers(residence, System.nanoTime() + connection.timeoutNanos());
        }
        return residence.isUnused();
    }

    private void awaitAnswers(Residence residence, long deadlineNanos) {
        if (connection.isHeard()) {
            residence.awaitAnswers(deadlineNanos - System.nanoTime());
        }
    }

    private void end(long object, Residence residence) {
        residence.end();
        kept.remove(residence);
        residences.remove(object);
        if (!closed) {
            tellClosed(object, residence);
            if (residence.isInLedger()) {
                unheard.add(residence);
            }
        }
    }

    /** Closing always takes effect: a broker that cannot be told finds out when the connection ends, or never hears of it. */
    private void tellClosed(long object, Residence residence) {
        try {
            connection.askUnlessSilent(number -> new Message.Close(number, object), residence::forgotten);
        } catch (SyncException e) {
            Log.write(Level.DEBUG, () -> "the broker was not told that object 0x%x is closed: %s"
                    .formatted(object, e.getMessage()));
        }
    }

    /** An answer came after its request had given up. If it opened an object that is not used here, it is closed again. */
    private void undo(Message.Answer answer) {
        if (answer instanceof Message.Opened opened) {
            connection.aside("closing what was opened too late", () -> endUnused(opened.object()));
        }
    }

    /**
     * By any thread: the last handle of an object was closed before, and now the broker has answered what it was asked. One
     * thread sees to all of these: those that give something back must not wait for a thread.
     */
    private void unused() {
        if (sweeping.compareAndSet(false, true)) {
            connection.aside("closing what nothing is asked about any more", this::endAllUnused);
        }
    }

    private void endAllUnused() {
        table.lock();
        try {
            sweeping.set(false);
            for (Residence residence : kept) {
                endUnused(residence.id());
            }
        } finally {
            table.unlock();
        }
    }

    private void endUnused(long object) {
        if (closed) {
            return;
        }
        table.lock();
        try {
            Residence residence = residences.find(object);
            if (!closed && residence != null && residence.isUnused()) {
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
            connection.aside("closing what there is no room for", () -> abandon(object, residence));
        }
    }

    /**
     * By the connection's thread: everything was taken away from this client, and is not in this process any more. Then it need
     * not count as somebody who lives and may write: each next broker would wait for it, in vain.
     */
    private void vanish() {
        unheard.forEach(Residence::neverForgotten);
        if (slabs.letGo()) {
            self.close();
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

    /**
     * Closes all handles and the connection. When it returns, the broker knows; if there is none just now, the next one will
     * not hear of this client; and no thread is left that served it alone. A second call closes nothing, and waits for that, too.
     */
    @Override
    public void close() {
        connection.leave();
        table.lock();
        try {
            if (!closed) {
                leave();
            }
        } finally {
            table.unlock();
        }
        connection.awaitAside();
    }

    /**
     * What a broker grants late is given back while there still is a client that can. One that stands still is not waited for: what
     * it has granted when the connection ends, and has not said, stays taken as if this client had died with it; later it
     * grants nothing any more.
     */
    private void settle() {
        long end = System.nanoTime() + connection.timeoutNanos();
        for (Residence residence : kept) {
            awaitAnswers(residence, end);
        }
    }

    private void leave() {
        closed = true;
        openings.forEach(Opening::abandon);
        settle();
        residences.endAll();
        try {
            connection.askUnlessSilent(Message.Leave::new);
        } catch (SyncException e) {
            Log.write(Level.DEBUG, () -> "the broker of domain \"%s\" was not told of the end: %s"
                    .formatted(settings.name(), e.getMessage()));
        } finally {
            // Nobody writes who counts as dead.
            boolean _ = slabs.letGo();
            self.close();
            connection.close();
            slabs.close();
            ledgers.close();
        }
    }
}
