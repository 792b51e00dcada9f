package io.hybridsync.client;

import io.hybridsync.error.SyncException;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects that a client has open, and which places their words have left. What the connection's thread does with what
 * the broker says of objects; it makes the private portion itself when it reads that an object is open, so that whatever the
 * broker says next of that object finds it.
 */
final class Residences {

    private static final long SHORTEST_NANOS = 100_000;
    private static final long LONGEST_NANOS = 50_000_000;

    /** How often it is looked whether threads have ended that own a mutex: they are to be noticed within 100 ms. */
    private static final long ROUND_NANOS = 50_000_000;

    /**
     * A place that was left and is not forgotten yet.
     *
     * @param moved what is to be acknowledged; null if the broker that said so has ended
     */
    private record Leaving(Places places, Location place, Message.@Nullable Moved moved) {}

    private final Map<Long, Residence> open = new ConcurrentHashMap<>();
    private final AtomicLong migrations = new AtomicLong();
    private final Slabs slabs;
    private final Ledgers ledgers;

    /** As those that are opened know it; changed by the connection's thread when none is open. */
    private Party self;

    /** The mutexes among those open. */
    private final Set<Residence> mutexes = ConcurrentHashMap.newKeySet();

    /** Confined to the connection's thread, as what follows. */
    private final List<Leaving> leaving = new ArrayList<>();

    private long nextRound;

    private long pauseNanos = SHORTEST_NANOS;

    Residences(Slabs slabs, Ledgers ledgers, Party self) {
        this.slabs = slabs;
        this.ledgers = ledgers;
        this.self = self;
    }

    /** By the connection's thread: nothing is open, and what is opened from now on calls this client so. */
    void begin(int client) {
        self = self.as(client);
    }

    /** The object that is open, or null. */
    @Nullable Residence find(long object) {
        return open.get(object);
    }

    /** The client has closed the object. */
    void remove(long object) {
        Residence residence = open.remove(object);
        if (residence != null) {
            mutexes.remove(residence);
        }
    }

    /** Ends all portions, also those whose handle is just being closed by another thread. */
    void endAll() {
        open.values().forEach(Residence::end);
    }

    /** How many moves this client has followed. */
    long migrations() {
        return migrations.get();
    }

    /** All objects that are open. */
    Stream<Residence> all() {
        return open.values().stream();
    }

    /**
     * Ends all portions because the broker has taken the objects away from this client; {@link #drain} follows.
     *
     * @param why what operations throw
     */
    void takeAway(SyncException why) {
        open.values().forEach(residence -> residence.takeAway(why));
    }

    /** Waits until no thread of this client sleeps at a word of a portion that has ended. */
    void drain() {
        open.values().forEach(Residence::drain);
    }

    /**
     * By the connection's thread: the client has an object open.
     *
     * @param full whether for more than to look
     */
    void opened(Message.Opened opened, boolean full, Connection connection) {
        Residence residence = open.computeIfAbsent(
                opened.object(), id -> new Residence(opened, connection, slabs, ledgers, self, migrations));
        residence.opened(full);
        if (residence.isMutex()) {
            mutexes.add(residence);
        }
    }

    /** By the connection's thread: a word may be about to move. */
    void moving(Message.Moving moving) {
        Residence residence = open.get(moving.object());
        if (residence != null) {
            residence.places().moving(moving);
        }
    }

    /** By the connection's thread: a word has moved. */
    void moved(Message.Moved moved) {
        Residence residence = open.get(moved.object());
        if (residence != null && residence.places().moved(moved)) {
            leaving.add(new Leaving(residence.places(), moved.from(), moved));
            pauseNanos = SHORTEST_NANOS;
        }
    }

    /** By the connection's thread: the broker has answered a claim. */
    void claimed(Message.Claim claim, Location now) {
        Residence residence = open.get(claim.object());
        if (residence != null) {
            residence.places().claimed(claim.location(), now);
        }
    }

    /** By the connection's thread: the next broker says that a word is elsewhere. */
    void located(Message.Located located) {
        Residence residence = open.get(located.object());
        if (residence != null) {
            residence.located(located);
        }
    }

    /**
     * By the connection's thread: the broker has ended, or the next one has said where everything is. Nobody waits for
     * acknowledgements of what was left until now; it is left all the same.
     */
    void nobodyWaits() {
        leaving.clear();
        open.values().stream().map(Residence::places).forEach(places -> places.left()
                .forEach(place -> leaving.add(new Leaving(places, place, null))));
        pauseNanos = SHORTEST_NANOS;
    }

    /**
     * By the connection's thread: acknowledges the places that no thread is at any more, and abandons the mutexes of threads
     * that have ended.
     *
     * @return when to come again, on the clock of {@link System#nanoTime}
     */
    long tend(Connection connection) {
        return Math.min(acknowledge(connection), abandon());
    }

    private long abandon() {
        if (mutexes.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        if (nextRound - now <= 0) {
            mutexes.forEach(Residence::abandonWhatTheDeadOwn);
            nextRound = now + ROUND_NANOS;
        }
        return nextRound;
    }

    private long acknowledge(Connection connection) {
        leaving.removeIf(next -> {
            Message.Moved moved = next.moved;
            if (moved == null) {
                return next.places.forget(next.place);
            }
            boolean gone = next.places.hasLeft(next.place);
            if (gone) {
                next.places.forget(moved);
                connection.tell(new Message.Acknowledge(moved.object(), next.place));
            }
            return gone;
        });
        if (leaving.isEmpty()) {
            return Long.MAX_VALUE;
        }
        pauseNanos = Math.min(LONGEST_NANOS, 2 * pauseNanos);
        return System.nanoTime() + pauseNanos;
    }
}
