package io.hybridsync.succession;

import io.hybridsync.broker.Reign;
import io.hybridsync.client.Parcel;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.model.Actor;
import io.hybridsync.object.model.Schedule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run: brokers, one after the other, and their clients; who is killed when; and what stays when somebody is. */
final class Realm implements Schedule.Environment, Reign.Realm {

    private static final int MOST_ROOM = 24;

    /** A slab and a move to it are told together, or neither. */
    private static final int LEAST_ROOM = 2;

    private final Schedule schedule;
    private final Theme theme;
    private final Chronicle chronicle;
    private final SplittableRandom random;
    private final Dormitory dormitory;
    private final Judge judge;
    private final Fate fate;
    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Member> alive = new TreeMap<>();
    private final Map<Actor, Member> owners = new HashMap<>();
    private final Map<Long, Thing> things = new TreeMap<>();
    private final int room;
    private List<Object> journals = List.of();
    private int lastClient;
    private @Nullable Throne throne;
    private long lastConnection;
    private int incarnation;
    private int departures;

    Realm(Theme theme, long seed, Chronicle chronicle) {
        this.theme = theme;
        this.chronicle = chronicle;
        this.random = new SplittableRandom(seed);
        this.schedule = new Schedule(random, this);
        this.dormitory = new Dormitory(schedule, chronicle);
        this.judge = new Judge(this);
        this.fate = new Fate(this, random);
        this.room = random.nextInt(3) == 0 ? MOST_ROOM : LEAST_ROOM + random.nextInt(4);
        int clients = theme.has(Trait.CONDITIONS) ? 3 : 2 + random.nextInt(2);
        for (int i = 0; i < clients; i++) {
            Member member = new Member(this, "" + (char) ('A' + i));
            members.add(member);
            int threads = 1 + random.nextInt(2);
            for (int j = 0; j < threads; j++) {
                Program program = new Program(this, member, theme, 1 + random.nextInt(theme.has(Trait.CONDITIONS) ? 6 : 4));
                member.runs(program);
            }
        }
        succeed();
    }

    /** What went wrong, or null. */
    @Nullable String run() {
        String violation = schedule.run();
        chronicle.steps += schedule.steps();
        return violation;
    }

    Theme theme() {
        return theme;
    }

    Chronicle chronicle() {
        return chronicle;
    }

    Schedule schedule() {
        return schedule;
    }

    Dormitory dormitory() {
        return dormitory;
    }

    Judge judge() {
        return judge;
    }

    Fate fate() {
        return fate;
    }

    List<Member> members() {
        return members;
    }

    Map<Long, Thing> things() {
        return things;
    }

    /** The broker that there is. */
    @Nullable Throne throne() {
        return throne;
    }

    /** How many have shown that they live and do not any more. */
    int departures() {
        return departures;
    }

    void trace(Supplier<String> what) {
        schedule.trace(what);
    }

    /** A thread of a client's. */
    void owns(Actor actor, Member member) {
        owners.put(actor, member);
    }

    /** Whether a thread is of a client that is dead, or has lost everything. */
    boolean isGone(Actor actor) {
        Member member = owners.get(actor);
        return member != null && member.isGone();
    }

    /** A client may be killed where it is, but nobody else runs. */
    void endanger(Member member) {
        if (fate.strikes(member)) {
            kill(member);
            schedule.step();
        }
    }

    /** Whoever runs does one thing more, unless it is killed instead. */
    void step() {
        Actor me = schedule.self();
        Throne here = throne;
        if (here != null && here.actor == me) {
            if (--here.stepsLeft < 0) {
                killBroker();
            }
        } else {
            Member member = owners.get(me);
            if (member != null && fate.strikes(member)) {
                kill(member);
            }
        }
        schedule.step();
    }

    /** Whoever runs is about to wake somebody: a death just now is worth more than others. */
    void threaten() {
        Throne here = throne;
        Member member = owners.get(schedule.self());
        if (here != null && here.actor == schedule.self() && fate.threatens()) {
            here.stepsLeft = Math.min(here.stepsLeft, fate.isLast() ? Integer.MAX_VALUE : 0);
        } else if (member != null && fate.threatens() && fate.strikes(member, 1)) {
            kill(member);
        }
    }

    void killBroker() {
        Throne dead = Objects.requireNonNull(throne);
        trace(() -> "KILL of broker " + dead.incarnation);
        chronicle.brokersKilled++;
        chronicle.heirsKilled += dead.isTakingOver() ? 1 : 0;
        dead.actor.die();
        dead.wires.forEach(Wire::cut);
        things.values().forEach(thing -> thing.agenda.succeeded());
        throne = null;
        members.stream().filter(this::isBackLater).filter(member -> fate.strikes(member, 3)).forEach(this::kill);
    }

    private boolean isBackLater(Member member) {
        return !member.isDead() && member.household.hasUnusedSignals();
    }

    /** A broker takes, or has taken, everything from a client. */
    void doubt(Member member) {
        trace(() -> "client %s may lose everything".formatted(member));
        member.doubt();
        things.values().forEach(thing -> thing.doubt(member));
    }

    /** Somebody writes something to the word of an object; false where nobody could. */
    boolean scribble(Thing thing) {
        for (Thing.Place place : thing.places) {
            Block slab = judge.slab(place.location().slab());
            long word = slab == null ? 0 : slab.get(place.location().offset());
            if (slab != null && place.isPlain(word) && thing.places.stream().noneMatch(this::isClaimed)) {
                long bad = place.spoilt(word, random);
                trace(() -> "SCRIBBLE %s: %016x -> %016x at %s".formatted(thing, word, bad, place.location()));
                slab.set(place.location().offset(), bad);
                thing.spoil();
                chronicle.scribbles++;
                return true;
            }
        }
        return false;
    }

    /** Whether a word is about to move away from there, or there: nobody operates on it, and its other place may count. */
    private boolean isClaimed(Thing.Place place) {
        Block slab = judge.slab(place.location().slab());
        return slab != null && place.isLocked(slab.get(place.location().offset()));
    }

    void kill(Member member) {
        trace(() -> "KILL of client " + member);
        chronicle.clientsKilled++;
        departures++;
        member.die();
        alive.values().removeIf(living -> living == member);
        dormitory.bury();
        things.values().forEach(thing -> thing.killed(member));
    }

    /** The next broker begins. */
    void succeed() {
        incarnation++;
        throne = new Throne(this, incarnation, List.copyOf(alive.keySet()), fate.reign());
    }

    Wire connect(Member member) {
        schedule.await(() -> throne != null);
        Wire wire = new Wire(++lastConnection, member, room);
        Objects.requireNonNull(throne).wires.add(wire);
        return wire;
    }

    boolean show(int id, Member member) {
        boolean shown = alive.putIfAbsent(id, member) == null;
        trace(() -> "client %s is %d: %s".formatted(member, id, shown));
        if (shown && fate.threatens() && fate.strikes(member, 1)) {
            kill(member);
        }
        return shown;
    }

    void hide(int id) {
        alive.remove(id);
        departures++;
    }

    private @Nullable Wire wire(long connection) {
        return Objects.requireNonNull(throne).wires.stream().filter(wire -> wire.key == connection).findFirst().orElse(null);
    }

    @Override
    public Reign.Sent send(long connection, Message message, @Nullable Slab memory) {
        if (message instanceof Message.Awaited) {
            threaten();
        }
        step();
        learn(message);
        Wire wire = wire(connection);
        Reign.Sent sent = wire == null ? Reign.Sent.GONE : wire.send(new Parcel(message, memory));
        trace(() -> "to %s: %s %s".formatted(wire == null ? "nobody" : wire.member, message, sent));
        return sent;
    }

    private void learn(Message message) {
        chronicle.moves += message instanceof Message.Moved ? 1 : 0;
        switch (message) {
            case Message.Opened opened -> learn(things.computeIfAbsent(opened.object(), id -> new Thing(opened)), opened.location());
            case Message.Awaited awaited -> chronicle.grants += awaited.outcome() == WaitOutcome.TAKEN ? 1 : 0;
            case Message.Moving moving -> learn(things.get(moving.object()), moving.to());
            case Message.Located located -> learn(things.get(located.object()), located.location());
            default -> {}
        }
    }

    private void learn(@Nullable Thing thing, Location location) {
        if (thing != null && !thing.isBad()) {
            thing.learn(location);
            judge.isAtOnePlace(thing);
        }
    }

    @Override
    public boolean isAlive(int client) {
        return alive.containsKey(client);
    }

    @Override
    public Slab create(Memory memory, long id, int size) {
        Block block = new Block(memory, id, size);
        if (memory == Memory.SLAB || memory == Memory.OWN) {
            judge.knows(block);
        }
        return new RealmSlab(this, block, size);
    }

    @Override
    public Slab map(Slab handed) {
        return handed;
    }

    @Override
    public Object file(Slab handed) {
        return ((RealmSlab) handed).block;
    }

    @Override
    public List<Object> journals() {
        return journals;
    }

    @Override
    public void name(List<Object> named) {
        step();
        journals = named;
    }

    @Override
    public int lastClient() {
        return lastClient;
    }

    @Override
    public void reserveClients(int last) {
        lastClient = last;
    }

    @Override
    public void hangUp(long connection) {
        Wire wire = wire(connection);
        if (wire != null) {
            wire.ended = true;
            wire.cut();
        }
    }

    /** What the dead have said when they lived may not be true any more. */
    @Override
    public void warn(String line) {
        boolean expected = (line.contains("is expelled") && members.stream().anyMatch(Member::isDoubtful))
                || (line.contains("is corrupted") && things.values().stream().anyMatch(thing -> isLost(thing, line)));
        if (!expected && !Objects.requireNonNull(throne).hearsTheDead()) {
            throw schedule.fail("the broker warns: " + line);
        }
    }

    /**
     * Somebody has written to it; or it has moved away from a client that came late, and all others that had it, and with them
     * the memory where it is and the journal that says so, are dead.
     */
    private boolean isLost(Thing thing, String line) {
        boolean late = members.stream().anyMatch(Member::isDoubtful);
        if (late && line.contains('"' + thing.name + '"') && members.stream().noneMatch(member -> hasForSure(member, thing))) {
            thing.spoil();
        }
        return thing.isBad();
    }

    private static boolean hasForSure(Member member, Thing thing) {
        return !member.isDead()
                && !member.isDoubtful()
                && member.household.dwellings().stream().anyMatch(dwelling -> dwelling.object() == thing.id);
    }

    /** A word has been written; by whom, the schedule knows. */
    void wrote(Block block, int offset, long before, long after) {
        if (block.kind != Memory.SLAB) {
            return;
        }
        Member member = owners.get(schedule.self());
        for (Thing thing : things.values()) {
            if (thing.isBad()) {
                continue;
            }
            for (Thing.Place place : thing.places) {
                if (place.location().offset() == offset && place.location().slab() == block.id) {
                    wrote(thing, place, before, after, member);
                }
            }
        }
    }

    private void wrote(Thing thing, Thing.Place place, long before, long after, @Nullable Member member) {
        if (member != null && place.isPlain(before)) {
            operated(thing, place, before, after, member);
        } else if (member == null && place.isPlain(after)) {
            left(thing, Word.data(after) & Word.VALUE);
        }
        judge.isAtOnePlace(thing);
    }

    private void operated(Thing thing, Thing.Place place, long before, long after, Member member) {
        int was = Word.data(before) & Word.VALUE;
        int is = Word.data(after) & Word.VALUE;
        if (!place.isPlain(after) || was != thing.value) {
            throw schedule.fail("an operation on a word that is not the object's: %s, %016x -> %016x".formatted(thing, before, after));
        }
        thing.value = is;
        if (thing.spec.kind() == Kind.EVENT && EventRule.generation(was) != EventRule.generation(is)) {
            judge.letGo(thing);
        }
        if (!thing.isMutex()) {
            member.took(thing.id, thing.level(was) - thing.level(is));
        } else if (was != is) {
            owned(thing, is, member);
        }
    }

    private void owned(Thing thing, int value, Member member) {
        if (value != MutexRule.OWNER_DIED) {
            thing.owner = value == 0 ? null : member;
            if (value != 0 && member.isDoubtful()) {
                thing.haunted();
            }
        } else if (!thing.desert()) {
            throw schedule.fail("it is abandoned, and its owner lives: " + thing);
        }
    }

    /** A broker leaves the word with this value. */
    private void left(Thing thing, int value) {
        if (value == thing.value) {
            return;
        }
        boolean marks = value == MutexRule.OWNER_DIED && thing.mayBeMarked(thing.value);
        if (!marks && !thing.asked && !thing.isLeased()) {
            throw schedule.fail("nobody has asked the broker to make %d of %d: %s".formatted(value, thing.value, thing));
        }
        thing.value = value;
        if (marks) {
            thing.owned(null);
        } else if (thing.isMutex() && MutexRule.owner(value) != 0) {
            thing.owned(holder(thing, value));
        }
    }

    /** The living client of that id, if it has the object open. */
    private @Nullable Member holder(Thing thing, int client) {
        Member member = alive.get(client);
        boolean holds = member != null
                && member.household.dwellings().stream().anyMatch(dwelling -> dwelling.object() == thing.id);
        return holds ? member : null;
    }

    @Override
    public void happen() {
        fate.strike();
        if (theme.has(Trait.DEAD_THREADS)) {
            members.stream().filter(Member::hasLostThreads).forEach(member -> member.household.lookAfter());
        }
    }

    @Override
    public boolean quiet() {
        return judge.quiet();
    }
}
