package io.hybridsync.broker;

import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A registry alone: what it wants done is written down, per connection. */
final class Bench implements Effects {

    static final int INCARNATION = 7;

    /** The last broker before it: they go by the clock, so there may be some between that there have never been. */
    static final int LAST = 5;

    static final Spec TWO_PERMITS = new Spec(Kind.SEMAPHORE, 2, 5, 0);

    final HeapSlabs memory = new HeapSlabs();
    final Set<Integer> alive = new HashSet<>();
    final List<String> log = new ArrayList<>();
    final Set<Long> full = new HashSet<>();
    final Set<Long> fullByNow = new HashSet<>();
    final Set<Long> lazy = new HashSet<>();
    final Set<Long> retired = new HashSet<>();
    final Set<Integer> expelled = new HashSet<>();
    private final Map<Long, Deque<Message>> notices = new HashMap<>();
    final Map<Long, String> refused = new HashMap<>();
    final Map<Long, Code> codes = new HashMap<>();
    final Budget budget;
    final Registry registry;
    private final Map<Long, Deque<Object>> out = new HashMap<>();
    final List<Slab> ledgers = new ArrayList<>();
    final List<Runnable> delayed = new ArrayList<>();

    /** How long each thing was to wait that was to be done later. */
    final List<Long> pauses = new ArrayList<>();

    /** Run before a client hears what it is told now or never. */
    Runnable beforeTelling = () -> {};

    int ledgersLeft = Integer.MAX_VALUE;
    private long nanos;

    /** Each look at the clock takes 10 us. */
    private final Moment moment = new Moment(this::tick);

    private long lastConnection;
    private long lastToken;
    private long lastLedger;
    private int lastRequest;

    Bench(Options options) {
        this(options, List.of());
    }

    /** @param heirs clients of the broker before, alive */
    Bench(Options options, List<Integer> heirs) {
        this(options, heirs, 0);
    }

    /** @param lastClient the last id that brokers before may have given to a client */
    Bench(Options options, List<Integer> heirs, int lastClient) {
        alive.addAll(heirs);
        memory.reserveClients(lastClient);
        budget = new Budget(options.heapBytes());
        registry = new Registry(options, this, this::isAlive, budget, memory, this::token, new Lineage(INCARNATION, LAST, heirs), moment);
    }

    /** As the kernel, which knows of no other bytes of the file. */
    private boolean isAlive(int client) {
        if (client <= 0 || client > ClientIds.LAST) {
            throw new IllegalArgumentException("no client has the id " + client);
        }
        return alive.contains(client);
    }

    private long tick() {
        nanos += 10_000;
        return nanos;
    }

    /** So long nothing happens that clients could make the broker wait. */
    void rest() {
        nanos += 1_000_000_000;
    }

    private Token token() {
        return new Token(1, ++lastToken);
    }

    /** A connection that has said nothing. */
    long connection() {
        long key = ++lastConnection;
        registry.connected(key, 1000 + (int) key);
        return key;
    }

    /** A connection that has said hello. */
    long greeted() {
        long key = connection();
        say(key, new Message.Hello(Version.MAJOR, Version.MINOR, "a test"));
        return key;
    }

    /** A connection that is a client; its Welcome is taken. */
    long client() {
        long key = greeted();
        Message.Welcome welcome = (Message.Welcome) take(key);
        alive.add(welcome.clientId());
        say(key, new Message.Alive());
        return key;
    }

    /** Nothing is left of anybody, and of a heap of so many bytes nothing is taken. */
    void requireNothing(long heap) {
        boolean nothing = registry.isEmpty() && registry.objects() == 0 && registry.slots() == 0 && registry.groups() == 0
                && registry.tombstones() == 0 && budget.left() == heap;
        if (!nothing) {
            throw new AssertionError("left: %d objects, %d slots, %d groups, %d tombstones, %d bytes".formatted(
                    registry.objects(), registry.slots(), registry.groups(), registry.tombstones(), heap - budget.left()));
        }
    }

    int id(long connection) {
        return registry.clientId(connection);
    }

    void say(long connection, Message message) {
        registry.received(connection, message);
        settle();
    }

    /** Clients acknowledge what has moved, unless they are lazy. */
    void settle() {
        for (Map.Entry<Long, Deque<Message>> all : Map.copyOf(notices).entrySet()) {
            if (!lazy.contains(all.getKey())) {
                acknowledge(all.getKey());
            }
        }
    }

    /** A client acknowledges what has moved. */
    void acknowledge(long connection) {
        List<Message> told = List.copyOf(notices(connection));
        notices(connection).clear();
        for (Message next : told) {
            if (next instanceof Message.Moved moved) {
                registry.received(connection, new Message.Acknowledge(moved.object(), moved.from()));
            }
        }
    }

    /** What a client was told of moves and of slabs that are gone, and has not dealt with. */
    Deque<Message> notices(long connection) {
        return notices.computeIfAbsent(connection, key -> new ArrayDeque<>());
    }

    /** The client dies: its lock is free and its connection has ended. */
    void kill(long connection) {
        alive.remove(id(connection));
        registry.ended(connection, true);
        settle();
    }

    Object open(long connection, Mode mode, String name, Spec spec) {
        say(connection, new Message.Open(++lastRequest, mode, spec.kind(), name, spec, false));
        return answer(connection);
    }

    Message.Opened opened(long connection, Mode mode, String name) {
        return (Message.Opened) open(connection, mode, name, TWO_PERMITS);
    }

    Object openToken(long connection, Kind kind, Token token) {
        say(connection, new Message.OpenToken(++lastRequest, kind, token, false));
        return answer(connection);
    }

    Object close(long connection, long object) {
        say(connection, new Message.Close(++lastRequest, object));
        return answer(connection);
    }

    Object describe(long connection, long object) {
        say(connection, new Message.Describe(++lastRequest, object));
        return answer(connection);
    }

    Message.Listing list(long connection, long after) {
        say(connection, new Message.ListObjects(++lastRequest, after));
        return (Message.Listing) answer(connection);
    }

    /** The answer to the last request, which is the last of the effects; grants are passed over. */
    private Object answer(long connection) {
        Object last = take(connection);
        while (last instanceof Slab) {
            last = take(connection);
        }
        if (!(last instanceof Message.Answer answer) || answer.request() != lastRequest || !out(connection).isEmpty()) {
            throw new AssertionError("not the one answer to request " + lastRequest + ": " + last);
        }
        return answer;
    }

    /** The next effect on a connection: a message, or a slab that was granted. */
    Object take(long connection) {
        return out(connection).remove();
    }

    Deque<Object> out(long connection) {
        return out.computeIfAbsent(connection, key -> new ArrayDeque<>());
    }

    @Override
    public void send(long connection, Message.FromBroker message) {
        if (message instanceof Message.Moved || message instanceof Message.SlabRevoke) {
            notices(connection).add(message);
        } else {
            out(connection).add(message);
        }
    }

    @Override
    public boolean tell(long connection, Message.FromBroker message) {
        beforeTelling.run();
        boolean room = !full.contains(connection);
        if (room && message instanceof Message.Answer) {
            out(connection).add(message);
        } else if (room) {
            notices(connection).add(message);
        }
        return room;
    }

    @Override
    public boolean grantNow(long connection, Slab slab) {
        boolean room = !full.contains(connection);
        if (room) {
            out(connection).add(slab);
        }
        return room;
    }

    @Override
    public @Nullable Slab ledger(int size, @Nullable Fd fd) {
        if (ledgersLeft-- <= 0) {
            return null;
        }
        Slab ledger = memory.create(--lastLedger, size);
        ledgers.add(ledger);
        return ledger;
    }

    @Override
    public void forget(Slab ledger) {
        ledgers.remove(ledger);
    }

    @Override
    public void after(long nanos, Runnable task) {
        pauses.add(nanos);
        delayed.add(task);
    }

    /** The time has passed for all that was to be done later. */
    void pass() {
        nanos += 1_000_000;
        List<Runnable> due = List.copyOf(delayed);
        delayed.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public boolean hasRoom(long connection) {
        return !fullByNow.contains(connection);
    }

    @Override
    public void retire(Slab slab) {
        retired.add(slab.id());
    }

    @Override
    public void expelled(int clientId) {
        expelled.add(clientId);
    }

    @Override
    public void grant(long connection, Slab slab) {
        out(connection).add(slab);
    }

    @Override
    public void keep(long connection, Memory kept, Slab slab) {
        notices(connection).add(new Message.Keep(kept, slab.id(), slab.size()));
    }

    @Override
    public void refuse(long connection, Code code, String reason) {
        codes.put(connection, code);
        refused.put(connection, reason);
    }

    @Override
    public void log(Level level, String text) {
        log.add(level + " " + text);
    }
}
