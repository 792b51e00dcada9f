package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
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
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the word of one object is, as this client was told and as it has seen: its private portion's way to the broker.
 *
 * <p>Before a word moves, the connection's thread is told to which place, under which number. Nothing is done with that
 * until somebody sees the tombstone with this number at the old place: an operation that comes across it, or the connection's
 * thread, which looks when it is told that the tombstone is there; so a client that does nothing does not stay behind. Who
 * sees the tombstone first may be ahead of the connection's thread; then it waits for it, for the message is on its way.
 *
 * <p>A place that was left is kept in {@link #left} until no thread of this process is on the slow path there, asleep or
 * about to be. Then it is acknowledged, and the broker may use it for another object. When that broker has ended there is
 * nobody to tell, and no other will use the place.
 *
 * <p>What the next broker has to know of the object is kept here: {@link #hand}.
 */
final class Residence implements Authority {

    private static final System.Logger LOG = System.getLogger("io.hybridsync");
    private static final long MESSAGE_NANOS = 100_000_000;
    private static final long WRITERS_NANOS = 1_000_000_000;
    private static final long DRAIN_NANOS = 50_000;

    private final Portion portion;
    private final Message.Opened opened;
    private final Connection connection;
    private final Slabs slabs;
    private final Ledgers ledgers;
    private final Party self;
    private final AtomicLong migrations;
    private final Map<Integer, CompletableFuture<Slot>> told = new ConcurrentHashMap<>();
    private final Map<Location, Slot> left = new ConcurrentHashMap<>();

    private final ReentrantLock asking = new ReentrantLock();
    private final AtomicBoolean marking = new AtomicBoolean();

    /** A thread ended that owned the mutex, and the word does not say so yet. */
    private volatile boolean orphaned;

    /** How many handles share the portion; guarded by the client's table. */
    private int handles;

    /** What follows is written by the connection's thread: whether this client has opened the object for more than to look. */
    private boolean full;

    /** Where the broker has the word if it is its own. */
    private Location home;

    /** What a thread of this client found instead of a good word; 0 if none has, for the zero word is good nowhere. */
    private volatile long badWord;

    private volatile boolean corrupted;

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
        this.slabs = slabs;
        this.ledgers = ledgers;
        this.self = self;
        this.migrations = migrations;
        Spec spec = opened.spec();
        Location location = opened.location();
        Slot slot = location.equals(Location.BROKER) ? null : slabs.slot(location);
        this.portion = new Portion(
                opened.object(),
                title(spec.kind(), opened.name()),
                nature(opened.object(), spec),
                slot,
                this,
                Spinning.adaptive(),
                self.parked());
    }

    private Nature nature(long object, Spec spec) {
        return switch (spec.kind()) {
            case SEMAPHORE ->
                spec.has(Spec.LEASED)
                        ? Nature.leased(spec.maximum(), ledgers.open(object))
                        : Nature.semaphore(spec.maximum());
            case MUTEX -> Nature.mutex(self.id());
            case EVENT -> Nature.event(spec.has(Spec.AUTO_RESET));
        };
    }

    static String title(Kind kind, String name) {
        return name.isEmpty() ? "a " + kind + " without a name" : kind + " \"" + name + "\"";
    }

    /** One more handle. */
    Handle open(boolean query) {
        handles++;
        return new Handle(portion, query);
    }

    /** One handle less; true if it was the last. */
    boolean close() {
        return --handles == 0;
    }

    /** Whether no handle was ever opened, or none is left. */
    boolean isUnused() {
        return handles == 0;
    }

    /** By the connection's thread: the object is open; {@code full} if for more than to look. */
    void opened(boolean forMore) {
        full |= forMore;
    }

    /** Ends the portion for a reason that stays; does not wait. */
    void lose(LimitExceededException why) {
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
        portion.end(() -> new ObjectClosedException("this handle to " + portion.title() + " is closed"));
        Lease lease = portion.nature().lease();
        if (lease != null) {
            lease.end();
            ledgers.close(lease);
        }
        drain();
    }

    /** The portion has ended: waits until the threads that were about to sleep on its word have left all its places. */
    void drain() {
        while (portion.isOnSlowPath() || left.values().stream().anyMatch(Slot::isOnSlowPath)) {
            portion.wakeAll();
            left.values().forEach(Residence::wake);
            LockSupport.parkNanos(DRAIN_NANOS);
        }
    }

    private static void wake(Slot slot) {
        slot.cell().wake(Half.DATA, Cell.ALL);
        slot.cell().wake(Half.FLAGS, Cell.ALL);
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
    }

    /** How many permits of it brokers have taken for this client, if it is leased: what the next one has to be told. */
    private int granted() {
        Lease lease = portion.nature().lease();
        return lease == null ? 0 : lease.granted();
    }

    /** By the connection's thread: the word may be about to move. */
    void moving(Message.Moving moving) {
        told(moving.move()).complete(slabs.slot(moving.to()));
    }

    /**
     * By the connection's thread: the tombstone is at the old place. Looks at it, and goes on at the new one.
     *
     * @return false when there is no tombstone: then the place is not left
     */
    boolean moved(Message.Moved moved) {
        Slot here = portion.slotAt(moved.from());
        if (here == null) {
            return true;
        }
        Slot to = told(moved.move()).getNow(null);
        if (to == null || move(here) != moved.move()) {
            return false;
        }
        go(here, to);
        return true;
    }

    /** Whether no thread of this client is at a place that the word has left, nor will be. */
    boolean hasLeft(Location place) {
        Slot slot = left.get(place);
        return !portion.isOnSlowPathAt(place) && (slot == null || !slot.isOnSlowPath());
    }

    /** The place and what was told until the move away from it are of no use any more. */
    void forget(Message.Moved moved) {
        left.remove(moved.from());
        told.keySet().removeIf(move -> (move - moved.move()) << 1 <= 0);
    }

    /** By the connection's thread: the places that were left and not forgotten. */
    Stream<Location> left() {
        return left.keySet().stream();
    }

    /**
     * Forgets a place that the word left under a broker that has ended, if no thread is there. Otherwise wakes whoever is: that
     * broker may not have come to it.
     */
    boolean forget(Location place) {
        Slot slot = left.get(place);
        boolean gone = hasLeft(place);
        if (gone) {
            left.remove(place);
        } else if (slot != null) {
            wake(slot);
        }
        return gone;
    }

    /** By the connection's thread: the slabs in which the word is, may be, or was. */
    Stream<Long> slabs() {
        Location here = portion.location();
        Stream<Location> places = Stream.concat(here == null ? Stream.of() : Stream.of(here), left.keySet().stream());
        return Stream.concat(places, unseen().map(Told::to)).map(Location::slab);
    }

    /** The slab of the broker's own in which the word is if it is there. */
    long homeSlab() {
        return home.slab();
    }

    /** The moves that this client was told of and has not seen. */
    private Stream<Told> unseen() {
        Location here = portion.location();
        List<Told> all = told.entrySet().stream()
                .filter(entry -> entry.getValue().isDone())
                .map(entry -> new Told(entry.getKey(), entry.getValue().join().location()))
                .filter(move -> slabs.has(move.to().slab()))
                .toList();
        OptionalInt seen = all.stream().filter(move -> move.to().equals(here)).mapToInt(Told::move).findAny();
        return all.stream()
                .filter(move -> seen.isEmpty() || (move.move() - seen.getAsInt()) << 1 > 0)
                .sorted(Comparator.comparingInt(Told::move));
    }

    /** By the connection's thread: what the next broker is told of the object. */
    Message.HandObject hand() {
        Location here = portion.location();
        return new Message.HandObject(
                portion.id(),
                opened.name(),
                opened.spec(),
                opened.token(),
                here == null ? Location.BROKER : here,
                home,
                opened.created(),
                full,
                corrupted,
                badWord,
                granted(),
                unseen().toList());
    }

    /**
     * By the connection's thread: the next broker says where the word is. What the one before said is of no use any more.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void located(Message.Located located) {
        home = located.home();
        told.clear();
        go(located.location());
    }

    /**
     * By the connection's thread: the broker was asked for the word that was at a place, and says where it is.
     *
     * @throws LimitExceededException when there was no room for the slab
     */
    void claimed(Location asked, Location now) {
        if (asked.equals(portion.location())) {
            go(now);
        }
    }

    private void go(Location now) {
        Location here = portion.location();
        if ((here == null) != now.equals(Location.BROKER)) {
            throw new ProtocolException("the broker says that %s is at %s, and this client has it at %s"
                    .formatted(portion.title(), now, here == null ? Location.BROKER : here));
        }
        Slot from = here == null ? null : portion.slotAt(here);
        if (from != null && !now.equals(here)) {
            go(from, slabs.slot(now));
            wake(from);
        }
    }

    @Override
    public long claimTimeoutNanos() {
        return self.claimTimeoutNanos();
    }

    @Override
    public Verdict askLocked(Portion ignored, Slot slot) {
        return ask(slot);
    }

    @Override
    public Verdict follow(Portion ignored, Slot slot) {
        int move = move(slot);
        if (move < 0 || hasPassed(slot)) {
            return Verdict.GONE;
        }
        Slot to = await(told(move), MESSAGE_NANOS);
        if (to == null) {
            return ask(slot);
        }
        go(slot, to);
        return Verdict.CONFIRMED;
    }

    @Override
    public long operate(Portion ignored, Rule rule, int argument) {
        long result = connection.ask(
                        number -> new Message.Operate(number, portion.id(), rule.code(), argument),
                        Message.Operated.class,
                        late -> undo(rule, argument, late))
                .result();
        account(rule, argument, result);
        return result;
    }

    /** What the broker has taken or released for this client. */
    private void account(Rule rule, int argument, long result) {
        Lease lease = portion.nature().lease();
        if (lease != null && result >= 0 && !rule.equals(Rule.LOOK)) {
            lease.granted(rule.equals(SemaphoreRule.DRAIN) ? (int) result : rule.signals() ? -argument : argument);
        }
    }

    /** A signal that was late stays: it was given by who asked. What was taken for nobody is given back. */
    private void undo(Rule rule, int argument, Message.Answer late) {
        if (late instanceof Message.Operated operated && operated.result() >= 0) {
            int taken = (int) operated.result();
            account(rule, argument, taken);
            if (rule.equals(SemaphoreRule.DRAIN)) {
                Aside.run("giving back the permits of " + portion.title(), () -> portion.apply(SemaphoreRule.RELEASE, taken));
            } else if (!rule.undo(false).equals(Rule.LOOK)) {
                Rule undo = rule.undo(taken == MutexRule.OWNER_DIED);
                Aside.run("giving back " + portion.title(), () -> portion.apply(undo, argument));
            }
        }
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

    /** The queue of a condition, if it is a mutex. */
    SignalQueue queue(Handle handle, Mutex mutex, String name) {
        return new SignalQueue(connection, handle, mutex, portion.id(), name, self.parked());
    }

    /** The mutex through a handle. */
    Mutex mutex(Handle handle, boolean adopting) {
        return new Mutex(handle, self.id(), adopting);
    }

    boolean isMutex() {
        return portion.nature().ownership() != null;
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

    /**
     * By the connection's thread: if a thread has ended that owned it, the word will be marked. As long as the broker keeps
     * that from being done it is tried again.
     */
    void abandonWhatTheDeadOwn() {
        if (requireNonNull(portion.nature().ownership()).takeFromDead()) {
            LOG.log(Level.WARNING, () -> "a thread ended while it owned " + portion.title() + "; it is abandoned");
            orphaned = true;
        }
        if (orphaned && marking.compareAndSet(false, true)) {
            Aside.run("abandoning " + portion.title(), this::mark);
        }
    }

    private void mark() {
        orphaned = false;
        try {
            if (!requireNonNull(portion.nature().ownership()).isHeld()) {
                portion.apply(MutexRule.ABANDON, self.id());
            }
        } catch (BrokerUnavailableException e) {
            orphaned = true;
            throw e;
        } finally {
            marking.set(false);
        }
    }

    @Override
    public void corrupted(Portion ignored, Slot slot, long word) {
        LOG.log(Level.ERROR, "{0} is corrupted: its word at {1} is 0x{2}", portion.title(), slot.location(),
                Long.toHexString(word));
        badWord = word;
        corrupted = true;
        connection.tell(new Message.Corrupted(portion.id(), slot.location(), word));
    }

    /** A broker that does not say it soon is not waited for: the caller has an exception to throw. */
    @Override
    public List<Writer> writers(Portion ignored) {
        CompletableFuture<List<Writer>> known = new CompletableFuture<>();
        Aside.run("asking who could have corrupted " + portion.title(), () -> known.complete(connection
                .ask(number -> new Message.AskWriters(number, portion.id()), Message.Writers.class)
                .writers()));
        List<Writer> writers = await(known, WRITERS_NANOS);
        return writers == null ? List.of() : writers;
    }

    /** Asks the broker, one thread at a time. Where it says that the word lives elsewhere, {@link #claimed} has gone there. */
    private Verdict ask(Slot slot) {
        asking.lock();
        try {
            return askAlone(slot);
        } finally {
            asking.unlock();
        }
    }

    private Verdict askAlone(Slot slot) {
        if (hasPassed(slot)) {
            return Verdict.GONE;
        }
        Message.ClaimAnswer answer = connection.ask(
                number -> new Message.Claim(number, portion.id(), slot.location()), Message.ClaimAnswer.class);
        if (hasPassed(slot)) {
            return Verdict.GONE;
        }
        return switch (answer.claim()) {
            case CONFIRMED -> Verdict.CONFIRMED;
            case GONE -> Verdict.GONE;
            case REFUTED -> Verdict.REFUTED;
        };
    }

    /** Whether the word is known to be elsewhere by now. */
    private boolean hasPassed(Slot slot) {
        return portion.slotAt(slot.location()) != slot;
    }

    /** Goes on at the next place, unless another thread has been faster: then the old one may be forgotten already. */
    private void go(Slot from, Slot to) {
        synchronized (left) {
            if (!hasPassed(from)) {
                left.put(from.location(), from);
                portion.relocate(from, to);
                migrations.getAndIncrement();
            }
        }
    }

    /** The number on the tombstone at a slot, -1 when there is none. */
    private static int move(Slot slot) {
        long word = slot.load();
        return slot.isValid(word) && (Word.flags(word) & Word.MOVED) != 0 ? Word.data(word) & Word.VALUE : -1;
    }

    private CompletableFuture<Slot> told(int move) {
        return told.computeIfAbsent(move, number -> new CompletableFuture<>());
    }

    private static <T> @Nullable T await(CompletableFuture<T> message, long nanos) {
        try {
            return Uninterrupted.get(message, System.nanoTime() + nanos);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }
}
