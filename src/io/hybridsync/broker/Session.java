package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection and, once it has said hello, the client that it is. */
final class Session {

    /** What the connection has said so far. */
    enum State {
        /** Nothing. */
        NEW,
        /** Hello: it has an id and is to prove that it lives. */
        GREETED,
        /** Resume: it is a client of the broker before, and hands over what it has. */
        RESUMED,
        /** It has shown that it holds its byte: it is a client. */
        ALIVE
    }

    private final long connection;
    private final int pid;
    private final Map<Long, SharedObject> handles = new HashMap<>();
    private final Set<Long> granted = new HashSet<>();
    private final Set<Long> full = new HashSet<>();
    private final Map<Integer, Long> tickets = new HashMap<>();
    private final Set<Integer> unanswered = new HashSet<>();
    private final Map<Integer, Message.HandSignal> signals = new HashMap<>();
    private final Map<Integer, Message.Answer> owed = new HashMap<>();
    private final OpenWaits waits = new OpenWaits();
    private State state = State.NEW;
    private int clientId;
    private int created;
    private boolean complained;
    private boolean gone;
    private boolean heir;

    /** @param pid the process at the other end as the kernel names it, 0 when unknown */
    Session(long connection, int pid) {
        this.connection = connection;
        this.pid = pid;
    }

    long connection() {
        return connection;
    }

    int pid() {
        return pid;
    }

    State state() {
        return state;
    }

    /** 0 until it has said hello. */
    int clientId() {
        return clientId;
    }

    void greeted(int id) {
        clientId = id;
        state = State.GREETED;
    }

    void provedAlive() {
        state = State.ALIVE;
    }

    /** It goes on under the id that it had at the broker before. */
    void resumed(int id) {
        clientId = id;
        heir = true;
        state = State.RESUMED;
    }

    void handedOver() {
        state = State.ALIVE;
    }

    /** Whether it has shown that it lives. */
    boolean isClient() {
        return state == State.RESUMED || state == State.ALIVE;
    }

    /** Whether it was a client of the broker before. */
    boolean isHeir() {
        return heir;
    }

    /** The place that a wait had at the broker before, and is to have when it is asked for again. */
    void setTicket(int request, long ticket) {
        tickets.put(request, ticket);
    }

    /** A request that the broker before has not answered, as far as the client knows; false if it has said so already. */
    boolean willAskAgain(int request) {
        return !signals.containsKey(request) && unanswered.add(request);
    }

    /** A thread of it was told a signal by the broker before, and is not back; false if it has said so of the request already. */
    boolean isNotBack(Message.HandSignal signal) {
        return !unanswered.contains(signal.request()) && signals.putIfAbsent(signal.request(), signal) == null;
    }

    /** What it was told in answer to a request, and has not used; null if there is no such signal. */
    Message.@Nullable HandSignal unusedSignal(int request) {
        return signals.get(request);
    }

    boolean asksAgain(int request) {
        return unanswered.contains(request);
    }

    /** The place that a wait had; otherwise that one. */
    long ticket(int request, long otherwise) {
        return tickets.getOrDefault(request, otherwise);
    }

    /** The place that a wait had, once. */
    Optional<Long> takeTicket(int request) {
        return Optional.ofNullable(tickets.remove(request));
    }

    /** What it has open, by id. */
    Map<Long, SharedObject> handles() {
        return handles;
    }

    /** It has the object open from now on. Who has opened it once for more than to look may do more. */
    void opened(SharedObject object, boolean query) {
        handles.put(object.id(), object);
        if (!query) {
            full.add(object.id());
        }
    }

    void closed(SharedObject object) {
        handles.remove(object.id());
        full.remove(object.id());
    }

    /** Whether it may do more with an object than look at it. */
    boolean hasFullAccess(SharedObject object) {
        return full.contains(object.id());
    }

    /** A broker before has carried out a request of it, and may not have come to say so. */
    void owe(Message.Answer reply) {
        owed.put(reply.request(), reply);
    }

    /** The answer to a request that a broker before has carried out; null when it is to be carried out now. */
    Message.@Nullable Answer answer(Message request) {
        if (owed.isEmpty()) {
            return null;
        }
        return switch (request) {
            case Message.Await await -> answer(await.request(), Message.Awaited.class);
            case Message.Operate operate -> answer(operate.request(), Message.Operated.class);
            default -> null;
        };
    }

    private Message.@Nullable Answer answer(int request, Class<?> type) {
        return type.isInstance(owed.get(request)) ? owed.remove(request) : null;
    }

    /** What it waits for. */
    OpenWaits waits() {
        return waits;
    }

    /** How many living objects it created. */
    int created() {
        return created;
    }

    void countCreated(int change) {
        created += change;
    }

    /** Whether it has not been given the slab yet; then it is to be given it now. */
    boolean needs(Slab slab) {
        return granted.add(slab.id());
    }

    /** The client does not have the slab, though it was given it. */
    void declined(long slab) {
        granted.remove(slab);
    }

    /** The slab is gone; whether the client had it. */
    boolean revoked(Slab slab) {
        return granted.remove(slab.id());
    }

    /** The connection is of no use any more. */
    void end() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** True the first time: what a client does wrong without harm is logged once. */
    boolean complainsFirst() {
        boolean first = !complained;
        complained = true;
        return first;
    }

    @Override
    public String toString() {
        return clientId == 0 ? "a connection of process " + pid : "client " + clientId + " (process " + pid + ")";
    }
}
