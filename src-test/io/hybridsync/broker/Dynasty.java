package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One broker after the other, over the same memory and with the same clients. A broker can be made to die before any of its
 * steps: every access to a word and everything that it wants done is one.
 */
final class Dynasty implements Effects {

    /** A broker is dead: what it was about to do it does not do. */
    static final class Dead extends Error {
        private static final long serialVersionUID = 1;
    }

    static final int NEVER = Integer.MAX_VALUE;

    /** Of a patrol, to see every word: the slabs of the dramas are of a page each. */
    private static final int ROUNDS = 3;

    final HeapSlabs memory = new HeapSlabs();
    final Set<Integer> alive = new HashSet<>();
    final List<Kin> kin = new ArrayList<>();
    final Map<Long, Code> refused = new HashMap<>();
    final Set<Integer> watched = new HashSet<>();
    final Set<Long> full = new HashSet<>();

    /** Connections that have no room for anything but the journal: what they are sent dies with the broker. */
    final Set<Long> deaf = new HashSet<>();

    /** Parts of the warnings that are no failure. */
    final Set<String> expected = new HashSet<>(Set.of("in time"));

    /** Run before a client hears what it is told now or never. */
    Runnable beforeTelling = () -> {};

    /** Run when a broker has something to say that is no warning. */
    Runnable onNews = () -> {};

    private final Map<Long, Kin> connections = new HashMap<>();
    private Registry registry;
    private Budget budget;
    private int incarnation;
    private int stepsLeft = NEVER;
    private int steps;
    private long lastConnection;
    private long lastToken;
    private int lastRequest;

    Dynasty() {
        budget = new Budget(Options.defaults().heapBytes());
        registry = found(List.of());
        memory.beforeAccess(this::step);
    }

    private Registry found(List<Integer> heirs) {
        Options options = Options.defaults();
        budget = new Budget(options.heapBytes());
        incarnation++;
        return new Registry(
                options, this, alive::contains, budget, memory, () -> new Token(incarnation, ++lastToken), new Lineage(incarnation, incarnation - 1, heirs));
    }

    Registry registry() {
        return registry;
    }

    /** How much of the heap of the broker there is. */
    Budget budget() {
        return budget;
    }

    private void step() {
        steps++;
        if (stepsLeft != NEVER && --stepsLeft < 0) {
            throw new Dead();
        }
    }

    /** Lets the broker do so many steps of something; false if it has died there. */
    boolean survives(int limit, Runnable task) {
        stepsLeft = limit;
        try {
            task.run();
            return true;
        } catch (Dead e) {
            return false;
        } finally {
            stepsLeft = NEVER;
        }
    }

    /** How many steps brokers have done. */
    int steps() {
        return steps;
    }

    Kin client(boolean slow) {
        Kin client = connect(slow);
        say(client, new Message.Hello(Version.MAJOR, Version.MINOR, "a test"));
        alive.add(client.id);
        say(client, new Message.Alive());
        kin.add(client);
        return client;
    }

    private Kin connect(boolean slow) {
        Kin client = new Kin(++lastConnection, memory, slow);
        connections.put(client.connection, client);
        registry.connected(client.connection, 1);
        return client;
    }

    void say(Kin client, Message.FromClient message) {
        registry.received(client.connection, message);
        settle();
    }

    private void settle() {
        boolean more = true;
        while (more) {
            more = false;
            for (Kin client : List.copyOf(kin)) {
                for (Message.FromClient said : quietly(client::look)) {
                    registry.received(client.connection, said);
                    more = true;
                }
            }
        }
    }

    /** What clients do, and tests, are no steps of the broker. */
    private <T> T quietly(Supplier<T> task) {
        memory.beforeAccess(() -> {});
        try {
            return task.get();
        } finally {
            memory.beforeAccess(this::step);
        }
    }

    int nextRequest() {
        return ++lastRequest;
    }

    /** Asks for something; its number. */
    int ask(Kin client, Message.FromClient request) {
        client.ask(lastRequest, request);
        say(client, request);
        return lastRequest;
    }

    void open(Kin client, Mode mode, String name, Spec spec) {
        ask(client, new Message.Open(nextRequest(), mode, spec.kind(), name, spec, false));
    }

    /** The next broker, when nobody has come to it yet. */
    void succeed() {
        kin.forEach(client -> quietly(client::survive));
        refused.clear();
        registry = found(kin.stream().map(client -> client.id).filter(alive::contains).toList());
        kin.forEach(client -> registry.connected(client.connection, 1));
    }

    void kill(Kin client) {
        alive.remove(client.id);
        kin.remove(client);
        connections.remove(client.connection);
    }

    /** All clients hand over what they have. */
    void handOver() {
        List.copyOf(kin).forEach(this::handOver);
        settle();
    }

    /** One does. */
    void handOver(Kin client) {
        memory.handsJournal(client.journal);
        client.resume().forEach(message -> registry.received(client.connection, message));
    }

    /** The broker looks at everything, as it does in the background: nobody has written where he had no business. */
    void patrol() {
        quietly(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                registry.patrol();
            }
            return null;
        });
    }

    /** Where the word is of which all clients that have it open say the same. */
    long word(String name) {
        Set<Location> places = new HashSet<>();
        for (Kin client : kin) {
            quietly(client::operate);
            for (Kin.Home home : client.homes.values()) {
                if (home.opened.name().equals(name)) {
                    places.add(home.location.equals(Location.BROKER) ? home.home : home.location);
                }
            }
        }
        assertThat(places).as("the places of " + name).hasSize(1);
        Location place = places.iterator().next();
        long word = quietly(() -> memory.cell(place).load());
        assertThat(Word.isValid(place.base(), word)).as("the word of %s, 0x%x", name, word).isTrue();
        assertThat(Word.flags(word) & ~Word.WAKE_BROKER).as("the flags of " + name).isZero();
        return word;
    }

    int value(String name) {
        return Word.data(word(name)) & Word.VALUE;
    }

    private Kin to(long connection) {
        step();
        return connections.getOrDefault(connection, new Kin(0, memory, true));
    }

    @Override
    public void send(long connection, Message.FromBroker message) {
        Kin client = to(connection);
        if (!deaf.contains(connection)) {
            client.hear(message);
        }
    }

    @Override
    public boolean tell(long connection, Message.FromBroker message) {
        Kin client = to(connection);
        boolean room = !full.contains(connection) && hasRoom(connection);
        if (room) {
            beforeTelling.run();
            client.hear(message);
        }
        return room;
    }

    @Override
    public boolean grantNow(long connection, Slab slab) {
        to(connection).hear(slab);
        return true;
    }

    @Override
    public boolean hasRoom(long connection) {
        return !deaf.contains(connection);
    }

    @Override
    public void retire(Slab slab) {
        step();
    }

    @Override
    public void expelled(int clientId) {
        watched.add(clientId);
    }

    @Override
    public void grant(long connection, Slab slab) {
        to(connection).hear(slab);
    }

    @Override
    public void keep(long connection, Memory what, Slab slab) {
        Kin client = to(connection);
        if (!deaf.contains(connection) || what == Memory.JOURNAL) {
            client.hear(what, slab);
        }
    }

    @Override
    public Slab ledger(int size, @Nullable Fd fd) {
        throw new AssertionError("nobody has leases");
    }

    @Override
    public void forget(Slab ledger) {
        throw new AssertionError("nobody has leases");
    }

    @Override
    public void after(long nanos, Runnable task) {
        throw new AssertionError("nobody has leases");
    }

    @Override
    public void refuse(long connection, Code code, String reason) {
        refused.put(connection, code);
        if (code != Code.LOST) {
            throw new AssertionError(reason);
        }
    }

    @Override
    public void log(Level level, String text) {
        if (level == Level.WARN && expected.stream().noneMatch(text::contains)) {
            throw new AssertionError(text);
        }
        if (level == Level.INFO) {
            onNews.run();
        }
    }
}
