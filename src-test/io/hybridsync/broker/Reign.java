package io.hybridsync.broker;

import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The shipped {@link Registry} with everything that is the private state of one broker: what waits for room at connections, and
 * what is to be done later. All that is lost when the broker dies. The rest of the world is a model's: {@link Realm}.
 */
public final class Reign implements Effects, Storage {

    /** What became of a message. */
    public enum Sent {
        /** It is in the socket: the client reads it, whatever becomes of the broker. */
        ACCEPTED,
        /** There is no room in the socket now. */
        NO_ROOM,
        /** The client is dead. */
        GONE
    }

    /** Memory, sockets, and who lives: what stays when the broker dies. */
    public interface Realm {

        /** Puts a message into a socket, with the memory whose descriptor goes along. */
        Sent send(long connection, Message message, @Nullable Slab memory);

        /** Whether the client shows that it lives. */
        boolean isAlive(int client);

        /** New memory, all zeroes. */
        Slab create(Memory memory, long id, int size);

        /** What a client has handed over, where this broker has it mapped. */
        Slab map(Slab handed);

        /** What is the same for the same memory, by whomever it is handed over. */
        Object file(Slab handed);

        /** What a broker has written down of the journals that count. */
        List<Object> journals();

        /** A broker writes down which count. */
        void name(List<Object> journals);

        /** The last id that a broker may have given to a client. */
        int lastClient();

        /** A broker is about to give ids up to this one. */
        void reserveClients(int last);

        /** The broker ends a connection. */
        void hangUp(long connection);

        /** The broker writes a warning to its log. */
        void warn(String line);
    }

    private static final class Post {
        final Deque<Parcel> waiting = new ArrayDeque<>();
        boolean full;
    }

    private record Parcel(Message message, @Nullable Slab memory) {}

    private final Realm realm;
    private final Registry registry;
    private final Map<Long, Post> posts = new TreeMap<>();
    private final Deque<Runnable> putOff = new ArrayDeque<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Set<Integer> watched = new TreeSet<>();
    private @Nullable Slab handed;
    private long nanos;
    private long lastToken;

    /**
     * A broker begins.
     *
     * @param incarnation its own number
     * @param heirs the clients of brokers before that live
     */
    public Reign(Realm realm, int incarnation, List<Integer> heirs) {
        this.realm = realm;
        Options options = Options.defaults();
        this.registry = new Registry(
                options,
                this,
                realm::isAlive,
                new Budget(options.heapBytes()),
                this,
                () -> new Token(incarnation, ++lastToken),
                new Lineage(incarnation, incarnation - 1, heirs),
                new Moment(this::tick));
    }

    /** Each look at the clock takes 10 us. */
    private long tick() {
        nanos += 10_000;
        return nanos;
    }

    /** Somebody has connected. */
    public void connected(long connection) {
        posts.put(connection, new Post());
        registry.connected(connection, 1);
    }

    /** A connection has said something; with the memory whose descriptor came along. */
    public void received(long connection, Message message, @Nullable Slab memory) {
        handed = memory;
        registry.received(connection, message);
        settle();
    }

    /** A connection has ended, and all that came by it has been read. */
    public void ended(long connection) {
        end(connection);
        settle();
    }

    private void end(long connection) {
        if (posts.remove(connection) != null) {
            int client = registry.clientId(connection);
            boolean dead = client == 0 || !realm.isAlive(client);
            registry.ended(connection, dead);
            if (!dead) {
                expelled(client);
            }
        }
    }

    /** Whether something is to be done when there is room at a connection. */
    public boolean wantsRoom(long connection) {
        Post post = posts.get(connection);
        return post != null && (post.full || !post.waiting.isEmpty());
    }

    /** There is room at a connection. */
    public void flush(long connection) {
        Post post = Objects.requireNonNull(posts.get(connection));
        post.full = false;
        for (Parcel next = post.waiting.peek(); next != null; next = post.waiting.peek()) {
            Sent sent = realm.send(connection, next.message, next.memory);
            if (sent == Sent.NO_ROOM) {
                return;
            }
            if (sent == Sent.GONE) {
                end(connection);
                settle();
                return;
            }
            post.waiting.remove();
        }
        registry.roomAgain();
        settle();
    }

    /** Whether clients of the broker before are awaited. */
    public boolean isTakingOver() {
        return registry.isTakingOver();
    }

    /** Looks who of them is alive. */
    public void lookForHeirs() {
        registry.lookForHeirs();
        settle();
    }

    /** They have had the time to come. */
    public void takeOverNow() {
        registry.takeOverNow();
        settle();
    }

    /** A client has broken a rule. */
    public void expel(long connection) {
        registry.expel(connection, "a model says so");
        settle();
    }

    /** Looks at all words. */
    public void patrol() {
        registry.patrol();
        settle();
    }

    /** Whether something is to be done when some time has passed. */
    public boolean hasMoreToDo() {
        return !later.isEmpty() || registry.delayed() > 0 || watched.stream().anyMatch(client -> !realm.isAlive(client));
    }

    /** Some time has passed. */
    public void pass() {
        nanos += 1_000_000_000;
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        watched.stream().filter(client -> !realm.isAlive(client)).toList().forEach(client -> {
            watched.remove(client);
            registry.died(client);
        });
        registry.roomAgain();
        settle();
    }

    private void settle() {
        for (Runnable next = putOff.poll(); next != null; next = putOff.poll()) {
            next.run();
        }
    }

    /** How many objects there are. */
    public int objects() {
        return registry.objects();
    }

    /** How many slots are in use. */
    public int slots() {
        return registry.slots();
    }

    /** How many places words have left and clients have not. */
    public int tombstones() {
        return registry.tombstones();
    }

    private void send(long connection, Message message, @Nullable Slab memory) {
        Post post = posts.get(connection);
        if (post == null) {
            return;
        }
        if (!post.waiting.isEmpty()) {
            post.waiting.add(new Parcel(message, memory));
            return;
        }
        switch (realm.send(connection, message, memory)) {
            case ACCEPTED -> {}
            case NO_ROOM -> post.waiting.add(new Parcel(message, memory));
            case GONE -> putOff.add(() -> end(connection));
        }
    }

    /** True also for a connection that is just ending: nobody needs to be told there. */
    private boolean sendNow(long connection, Message message, @Nullable Slab memory) {
        Post post = posts.get(connection);
        if (post == null) {
            return true;
        }
        Sent sent = post.waiting.isEmpty() ? realm.send(connection, message, memory) : Sent.NO_ROOM;
        post.full = sent == Sent.NO_ROOM;
        if (sent == Sent.GONE) {
            putOff.add(() -> end(connection));
        }
        return sent != Sent.NO_ROOM;
    }

    @Override
    public void send(long connection, Message.FromBroker message) {
        send(connection, message, null);
    }

    @Override
    public boolean tell(long connection, Message.FromBroker message) {
        return sendNow(connection, message, null);
    }

    @Override
    public boolean grantNow(long connection, Slab slab) {
        return sendNow(connection, new Message.SlabGrant(slab.id(), slab.size()), slab);
    }

    @Override
    public boolean hasRoom(long connection) {
        Post post = posts.get(connection);
        return post == null || (!post.full && post.waiting.isEmpty());
    }

    @Override
    public void retire(Slab slab) {
        // The memory is there as long as a client has it.
    }

    @Override
    public void expelled(int clientId) {
        if (clientId != 0) {
            watched.add(clientId);
        }
    }

    @Override
    public void grant(long connection, Slab slab) {
        send(connection, new Message.SlabGrant(slab.id(), slab.size()), slab);
    }

    @Override
    public void keep(long connection, Memory memory, Slab slab) {
        send(connection, new Message.Keep(memory, slab.id(), slab.size()), slab);
    }

    @Override
    public void refuse(long connection, Code code, String reason) {
        Post post = posts.remove(connection);
        if (post != null) {
            if (post.waiting.isEmpty()) {
                realm.send(connection, new Message.Refused(Version.MAJOR, Version.MINOR, code, reason), null);
            }
            realm.hangUp(connection);
        }
    }

    @Override
    public @Nullable Slab ledger(int size, @Nullable Fd fd) {
        return realm.map(Objects.requireNonNull(handed));
    }

    @Override
    public void forget(Slab ledger) {
        // The memory is there as long as the client has it.
    }

    @Override
    public void after(long delayNanos, Runnable task) {
        later.add(task);
    }

    @Override
    public void log(Level level, String text) {
        if (level == Level.WARN) {
            realm.warn(text);
        }
    }

    @Override
    public Slab create(long id, int size) {
        return realm.create(Memory.SLAB, id, size);
    }

    @Override
    public Slab createOwn(long id, int size) {
        return realm.create(id == 0 ? Memory.JOURNAL : Memory.OWN, id, size);
    }

    @Override
    public Object identity(@Nullable Fd fd, Message.Hand hand) {
        return realm.file(Objects.requireNonNull(handed));
    }

    @Override
    public Object identity(Slab journal) {
        return realm.file(journal);
    }

    @Override
    public Chronicle chronicle() {
        return new Chronicle(realm.journals().stream().map(Chronicle.Line.class::cast).toList());
    }

    @Override
    public void write(Chronicle chronicle) {
        realm.name(List.copyOf(chronicle.lines()));
    }

    @Override
    public int lastClient() {
        return realm.lastClient();
    }

    @Override
    public void reserveClients(int last) {
        realm.reserveClients(last);
    }

    @Override
    public Slab adopt(@Nullable Fd fd, Message.Hand hand) {
        return realm.map(Objects.requireNonNull(handed));
    }
}
