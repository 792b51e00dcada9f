package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.object.Authority.Grant;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Ledger;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Location;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of the simulation: what {@link Client}, {@link Connection} and what belongs to them are in a process, where threads
 * wait by the schedule and sockets are a model's. It has the shipped {@link Requests} and {@link Places}, and says what those
 * say, in their order: {@link Estate}, {@link Outbox}, {@link Succession}.
 */
public final class Household implements Places.Atlas {

    private static final int LEDGER_BYTES = 16384;

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
    private final Deque<Parcel> unsent = new ArrayDeque<>();
    private final Set<Message> signals = new HashSet<>();
    private final List<Leaving> leaving = new ArrayList<>();
    private @Nullable Slab ledger;
    private int leases;
    private final Map<Lease, Integer> entries = new HashMap<>();
    private final List<Lease> closed = new ArrayList<>();
    private boolean ledgerHanded;

    /** Where what is said goes; null while there is no broker, or not all is handed over. */
    private Ground.@Nullable Line outbox;

    private int id;
    private boolean served = true;
    private boolean table;
    private boolean round;

    /** A client that has not connected yet. */
    public Household(Ground ground) {
        this.ground = ground;
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
        return served && outbox != null;
    }

    /** What it has open. */
    public Collection<Dwelling> dwellings() {
        return open.values();
    }

    /** What no broker has answered. */
    public List<Message> unanswered() {
        return requests.all().stream().map(Request::message).toList();
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
        for (;;) {
            Ground.Line line = ground.connect();
            if (id == 0 ? greets(line) : isTakenOver(line)) {
                outbox(line);
                serve(line);
            }
            alone();
        }
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
            case Message.Refused refused when refused.code() == Code.LATE -> false;
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
        return Stream.of(memory(), objects(), tickets(), Stream.of(Parcel.of(new Message.HandedOver())))
                .flatMap(parcels -> parcels)
                .allMatch(parcel -> said(line, parcel));
    }

    private Stream<Parcel> memory() {
        List<Parcel> all = new ArrayList<>();
        kept.forEach((keepsake, slab) -> all.add(hand(keepsake.memory, keepsake.id, slab)));
        slabs.forEach((slab, memory) -> all.add(hand(Memory.SLAB, slab, memory)));
        List.copyOf(closed).forEach(this::free);
        Slab mine = ledger;
        if (mine != null) {
            all.add(hand(Memory.LEDGER, 1, mine));
            ledgerHanded = true;
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

    /** As {@link Outbox#open}. */
    private void outbox(Ground.Line line) {
        List<Parcel> said = List.copyOf(unsent);
        unsent.clear();
        requests.again().forEach(message -> unsent.add(Parcel.of(message)));
        unsent.addAll(said);
        outbox = line;
        flush();
    }

    private void serve(Ground.Line line) {
        for (;;) {
            ground.await(() -> line.hasNews() || line.isOver() || round || mayForget());
            if (line.hasNews()) {
                take(line.read());
            } else if (line.isOver()) {
                return;
            } else {
                acknowledge();
            }
        }
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
        outbox = null;
        unsent.clear();
        signals.clear();
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
        Request request = requests.remove(answer.request());
        if (request == null) {
            throw ground.nonsense(answer, "nobody has asked");
        }
        request.answered(answer);
    }

    private Request begin(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        ground.step();
        long order = requests.nextOrder();
        Request request = new Request(order, message.apply(Request.number(order)), heard, late -> {});
        requests.add(request);
        if (outbox != null) {
            unsent.add(Parcel.of(request.message()));
        }
        flush();
        return request;
    }

    /** As {@link Outbox#say}. */
    void tell(Message message) {
        tell(Parcel.of(message));
    }

    private void tell(Parcel parcel) {
        ground.step();
        Message message = parcel.message();
        if ((outbox != null || message instanceof Message.Signaled) && (!(message instanceof Message.Signaled) || signals.add(message))) {
            unsent.add(parcel);
        }
        flush();
    }

    private void flush() {
        while (outbox != null && !unsent.isEmpty()) {
            ground.step();
            Ground.Line line = outbox;
            Parcel next = line == null ? null : unsent.poll();
            if (line != null && next != null) {
                signals.remove(next.message());
                boolean _ = line.say(next);
            }
        }
    }

    Message.Answer ask(IntFunction<? extends Message> message) {
        return ask(message, answer -> {});
    }

    private Message.Answer ask(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        Request request = begin(message, heard);
        ground.await(request.answer()::isDone);
        Message.Answer answer = request.answer().join();
        if (answer instanceof Message.Failure failure) {
            throw ground.nonsense(answer, "it is refused: " + failure.exception().getMessage());
        }
        return answer;
    }

    /** By any thread of the client: one more handle. */
    public Key open(String name, Spec spec) {
        lockTable();
        Message.Opened opened = (Message.Opened) ask(number ->
                new Message.Open(number, Mode.OPEN_OR_CREATE, spec.kind(), name, spec, false));
        if (ledger != null && !ledgerHanded) {
            tell(hand(Memory.LEDGER, 1, ledger));
            Message.Answer _ = ask(Message.Sync::new);
            ledgerHanded = true;
        }
        Dwelling dwelling = requireNonNull(open.get(opened.object()));
        Key key = new Key(dwelling, dwelling.open());
        table = false;
        return key;
    }

    /** By any thread of the client: closes a handle, and with the last one the object. */
    public void close(Key key) {
        boolean _ = key.handle().close();
        lockTable();
        Dwelling dwelling = key.dwelling();
        if (dwelling.close()) {
            dwelling.end();
            open.remove(dwelling.object());
            Lease lease = dwelling.portion().nature().lease();
            if (lease != null) {
                closed.add(lease);
            }
            Request request = begin(number -> new Message.Close(number, dwelling.object()), answer -> free(lease));
            ground.await(() -> !served || request.answer().isDone());
        }
        table = false;
    }

    private void lockTable() {
        ground.await(() -> !table);
        table = true;
    }

    Lease lease(long object) {
        Slab mine = ledger == null ? ground.create(LEDGER_BYTES) : ledger;
        ledger = mine;
        int first = leases++ * Ledger.ENTRIES * Ledger.ENTRY_BYTES;
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(object);
        }
        Lease lease = new Lease(
                mine.cell(first + Ledger.WORD), mine.cell(first + Ledger.ENTRY_BYTES + Ledger.WORD), true);
        entries.put(lease, first);
        return lease;
    }

    /** As {@link Ledgers#free}: the broker knows that it is closed, or does not know that it was open. */
    private void free(@Nullable Lease lease) {
        Integer first = lease == null ? null : entries.remove(lease);
        Slab mine = ledger;
        if (first == null || mine == null) {
            return;
        }
        closed.remove(lease);
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(0);
            mine.cell(first + entry * Ledger.ENTRY_BYTES + Ledger.WORD).store(0);
        }
    }

    long operate(Dwelling dwelling, Rule rule, int argument) {
        Message.Operated operated = (Message.Operated) ask(
                number -> new Message.Operate(number, dwelling.object(), rule.code(), argument),
                answer -> account(dwelling, rule, argument, answer));
        return operated.result();
    }

    private void account(Dwelling dwelling, Rule rule, int argument, Message.Answer answer) {
        if (answer instanceof Message.Operated operated && operated.result() >= 0 && !rule.equals(Rule.LOOK)) {
            int taken = rule.signals() ? -argument : argument;
            dwelling.granted(taken);
            ground.granted(dwelling.object(), taken);
        }
    }

    /** As {@link BrokerWaits} and {@link BrokerWait}. */
    Grant await(boolean all, List<Want> wants, Patience patience) {
        List<Wanted> wanted = BrokerWaits.wanted(wants);
        Request request = begin(
                number -> new Message.Await(number, all, wanted, List.of()),
                answer -> BrokerWaits.taken(all, wants, List.of(), answer).forEach(want -> {
                    want.granted();
                    ground.granted(want.object(), want.rule() instanceof SemaphoreRule ? want.argument() : 1);
                }));
        if (patience.deadlineNanos() == Cell.FOREVER) {
            ground.await(request.answer()::isDone);
        } else if (patience.deadlineNanos() == Ground.PAST || !ground.awaitInTime(request.answer()::isDone)) {
            request.withdraw();
            tell(new Message.Withdraw(request.number()));
            ground.await(request.answer()::isDone);
        }
        if (!(request.answer().join() instanceof Message.Awaited awaited)) {
            throw ground.nonsense(request.message(), "it is answered " + request.answer().join());
        }
        return BrokerWaits.grant(awaited);
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
