package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Headroom;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Nature;
import io.hybridsync.object.Ownership;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.object.Spinning;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One object that this client has open: its private portion, and the portion's way to the broker.
 *
 * <p>Where the word is, is the affair of {@link Places}. What the next broker has to know of the object is kept here:
 * {@link #hand}.
 */
final class Residence implements Authority {

    private static final long WRITERS_NANOS = 1_000_000_000;
    private static final long DRAIN_NANOS = 50_000;

    /** A third of it is seen to be too little. */
    private static final int LEVELS_TO_TELL = 768;

    private final Portion portion;
    private final Message.Opened opened;
    private final Connection connection;
    private final Ledgers ledgers;
    private final Party self;
    private final Places places;
    private final @Nullable OwnerWatch owners;
    private final ReentrantLock asking = new ReentrantLock();

    /** The latest; guarded by {@link #asking}. */
    private @Nullable Question question;

    private final Uses uses = new Uses();

    /** Done when the broker has heard that the object is closed here, or will not hear it. */
    private final CompletableFuture<Boolean> heard = new CompletableFuture<>();

    /** What follows is written by the connection's thread: whether this client has opened the object for more than to look. */
    private boolean full;

    /** Where the broker has the word if it is its own. */
    private Location home;

    /** What a thread of this client found instead of a good word; 0 if none has, for the zero word is good nowhere. */
    private volatile long badWord;

    private volatile boolean corrupted;

    /** It is being closed, or of no use here any more. */
    private volatile boolean leaving;

    /** @param migrations counts the moves that the client has followed */
    Residence(
            Message.Opened opened,
            Connection connection,
            Slabs slabs,
            Ledgers ledgers,
            Party self,
            AtomicLong migrations) {
        this.opened = opened;
        this.home = opened.home();
        this.connection = connection;
        this.ledgers = ledgers;
        this.self = self;
        Spec spec = opened.spec();
        Location location = opened.location();
        Slot slot = location.equals(Location.BROKER) ? null : slabs.slot(location);
        this.portion = new Portion(
                opened.object(),
                title(spec.kind(), opened.name()),
                nature(spec, self.id(), () -> ledgers.open(opened.object())),
                slot,
                this,
                Spinning.adaptive(),
                self.parked());
        this.places = new Places(portion, slabs, migrations);
        Ownership ownership = portion.nature().ownership();
        this.owners = ownership == null ? null : new OwnerWatch(portion, ownership, self.id(), connection);
    }

    /**
     * What an object is to a client.
     *
     * @param lease where the client tells what it holds of it, if it is leased
     */
    static Nature nature(Spec spec, int client, Supplier<Lease> lease) {
        return switch (spec.kind()) {
            case SEMAPHORE ->
                spec.has(Spec.LEASED)
                        ? Nature.leased(spec.maximum(), lease.get())
                        : Nature.semaphore(spec.maximum());
            case MUTEX -> Nature.mutex(client);
            case EVENT -> Nature.event(spec.has(Spec.AUTO_RESET));
        };
    }

    static String title(Kind kind, String name) {
        String article = kind == Kind.EVENT ? "an " : "a ";
        return name.isEmpty() ? article + kind + " without a name" : kind + " \"" + name + "\"";
    }

    /** The object's id. */
    long id() {
        return portion.id();
    }

    /** One more handle. */
    Handle open(boolean query) {
        uses.opened();
        return new Handle(portion, query);
    }

    /**
     * One handle less; true if the object is to be closed. What a thread of this client owns the broker does not grant to another
     * one of it before it hears that: then nobody waits for its answers.
     */
    boolean close() {
        return uses.closed(isHeld());
    }

    /** Whether no handle was ever opened, or none is left, and nothing is asked of the broker. */
    boolean isUnused() {
        return uses.areNone();
    }

    /** Whether no handle is left, and the broker may still grant what nobody uses. */
    boolean isKept() {
        return uses.areQuestions();
    }

    /** Whether that is the object's name. */
    boolean isNamed(String name) {
        return opened.name().equals(name);
    }

    /** Waits until the broker has answered everything, and what it has granted late is given back; or as long as that. */
    void awaitAnswers(long nanos) {
        CompletableFuture<Boolean> answers = uses.answers();
        connection.hurry();
        boolean _ = Uninterrupted.getOrNull(answers, nanos) != null;
    }

    /** By the connection's thread: the object is open; {@code full} if for more than to look. */
    void opened(boolean forMore) {
        full |= forMore;
    }

    /** Ends the portion for a reason that stays; does not wait. */
    void lose(LimitExceededException why) {
        leaving = true;
        portion.end(() -> new LimitExceededException(
                portion.title() + " is lost to this process: " + why.getMessage() + " Open it again.", why));
        portion.wakeAll();
    }

    /** The same because the broker has taken the object away from this client; {@link #drain} follows. */
    void takeAway(SyncException why) {
        portion.end(() -> new BrokerUnavailableException(
                portion.title() + " is lost to this process: " + why.getMessage() + ". Open the domain anew.", why));
        portion.wakeAll();
    }

    /**
     * Ends the portion, and waits until nobody sleeps at any of its places, and operations on what is leased are over: then
     * it may be given back.
     */
    void end() {
        Lease lease = portion.nature().lease();
        if (lease != null) {
            // Before anybody is not told of the object any more: what is under way may still change the word.
            lease.end();
        }
        uses.end();
        leaving = true;
        portion.end(this::closed);
        if (lease != null) {
            ledgers.close(lease);
        }
        drain();
    }

    /** The portion has ended: waits until the threads that were about to sleep on its word have left all its places. */
    void drain() {
        while (places.isAnyOnSlowPath()) {
            places.wakeAll();
            LockSupport.parkNanos(DRAIN_NANOS);
        }
    }

    /** Before anybody operates on what is leased: the broker has this client's ledger. */
    void prepare() {
        if (portion.nature().lease() != null) {
            ledgers.hand(connection);
        }
    }

    /** The broker knows that the client has closed it. */
    void forgotten() {
        Lease lease = portion.nature().lease();
        if (lease != null) {
            ledgers.free(lease);
        }
        heard.complete(true);
    }

    /** Whether what this client has held of it is still to be read in its ledger: the broker may not have heard of the end. */
    boolean isInLedger() {
        return portion.nature().lease() != null && !heard.isDone();
    }

    /** Waits until it is not any more; false if that takes longer. */
    boolean awaitForgotten(long nanos) {
        return Uninterrupted.getOrNull(heard, nanos) != null;
    }

    /** Nobody will tell the broker any more. */
    void neverForgotten() {
        heard.complete(false);
    }

    /** How many permits of it brokers have taken for this client, if it is leased: what the next one has to be told. */
    private int granted() {
        Lease lease = portion.nature().lease();
        return lease == null ? 0 : lease.granted();
    }

    /** Where the word is, was, and may soon be. */
    Places places() {
        return places;
    }

    /**
     * By the connection's thread: the next broker says that the word is elsewhere.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void located(Message.Located located) {
        home = located.home();
        places.located(located.location());
    }

    /** The slab of the broker's own in which the word is if it is there. */
    long homeSlab() {
        return home.slab();
    }

    /**
     * Whether the next broker need not hear of the object: what it does not hear of is closed. A portion that has ended does not
     * follow its word any more, so it could only be said where that was, perhaps in memory that this client has not got any more.
     */
    boolean isLeaving() {
        return leaving;
    }

    /** By the connection's thread: what the next broker is told of the object. */
    Message.HandObject hand() {
        Location here = places.known();
        return new Message.HandObject(
                portion.id(),
                opened.name(),
                opened.spec(),
                opened.token(),
                here == null ? Location.BROKER : here,
                home,
                opened.created(),
                full,
                corrupted || places.isNowhere(),
                badWord,
                granted(),
                places.unseen(here));
    }

    @Override
    public long claimTimeoutNanos() {
        return self.claimTimeoutNanos();
    }

    @Override
    public Verdict askLocked(Portion ignored, Slot slot, Patience patience) {
        return ask(slot, patience);
    }

    @Override
    public Verdict follow(Portion ignored, Slot slot, Patience patience) {
        Verdict verdict = places.follow(slot, patience);
        return verdict == null ? ask(slot, patience) : verdict;
    }

    @Override
    public long look(Portion ignored, Patience patience) {
        Request asked = connection.begin(
                number -> new Message.Operate(number, portion.id(), Rule.LOOK.code(), 0), answer -> {});
        Message.Answer answer = connection.await(asked, patience, System.nanoTime() + connection.timeoutNanos());
        if (answer == null && asked.giveUp()) {
            return NOT_SEEN;
        }
        return Connection.cast(answer == null ? connection.answer(asked) : answer, Message.Operated.class).result();
    }

    @Override
    public long operate(Portion ignored, Rule rule, int argument) {
        Object question = new Object();
        Request asked = connection.prepare(
                number -> new Message.Operate(number, portion.id(), rule.code(), argument),
                answer -> account(rule, argument, answer),
                late -> undo(question, rule, argument, late));
        try {
            connection.watch(asked);
            if (!uses.asking(question)) {
                throw closed();
            }
            connection.begin(asked);
            Message.Answer answer = connection.await(asked);
            long result = Connection.cast(answer, Message.Operated.class).result();
            mayClose(portion, question);
            asked.busy = false;
            return result;
        } catch (RuntimeException e) {
            if (!asked.isGivenUp()) {
                mayClose(portion, question);
            }
            asked.busy = false;
            throw e;
        } finally {
            asked.failed |= asked.busy;
        }
    }

    private ObjectClosedException closed() {
        return new ObjectClosedException("this handle to " + portion.title() + " is closed");
    }

    @Override
    public boolean keepOpen(Portion ignored, Object question) {
        return uses.asking(question);
    }

    @Override
    public void mayClose(Portion ignored, Object question) {
        if (uses.settled(question)) {
            self.unused().run();
        }
    }

    /** By the connection's thread: what the broker has taken or released for this client. */
    private void account(Rule rule, int argument, Message.Answer answer) {
        Lease lease = portion.nature().lease();
        if (lease == null || rule.equals(Rule.LOOK)) {
            return;
        }
        if (answer instanceof Message.Operated operated && operated.result() >= 0) {
            int given = rule.signals() ? -argument : argument;
            lease.granted(rule.equals(SemaphoreRule.DRAIN) ? (int) operated.result() : given);
        }
    }

    /** A signal that was late stays: it was given by who asked. What was taken for nobody is given back. */
    private void undo(Object question, Rule rule, int argument, Message.Answer late) {
        int taken = late instanceof Message.Operated operated ? (int) operated.result() : Rule.REFUSED;
        if (taken >= 0 && rule.equals(SemaphoreRule.DRAIN)) {
            giveBack(question, SemaphoreRule.RELEASE, taken);
        } else if (taken >= 0 && !rule.undo(false).equals(Rule.LOOK)) {
            giveBack(question, rule.undo(taken == MutexRule.OWNER_DIED), argument);
        } else {
            mayClose(portion, question);
        }
    }

    private void giveBack(Object question, Rule rule, int argument) {
        connection.aside(
                "giving back what was taken too late of " + portion.title(),
                () -> portion.giveBack(rule, argument),
                () -> mayClose(portion, question));
    }

    @Override
    public Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience)
            throws InterruptedException {
        return new BrokerWaits(connection).await(all, wants, alert, patience);
    }

    @Override
    public void signaled(Portion ignored) {
        connection.tell(new Message.Signaled(portion.id()));
    }

    @Override
    public void checkHeadroom() {
        Headroom.check(LEVELS_TO_TELL);
    }

    /** The queue of a condition, if it is a mutex. */
    SignalQueue queue(Handle handle, Mutex mutex, String name) {
        return new SignalQueue(connection, handle, mutex, portion.id(), name, self.parked());
    }

    /** The mutex through a handle. */
    Mutex mutex(Handle handle, boolean adopting) {
        return new Mutex(handle, self.id(), adopting);
    }

    boolean isMutex() {
        return owners != null;
    }

    /** The calling thread has created the mutex, locked. */
    void own() {
        requireNonNull(portion.nature().ownership()).acquired(false);
    }

    /** Whether a thread of this client owns it: what a last handle must not leave behind. */
    boolean isHeld() {
        Ownership ownership = portion.nature().ownership();
        return ownership != null && ownership.isHeld() && !portion.isEnded();
    }

    /** By the connection's thread: if a thread has ended that owned it, the word will be marked. */
    void abandonWhatTheDeadOwn() {
        requireNonNull(owners).look();
    }

    @Override
    public void corrupted(Portion ignored, Slot slot, long word) {
        Log.write(Level.ERROR, () -> "%s is corrupted: its word at %s is 0x%x"
                .formatted(portion.title(), slot.location(), word));
        badWord = word;
        corrupted = true;
        connection.tell(new Message.Corrupted(portion.id(), slot.location(), word));
    }

    /** A broker that does not say it soon is not waited for: the caller has an exception to throw. */
    @Override
    public List<Writer> writers(Portion ignored) {
        try {
            Request asked = connection.begin(number -> new Message.AskWriters(number, portion.id()), answer -> {});
            Message.Answer answer = Uninterrupted.getOrNull(asked.answer(), WRITERS_NANOS);
            boolean _ = answer == null && asked.giveUp();
            return answer instanceof Message.Writers known ? known.writers() : List.of();
        } catch (SyncException e) {
            return List.of();
        }
    }

    /** Asks the broker. Where it says that the word lives elsewhere, {@link Places#claimed} has gone there. */
    private Verdict ask(Slot slot, Patience patience) {
        Message.ClaimAnswer answer = places.hasPassed(slot) ? null : question(slot).await(patience);
        if (places.hasPassed(slot)) {
            return Verdict.GONE;
        }
        if (answer == null) {
            return patience.interruptible() && Thread.currentThread().isInterrupted() ? Verdict.INTERRUPTED : Verdict.LATE;
        }
        return switch (answer.claim()) {
            case CONFIRMED -> Verdict.CONFIRMED;
            case GONE -> Verdict.GONE;
            case REFUTED -> Verdict.REFUTED;
        };
    }

    /** The one that is asked already, or a new one. */
    private Question question(Slot slot) {
        asking.lock();
        try {
            Question open = question;
            if (open == null || !open.isOpenAt(slot)) {
                open = new Question(connection, portion.id(), slot);
                question = open;
            }
            return open;
        } finally {
            asking.unlock();
        }
    }
}
