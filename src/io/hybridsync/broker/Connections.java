package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Epoll;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Linux;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a broker, between the sockets and the {@link Registry}: what comes goes there, what the registry
 * wants said goes out.
 *
 * <p>Nobody can keep the broker's thread to himself: a connection gets a few messages' worth of it per turn, and as
 * much memory for what it does not read as the options say. Whatever a connection makes fail ends that connection.
 *
 * <p>The registry is never entered from within its own effects: what sending makes necessary is put off, and done by
 * {@link #settle} when the registry has returned.
 */
final class Connections implements Effects, AutoCloseable {

    private static final int MESSAGES_PER_TURN = 32;

    /** How long to wait when the machine lacks what a message takes. */
    private static final long STARVED_NANOS = 10_000_000;

    private final Epoll epoll;
    private final int queueBytes;
    private final Budget budget;
    private final BrokerLog log;
    private final Registry registry;
    private final Deaths deaths;
    private final MappedSlabs slabs;
    private final LedgerMemory ledgers = new LedgerMemory();
    private final Timers timers;
    private final ByteBuffer buffer = Channel.newBuffer();
    private final Map<Long, Connection> open = new HashMap<>();
    private final Deque<Runnable> putOff = new ArrayDeque<>();

    /** Those to which it will be tried again to send. */
    private final Set<Long> starved = new HashSet<>();

    /** Every peer has seen the end. */
    private boolean cut;

    /**
     * @param queueBytes how much may wait for one client to read it
     * @param registry given what it wants done, the state of the domain
     * @param deaths is told of connections whose peer has ended them
     * @param slabs takes back what is not needed any more
     * @param timers does what is to be done later
     */
    Connections(
            Epoll epoll,
            int queueBytes,
            Budget budget,
            BrokerLog log,
            Function<Effects, Registry> registry,
            Deaths deaths,
            MappedSlabs slabs,
            Timers timers) {
        this.epoll = epoll;
        this.queueBytes = queueBytes;
        this.budget = budget;
        this.log = log;
        this.registry = registry.apply(this);
        this.deaths = deaths;
        this.slabs = slabs;
        this.timers = timers;
    }

    Registry registry() {
        return registry;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Takes a new connection, which is closed if that fails. */
    void add(long key, SeqPacket socket, int pid) {
        Connection connection = new Connection(key, new Channel(socket, buffer), budget, queueBytes);
        try {
            epoll.add(socket.fd(), Linux.EPOLLIN, key);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
        open.put(key, connection);
        registry.connected(key, pid);
    }

    /** The socket may stay open for a while, see {@link io.hybridsync.kernel.Closer}: it must not tell anything any more. */
    private void drop(Connection connection) {
        open.remove(connection.key());
        epoll.remove(connection.channel().socket().fd());
        connection.close();
    }

    /** Does what an event on a connection asks for. */
    void handle(long key, int events) {
        Connection connection = open.get(key);
        if (connection == null) {
            return;
        }
        if ((events & Linux.EPOLLOUT) != 0) {
            flush(connection);
        }
        if ((events & ~Linux.EPOLLOUT) != 0) {
            read(connection);
        }
        settle();
    }

    /** Ends a connection that is no client's by now. */
    void requireClient(long key) {
        registry.requireClient(key);
        settle();
    }

    /** Clients are to show in the new file that they live. */
    void showAgain() {
        registry.showAgain();
        settle();
    }

    /** Looks whether the clients of the broker before are alive. */
    void lookForHeirs() {
        registry.lookForHeirs();
        settle();
    }

    /** The clients of the broker before have had the time to come. */
    void takeOverNow() {
        registry.takeOverNow();
        settle();
    }

    private void read(Connection connection) {
        try {
            boolean more = true;
            for (int i = 0; more && i < MESSAGES_PER_TURN; i++) {
                more = readOne(connection);
                settle();
            }
        } catch (ProtocolException e) {
            registry.expel(connection.key(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log(Level.WARN, "a message could not be dealt with: " + e);
            registry.expel(connection.key(), "the broker failed to do what it was asked");
        }
    }

    /** True if there may be another message. */
    private boolean readOne(Connection connection) {
        if (!isOpen(connection)) {
            return false;
        }
        switch (connection.channel().poll()) {
            case MESSAGE -> take(connection.key(), connection.channel().received());
            case END -> end(connection);
            case NOTHING -> {
                return false;
            }
        }
        return true;
    }

    private void take(long key, Channel.Received received) {
        registry.received(key, received.message(), received.fd());
    }

    @Override
    public void send(long connection, Message.FromBroker message) {
        send(connection, message, null);
    }

    @Override
    public boolean tell(long key, Message.FromBroker message) {
        return sendNow(key, message, null);
    }

    @Override
    public boolean grantNow(long key, Slab slab) {
        return sendNow(key, new Message.SlabGrant(slab.id(), slab.size()), ((MappedSlab) slab).memfd().fd());
    }

    /** True also for a connection that is just ending: nobody needs to be told there. */
    private boolean sendNow(long key, Message message, @Nullable Fd fd) {
        Connection connection = open.get(key);
        if (connection == null) {
            return true;
        }
        boolean sent = follow(connection, connection.sendNow(Codec.encode(message), fd));
        if (!sent) {
            awaitRoom(connection);
        }
        return sent;
    }

    @Override
    public boolean hasRoom(long key) {
        Connection connection = open.get(key);
        return connection == null || connection.hasRoom();
    }

    @Override
    public void retire(Slab slab) {
        slabs.retire((MappedSlab) slab);
    }

    @Override
    public @Nullable Slab ledger(int size, @Nullable Fd fd) {
        try {
            return fd == null ? null : ledgers.map(size, fd);
        } catch (LimitExceededException e) {
            log(Level.WARN, "no room for a ledger: " + e.getMessage());
            return null;
        }
    }

    @Override
    public void forget(Slab ledger) {
        ledgers.forget(ledger);
    }

    @Override
    public void after(long nanos, Runnable task) {
        timers.at(System.nanoTime() + nanos, () -> {
            task.run();
            settle();
        });
    }

    @Override
    public void expelled(int clientId) {
        if (clientId != 0) {
            putOff.add(() -> deaths.watch(registry, clientId));
        }
    }

    @Override
    public void grant(long connection, Slab slab) {
        Fd fd = ((MappedSlab) slab).memfd().fd();
        send(connection, new Message.SlabGrant(slab.id(), slab.size()), fd);
    }

    @Override
    public void keep(long connection, Memory memory, Slab slab) {
        MappedSlab mapped = (MappedSlab) slab;
        if (mapped.isForOneWriter()) {
            send(connection, new Message.Keep(memory, slab.id(), slab.size()), mapped.memfd().fd());
        }
    }

    private void send(long key, Message message, @Nullable Fd fd) {
        Connection connection = open.get(key);
        if (connection != null) {
            boolean waited = connection.isWaiting();
            follow(connection, connection.send(Codec.encode(message), fd));
            if (!waited && connection.isWaiting()) {
                awaitRoom(connection);
            }
        }
    }

    /** The socket tells when there is room; of what the machine lacks nobody does. */
    private void awaitRoom(Connection connection) {
        if (!connection.isStarved()) {
            watch(connection, Linux.EPOLLIN | Linux.EPOLLOUT);
        } else if (starved.add(connection.key())) {
            watch(connection, Linux.EPOLLIN);
            timers.at(System.nanoTime() + STARVED_NANOS, () -> tryAgain(connection));
        }
    }

    private void tryAgain(Connection connection) {
        starved.remove(connection.key());
        if (isOpen(connection)) {
            flush(connection);
            settle();
        }
    }

    /** What cannot be sent at all, as a slab that is gone by now, is the end of the connection: or it would be tried for ever. */
    private void flush(Connection connection) {
        try {
            follow(connection, connection.flush());
        } catch (SyncException e) {
            log(Level.WARN, "what waited for a client cannot be sent: " + e.getMessage());
            putOff.add(() -> end(connection));
            return;
        }
        if (connection.isWaiting()) {
            awaitRoom(connection);
        } else {
            watch(connection, Linux.EPOLLIN);
            putOff.add(registry::roomAgain);
        }
    }

    private void watch(Connection connection, int events) {
        epoll.modify(connection.channel().socket().fd(), events, connection.key());
    }

    /** Whether what was sent is on its way, or will be. */
    private boolean follow(Connection connection, Connection.Sent sent) {
        switch (sent) {
            case ACCEPTED -> {}
            case NO_ROOM -> {
                return false;
            }
            case FULL -> putOff.add(() -> registry.expel(connection.key(), "it does not read what it is sent"));
            case GONE -> putOff.add(() -> end(connection));
        }
        return true;
    }

    /** The registry has forgotten the connection. The reason gets there if there is room for it. */
    @Override
    public void refuse(long key, Code code, String reason) {
        Connection connection = open.get(key);
        if (connection != null) {
            Message refused = new Message.Refused(Version.MAJOR, Version.MINOR, code, reason);
            if (!connection.isWaiting()) {
                connection.send(Codec.encode(refused), null);
            }
            drop(connection);
        }
    }

    @Override
    public void log(Level level, String text) {
        log.write(level, text);
    }

    private void end(Connection connection) {
        if (isOpen(connection)) {
            drop(connection);
            deaths.ended(connection.key(), registry);
        }
    }

    private boolean isOpen(Connection connection) {
        return open.get(connection.key()) == connection;
    }

    /**
     * Does what was put off. Also for those who have entered the registry otherwise: there may be no event of a connection for
     * long.
     */
    void settle() {
        for (Runnable next = putOff.poll(); next != null; next = putOff.poll()) {
            next.run();
        }
    }

    /** Ends all connections: every peer sees that before the first socket is closed, which may take more than there is room for. */
    @Override
    public void close() {
        if (!cut) {
            for (Connection connection : open.values()) {
                connection.channel().shutdown();
            }
            cut = true;
        }
        for (Connection connection : open.values()) {
            connection.close();
        }
        open.clear();
        ledgers.close();
    }
}
