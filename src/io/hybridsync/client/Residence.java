package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Spinning;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
 * about to be. Then it is acknowledged, and the broker may use it for another object.
 */
final class Residence implements Authority {

    private static final System.Logger LOG = System.getLogger("io.hybridsync");
    private static final long MESSAGE_NANOS = 100_000_000;
    private static final long DRAIN_NANOS = 50_000;

    private final Portion portion;
    private final Connection connection;
    private final Slabs slabs;
    private final long claimTimeoutNanos;
    private final AtomicLong migrations;
    private final Map<Integer, CompletableFuture<Slot>> told = new ConcurrentHashMap<>();
    private final Map<Location, Slot> left = new ConcurrentHashMap<>();

    /** How many handles share the portion; guarded by the client's table. */
    private int handles;

    /** @param migrations counts the moves that the client has followed */
    Residence(
            Message.Opened opened, Connection connection, Slabs slabs, long claimTimeoutNanos, AtomicLong migrations) {
        this.connection = connection;
        this.slabs = slabs;
        this.claimTimeoutNanos = claimTimeoutNanos;
        this.migrations = migrations;
        String title = title(opened.spec().kind(), opened.name());
        Slot slot = slabs.slot(opened.location());
        this.portion =
                new Portion(opened.object(), title, opened.spec().maximum(), slot, this, Spinning.adaptive());
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

    /** Ends the portion for a reason that stays; does not wait. */
    void lose(LimitExceededException why) {
        portion.end(() -> new LimitExceededException(
                portion.title() + " is lost to this process: " + why.getMessage() + " Open it again.", why));
        portion.wakeAll();
    }

    /** Ends the portion, and waits until the threads that were about to sleep on its word have left all its places. */
    void end() {
        portion.end(() -> new ObjectClosedException("this handle to " + portion.title() + " is closed"));
        while (portion.isOnSlowPath() || left.values().stream().anyMatch(Slot::isOnSlowPath)) {
            portion.wakeAll();
            LockSupport.parkNanos(DRAIN_NANOS);
        }
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

    @Override
    public long claimTimeoutNanos() {
        return claimTimeoutNanos;
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
        Slot to = await(told(move));
        if (to == null) {
            return ask(slot);
        }
        go(slot, to);
        return Verdict.CONFIRMED;
    }

    @Override
    public void signaled(Portion ignored) {
        connection.signal(new Message.Signaled(portion.id()));
    }

    @Override
    public void corrupted(Portion ignored, Slot slot, long word) {
        LOG.log(Level.ERROR, "{0} is corrupted: its word at {1} is 0x{2}", portion.title(), slot.location(),
                Long.toHexString(word));
        connection.tellIfPossible(new Message.Corrupted(portion.id(), slot.location(), word));
    }

    /** Asks the broker, one thread at a time; and where it says that the word lives elsewhere, goes there. */
    private synchronized Verdict ask(Slot slot) {
        if (hasPassed(slot)) {
            return Verdict.GONE;
        }
        Message.ClaimAnswer answer = connection.ask(
                number -> new Message.Claim(number, portion.id(), slot.location()), Message.ClaimAnswer.class);
        if (hasPassed(slot)) {
            return Verdict.GONE;
        }
        if (!answer.location().equals(slot.location())) {
            go(slot, slabs.slot(answer.location()));
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

    private static @Nullable Slot await(CompletableFuture<Slot> message) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + MESSAGE_NANOS;
        try {
            for (;;) {
                try {
                    return message.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException | ExecutionException e) {
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
