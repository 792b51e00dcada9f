package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.SyncException;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.Rule;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of the simulation: what {@link Client}, {@link Connection} and what belongs to them are in a process, where threads
 * wait by the schedule and sockets are a model's. It has the shipped {@link Requests}, {@link Outbox}, {@link Places},
 * {@link Signals}, {@link SignalQueue} and {@link BrokerWaits}, and says what {@link Estate} says, in its order.
 */
public final class Household implements Places.Atlas, Correspondence {

    private record Keepsake(Memory memory, long id) {}

    /** As in {@link Residences}. */
    private record Leaving(Places places, Location place, Message.@Nullable Moved moved) {}

    /** An open handle. */
    public record Key(Dwelling dwelling, Handle handle) {}

    private final Ground ground;
    private final Map<Long, Dwelling> open = new TreeMap<>();
    private final Requests requests = new Requests();
    private final Map<Long, Slab> slabs = new TreeMap<>();
    private final Map<Keepsake, Slab> kept =
            new TreeMap<>(Comparator.comparing(Keepsake::memory, Comparator.reverseOrder()).thenComparingLong(Keepsake::id));
    private final Outbox outbox = new Outbox(requests, () -> {});
    private final Signals signals = new Signals();
    private final Strongbox strongbox;
    private final List<Leaving> leaving = new ArrayList<>();

    /** To the broker; null while there is none, or not all is handed over. */
    private Ground.@Nullable Line line;

    /** What had not been answered when everything was taken away. */
    private final List<Message> given = new ArrayList<>();

    /** Why everything was taken away. */
    private @Nullable SyncException lost;

    private int id;
    private boolean served = true;
    private boolean table;
    private boolean round;

    /** A client that has not connected yet. */
    public Household(Ground ground) {
        this.ground = ground;
        this.strongbox = new Strongbox(ground);
    }

    Ground ground() {
        return ground;
    }

    /** What words call it; 0 as long as no broker has welcomed it. */
    public int id() {
        return id;
    }

    /** Whether a broker is there that answers. */
    public boolean isServed() {
        return served && line != null;
    }

    /** Whether a broker has taken everything from it. */
    public boolean isLost() {
        return lost != null;
    }

    /** Whether threads were told signals of conditions and are not back with them. */
    public boolean hasUnusedSignals() {
        return signals.all().findAny().isPresent();
    }

    /** What it has open. */
    public Collection<Dwelling> dwellings() {
        return open.values();
    }

    /** What no broker has answered. */
    public List<Message> unanswered() {
        return Stream.concat(given.stream(), requests.all().stream().map(Request::message)).toList();
    }

    /** Whether there are places that it has not forgotten yet. */
    public boolean isLeaving() {
        return !leaving.isEmpty();
    }

    /** It looks after its objects once more, as a process does from time to time. */
    public void lookAfter() {
        round = true;
    }

    /** The connection's thread. */
    public void live() {
        try {
            for (;;) {
                Ground.Line next = connect();
                if (id == 0 ? greets(next) : isTakenOver(next)) {
                    line = next;
                    outbox.open(way(next));
                    serve(next);
                }
                alone();
            }
        } catch (SyncException e) {
            lose(e);
        }
    }

    /** Looks after its objects meanwhile. */
    private Ground.Line connect() {
        for (;;) {
            ground.await(() -> ground.hasBroker() || round);
            if (ground.hasBroker()) {
                return ground.connect();
            }
            tend();
        }
    }

    private Outbox.Way way(Ground.Line to) {
        return new Outbox.Way() {
            @Override
            public Delivery.Outcome send(Estate.Item item) {
                ground.endanger();
                boolean said = to.say(new Parcel(item.message(), memory(item.message())));
                return said ? Delivery.Outcome.SENT : Delivery.Outcome.GONE;
            }

            @Override
            public void shutdown() {
                // It has ended, or nobody reads it any more.
            }
        };
    }

    private @Nullable Slab memory(Message message) {
        return message instanceof Message.Hand ? strongbox.memory() : null;
    }

    /** As {@link Connection#lose}. */
    private void lose(SyncException why) {
        ground.lost(String.valueOf(why.getMessage()));
        lost = why;
        line = null;
        outbox.close(why);
        List.copyOf(open.values()).forEach(dwelling -> dwelling.takeAway(why));
        given.addAll(unanswered());
        requests.fail(why);
        List.copyOf(open.values()).forEach(Dwelling::drain);
        ground.awaitThreads();
        ground.hide(id);
    }

    /** As {@link Connection#startsAnew}. */
    private boolean startsAnew() {
        if (!open.isEmpty() || hasUnusedSignals() || requests.all().stream().anyMatch(Request::mayBeGranted)) {
            return false;
        }
        slabs.clear();
        kept.clear();
        strongbox.letGo();
        ground.hide(id);
        id = 0;
        ground.anew();
        return true;
    }

    private boolean greets(Ground.Line line) {
        Message answer = said(line, new Message.Hello(Version.MAJOR, Version.MINOR, "a model")) ? next(line) : null;
        if (!(answer instanceof Message.Welcome welcome)) {
            return false;
        }
        ground.step();
        if (!ground.show(welcome.clientId())) {
            return false;
        }
        id = welcome.clientId();
        if (!said(line, new Message.Alive())) {
            ground.hide(id);
            id = 0;
        }
        served = true;
        return id != 0;
    }

    private boolean isTakenOver(Ground.Line line) {
        Message answer = said(line, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a model")) ? next(line) : null;
        return switch (answer) {
            case null -> false;
            case Message.Welcome _ -> handOver(line);
            case Message.Refused refused when refused.code() == Code.LATE || (refused.code() == Code.LOST && startsAnew()) -> false;
            case Message.Refused refused -> throw new BrokerUnavailableException(refused.reason());
            default -> throw ground.nonsense(answer, "it is not taken over");
        };
    }

    private boolean said(Ground.Line line, Message message) {
        return said(line, Parcel.of(message));
    }

    private boolean said(Ground.Line line, Parcel parcel) {
        ground.step();
        return line.say(parcel);
    }

    /** What the broker says next; null if it has ended. */
    private @Nullable Message next(Ground.Line line) {
        ground.await(() -> line.hasNews() || line.isOver());
        return line.hasNews() ? line.read().message() : null;
    }

    /** As {@link Estate}. */
    private boolean handOver(Ground.Line line) {
        Set<Long> inUse = open.values().stream().map(Dwelling::places).flatMap(Places::slabs).collect(Collectors.toSet());
        Set<Long> homes = open.values().stream().map(Dwelling::homeSlab).collect(Collectors.toSet());
        slabs.keySet().retainAll(inUse);
        kept.keySet().removeIf(keepsake -> keepsake.memory == Memory.OWN && !homes.contains(keepsake.id));
        return Stream.of(memory(), objects(), tickets(), signals.all().map(Parcel::of), Stream.of(Parcel.of(new Message.HandedOver())))
                .flatMap(parcels -> parcels)
                .allMatch(parcel -> said(line, parcel));
    }

    private Stream<Parcel> memory() {
        List<Parcel> all = new ArrayList<>();
        kept.forEach((keepsake, slab) -> all.add(hand(keepsake.memory, keepsake.id, slab)));
        slabs.forEach((slab, memory) -> all.add(hand(Memory.SLAB, slab, memory)));
        strongbox.freeClosed();
        Slab mine = strongbox.memory();
        if (mine != null) {
            all.add(hand(Memory.LEDGER, 1, mine));
            strongbox.handed();
        }
        return all.stream();
    }

    private static Parcel hand(Memory memory, long id, Slab slab) {
        return new Parcel(new Message.Hand(memory, id, slab.size()), slab);
    }

    /** Each as it is when it is its turn: threads of this client may close one meanwhile, and operate on all. */
    private Stream<Parcel> objects() {
        return List.copyOf(open.values()).stream()
                .filter(dwelling -> open.containsValue(dwelling) && !dwelling.isLeaving())
                .map(dwelling -> Parcel.of(dwelling.hand()));
    }

    private Stream<Parcel> tickets() {
        return requests.all().stream()
                .filter(Request::mayBeGranted)
                .map(request -> Parcel.of(new Message.HandTicket(
                        request.number(), request.ticket().orElse(Message.HandTicket.NONE))));
    }

    private void serve(Ground.Line from) {
        for (;;) {
            ground.await(() -> from.hasNews() || from.isOver() || round || mayForget());
            if (from.hasNews()) {
                take(from.read());
            } else if (from.isOver()) {
                return;
            } else {
                tend();
            }
        }
    }

    /** As {@link Residences#tend}. */
    private void tend() {
        acknowledge();
        List.copyOf(open.values()).forEach(Dwelling::abandonWhatTheDeadOwn);
    }

    private boolean mayForget() {
        for (Leaving next : leaving) {
            if (hasLeft(next)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLeft(Leaving next) {
        return next.places.hasLeft(next.place);
    }

    private void acknowledge() {
        round = false;
        for (Leaving next : List.copyOf(leaving)) {
            boolean gone = next.moved == null ? next.places.forget(next.place) : hasLeft(next);
            if (gone) {
                leaving.remove(next);
            }
            if (gone && next.moved != null) {
                next.places.forget(next.moved);
                tell(new Message.Acknowledge(next.moved.object(), next.place));
            }
        }
    }

    /** As {@link Connection#succeed}. */
    private void alone() {
        served = false;
        line = null;
        outbox.cut();
        requests.settle(message -> message instanceof Message.Close);
        nobodyWaits();
    }

    private void nobodyWaits() {
        leaving.clear();
        open.values().stream().map(Dwelling::places).forEach(places ->
                places.left().forEach(place -> leaving.add(new Leaving(places, place, null))));
        round = true;
    }

    /** As {@link Dispatch#take}. */
    private void take(Parcel parcel) {
        switch (parcel.message()) {
            case Message.SlabGrant grant -> granted(grant, requireNonNull(parcel.memory()));
            case Message.SlabRevoke revoke -> {
                if (slabs.remove(revoke.slab()) == null) {
                    throw ground.nonsense(revoke, "it has not been granted");
                }
            }
            case Message.Keep keep -> kept.put(new Keepsake(keep.memory(), keep.id()), requireNonNull(parcel.memory()));
            case Message.Moving moving -> ifOpen(moving.object(), dwelling -> dwelling.places().moving(moving));
            case Message.Moved moved -> ifOpen(moved.object(), dwelling -> moved(dwelling, moved));
            case Message.Located located -> ifOpen(located.object(), dwelling -> dwelling.located(located));
            case Message.TakenOver _ -> {
                open.values().stream().map(Dwelling::places).forEach(Places::takenOver);
                nobodyWaits();
                served = true;
            }
            case Message.Queued queued -> {
                Request wait = requests.find(queued.request());
                if (wait != null) {
                    wait.queued(queued.ticket());
                }
            }
            case Message.Opened opened -> {
                open.computeIfAbsent(opened.object(), key -> new Dwelling(opened, this));
                answer(opened);
            }
            case Message.ClaimAnswer claim -> {
                Request request = requests.find(claim.request());
                if (request != null && request.message() instanceof Message.Claim asked) {
                    ifOpen(asked.object(), dwelling -> dwelling.places().claimed(asked.location(), claim.location()));
                }
                answer(claim);
            }
            case Message.Answer answer -> answer(answer);
            case Message.Refused refused when refused.code() == Code.LOST && startsAnew() -> {}
            case Message.Refused refused -> throw new BrokerUnavailableException(refused.reason());
            default -> throw ground.nonsense(parcel.message(), "it is not its turn");
        }
    }

    private void granted(Message.SlabGrant grant, Slab memory) {
        if (slabs.putIfAbsent(grant.slab(), memory) != null) {
            throw ground.nonsense(grant, "it was granted before");
        }
    }

    private void ifOpen(long object, Consumer<Dwelling> action) {
        Dwelling dwelling = open.get(object);
        if (dwelling != null) {
            action.accept(dwelling);
        }
    }

    private void moved(Dwelling dwelling, Message.Moved moved) {
        if (dwelling.places().moved(moved)) {
            leaving.add(new Leaving(dwelling.places(), moved.from(), moved));
        }
    }

    private void answer(Message.Answer answer) {
        Request request = requests.find(answer.request());
        if (request == null) {
            throw ground.nonsense(answer, "nobody has asked");
        }
        account(request.message(), answer);
        requests.answered(request, answer);
    }

    /** What the broker has taken for this client, as the model counts it. */
    private void account(Message asked, Message.Answer answer) {
        if (asked instanceof Message.Await await && answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN) {
            List<Wanted> taken = await.all() ? await.wanted() : List.of(await.wanted().get(awaited.index()));
            taken.forEach(wanted -> ground.granted(wanted.object(), isSemaphore(wanted.object()) ? wanted.argument() : 1));
        }
    }

    private boolean isSemaphore(long object) {
        return requireNonNull(open.get(object)).portion().nature().kind() == Kind.SEMAPHORE;
    }

    private Request begin(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        Request request = request(message, heard);
        begin(request);
        return request;
    }

    void begin(Request request) {
        ground.step();
        SyncException over = outbox.ask(request);
        if (over != null) {
            throw unavailable(over);
        }
    }

    private Request request(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        long order = requests.nextOrder();
        return new Request(order, message.apply(Request.number(order)), heard, late -> {});
    }

    private static BrokerUnavailableException unavailable(Throwable why) {
        return new BrokerUnavailableException(String.valueOf(why.getMessage()), why);
    }

    void tell(Message message) {
        ground.step();
        outbox.say(message);
    }

    void withdraw(Request wait) {
        wait.withdraw();
        tell(new Message.Withdraw(wait.number()));
    }

    /** The answer to a request, which has come. */
    Message.Answer answer(Request request) {
        try {
            return request.answer().join();
        } catch (CompletionException e) {
            throw unavailable(requireNonNull(e.getCause()));
        }
    }

    @Override
    public <A extends Message.Answer> A ask(IntFunction<? extends Message> message, Class<A> type) {
        return ask(message, type, answer -> {});
    }

    private <A extends Message.Answer> A ask(IntFunction<? extends Message> message, Class<A> type, Consumer<Message.Answer> heard) {
        Request request = begin(message, heard);
        ground.await(request.answer()::isDone);
        return Connection.cast(answer(request), type);
    }

    @Override
    public void askAside(String what, IntFunction<? extends Message> message, Runnable done) {
        ground.step();
        SyncException _ = outbox.ask(request(message, answer -> done.run()));
    }

    @Override
    public Vigil vigil(
            IntFunction<? extends Message> request,
            Runnable checkOpen,
            Consumer<Message.Answer> heard,
            Consumer<Message.Answer> undo) {
        return new Standing(this, request(request, heard));
    }

    /** Nobody fails here. */
    @Override
    public void watch(Request request) {}

    @Override
    public void signaled(Message.HandSignal signal) {
        signals.told(signal);
        ground.signaled();
    }

    @Override
    public void left(int wait) {
        signals.used(wait);
        tell(new Message.ConditionLeft(wait));
    }

    @Override
    public void aside(String what, Runnable task, Runnable end) {
        ground.aside(() -> {
            try {
                task.run();
            } finally {
                end.run();
            }
        });
    }

    /** By any thread of the client: one more handle. */
    public Key open(String name, Spec spec) {
        lockTable();
        try {
            ground.await(() -> lost != null || !strongbox.isAnythingClosed());
            Message.Opened opened = ask(
                    number -> new Message.Open(number, Mode.OPEN_OR_CREATE, spec.kind(), name, spec, false), Message.Opened.class);
            Message.Hand unsaid = strongbox.unsaid();
            if (unsaid != null) {
                tell(unsaid);
                Message.Done _ = ask(Message.Sync::new, Message.Done.class);
                strongbox.handed();
            }
            Dwelling dwelling = requireNonNull(open.get(opened.object()));
            return new Key(dwelling, dwelling.open());
        } finally {
            table = false;
        }
    }

    /** The queue of a condition of a mutex. */
    public SignalQueue queue(Key key, Mutex mutex, String name) {
        return new SignalQueue(this, key.handle(), mutex, key.dwelling().object(), name, true);
    }

    /** By any thread of the client: closes a handle, and with the last one the object. */
    public void close(Key key) {
        boolean _ = key.handle().close();
        lockTable();
        try {
            Dwelling dwelling = key.dwelling();
            if (dwelling.close() && open.get(dwelling.object()) == dwelling) {
                end(dwelling);
            }
        } finally {
            table = false;
        }
    }

    private void end(Dwelling dwelling) {
        dwelling.end();
        open.remove(dwelling.object());
        Lease lease = dwelling.portion().nature().lease();
        strongbox.close(lease);
        Request request = begin(number -> new Message.Close(number, dwelling.object()), answer -> strongbox.free(lease));
        ground.await(() -> !served || request.answer().isDone());
    }

    private void lockTable() {
        ground.await(() -> !table);
        table = true;
    }

    Lease lease(long object) {
        return strongbox.open(object);
    }

    long operate(Dwelling dwelling, Rule rule, int argument) {
        return ask(
                        number -> new Message.Operate(number, dwelling.object(), rule.code(), argument),
                        Message.Operated.class,
                        answer -> account(dwelling, rule, argument, answer))
                .result();
    }

    private void account(Dwelling dwelling, Rule rule, int argument, Message.Answer answer) {
        if (answer instanceof Message.Operated operated && operated.result() >= 0 && !rule.equals(Rule.LOOK)) {
            int taken = rule.signals() ? -argument : argument;
            dwelling.granted(taken);
            ground.granted(dwelling.object(), taken);
        }
    }

    @Override
    public Slot slot(Location location) {
        Slab slab = slabs.get(location.slab());
        if (slab == null) {
            throw ground.nonsense(new Message.SlabRevoke(location.slab()), "it has no memory for " + location);
        }
        return new Slot(location, slab.cell(location.offset()));
    }

    @Override
    public boolean has(long slab) {
        return slabs.containsKey(slab);
    }
}
