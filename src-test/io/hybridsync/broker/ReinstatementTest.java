package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker makes its own, as its clients have handed it over. */
class ReinstatementTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int REQUEST = 10;
    private static final int MOVE = 7;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final long SLAB = BEFORE + 1;
    private static final int SLAB_BYTES = 4096;
    private static final Location O = new Location(SLAB, 64, 1);
    private static final Location N = new Location(SLAB, 128, 1);
    private static final long OBJECT = BEFORE + 1;
    private static final Spec LEASED = new Spec(Kind.SEMAPHORE, 2, 2, Spec.BROKER_ONLY | Spec.LEASED);

    private final Bench bench = new Bench(Options.defaults().withQuotas(10, 1, 10, 1 << 20, 1 << 20), List.of(ONE, TWO));

    @BeforeEach
    void theBrokerBeforeHasLeftASlab() {
        bench.memory.create(SLAB, SLAB_BYTES);
    }

    private void write(Location place, int data, int flags) {
        bench.memory.cell(place).store(Word.pack(place.base(), data, flags));
    }

    private long resumed(int id, Memory kind, long slab) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.take(connection)).isInstanceOf(Message.Welcome.class);
        bench.say(connection, new Message.Hand(kind, slab, SLAB_BYTES));
        return connection;
    }

    private void hand(long connection, long object, Spec spec, Location place, boolean created, int granted, Told... told) {
        boolean atBroker = spec.has(Spec.BROKER_ONLY);
        bench.say(connection, new Message.HandObject(
                object, "s" + object, spec, new Token(9, object), atBroker ? Location.BROKER : place,
                atBroker ? place : Location.BROKER, created, true, false, 0, granted, List.of(told)));
    }

    private long shares(int id, Location place, Told... told) {
        long connection = resumed(id, Memory.SLAB, SLAB);
        hand(connection, OBJECT, Bench.TWO_PERMITS, place, false, 0, told);
        return connection;
    }

    private void handOver(long... connections) {
        for (long connection : connections) {
            bench.say(connection, new Message.HandedOver());
        }
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.codes).isEmpty();
    }

    private Entry entry(long object) {
        long observer = bench.client();
        Entry entry = ((Message.Listing) bench.describe(observer, object)).entries().getFirst();
        bench.kill(observer);
        return entry;
    }

    /** The word has left one place, and one of the clients has not. */
    private List<Long> moved(int tombstone, Told... told) {
        write(O, tombstone, Word.MOVED);
        write(N, 2, 0);
        return List.of(shares(ONE, O, told), shares(TWO, N));
    }

    @Test
    void whoIsWhereAWordWasIsToldSoAndThePlaceIsKeptUntilItHasLeft() {
        List<Long> clients = moved(MOVE, new Told(MOVE, N));
        long one = clients.getFirst();
        long two = clients.getLast();
        bench.lazy.addAll(clients);
        handOver(one, two);
        assertThat(bench.out(one)).contains(new Message.Located(OBJECT, N, Location.BROKER));
        assertThat(bench.notices(one)).contains(new Message.Moved(OBJECT, MOVE, O));
        assertThat(bench.out(two)).noneMatch(Message.Located.class::isInstance);
        assertThat(bench.notices(two)).noneMatch(Message.Moved.class::isInstance);
        assertThat(bench.registry.tombstones()).isEqualTo(1);
        bench.acknowledge(one);
        assertThat(bench.registry.tombstones()).isZero();
    }

    @Test
    void whoHasClosedItIsNowhere() {
        List<Long> clients = moved(MOVE, new Told(MOVE, N));
        bench.lazy.addAll(clients);
        handOver(clients.getFirst(), clients.getLast());
        bench.say(clients.getFirst(), new Message.Close(1, OBJECT));
        assertThat(bench.memory.cell(O).load()).as("a free place").isEqualTo(SlabCache.POISON);
        assertThat(bench.registry.tombstones()).as("where the other one is").isEqualTo(1);
    }

    /** Of the tombstone nobody was told any more, or of a move that was given up after that one. */
    @ParameterizedTest
    @CsvSource({"7, 3", "7, 12", "12, 7"})
    void noNumberIsGivenToTwoMoves(int tombstone, int told) {
        Told last = new Told(told, N);
        List<Long> clients = told < tombstone ? moved(tombstone, last) : moved(tombstone, new Told(tombstone, N), last);
        handOver(clients.getFirst(), clients.getLast());
        bench.lazy.addAll(clients);
        long newcomer = bench.client();
        bench.say(newcomer, new Message.Open(1, Mode.OPEN, Kind.SEMAPHORE, "s" + OBJECT, Bench.TWO_PERMITS, false));
        List<Message> notices = new ArrayList<>(bench.notices(clients.getLast()));
        bench.out(clients.getLast()).forEach(next -> notices.add(next instanceof Message message ? message : new Message.HandedOver()));
        assertThat(notices.stream().filter(Message.Moving.class::isInstance).map(Message.Moving.class::cast))
                .singleElement()
                .satisfies(moving -> assertThat(moving.move()).isGreaterThan(Math.max(tombstone, told)));
    }

    @Test
    void ofTwoObjectsThatAreSaidToBeInOnePlaceOneIsNot() {
        write(N, 2, 0);
        long one = shares(ONE, N);
        long two = resumed(TWO, Memory.SLAB, SLAB);
        hand(two, OBJECT + 1, Bench.TWO_PERMITS, N, false, 0);
        handOver(one, two);
        assertThat(List.of(entry(OBJECT), entry(OBJECT + 1))).extracting(Entry::corrupted).containsExactly(false, true);
    }

    @Test
    void nobodyIsGivenWhatItHasHanded() {
        write(N, 2, Word.WAKE_BROKER);
        long one = shares(ONE, N);
        long two = shares(TWO, N);
        handOver(one, two);
        assertThat(bench.out(one)).noneMatch(Slab.class::isInstance);
        assertThat(bench.memory.cell(N).load()).as("nobody waits any more").isEqualTo(Word.pack(N.base(), 2, 0));
    }

    /** A thread may sleep there whose client has forgotten the object. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlabInWhichNothingIsButATombstoneStaysAsLongAsItsClients(boolean tombstone) {
        write(O, MOVE, tombstone ? Word.MOVED : 0);
        long one = resumed(ONE, Memory.SLAB, SLAB);
        long two = resumed(TWO, Memory.SLAB, SLAB);
        handOver(one, two);
        assertThat(bench.retired.contains(SLAB)).isEqualTo(!tombstone);
        bench.kill(one);
        bench.kill(two);
        assertThat(bench.retired).contains(SLAB);
    }

    /** Whoever made the older one has died while it told where the newer one is; or has not, then most are wrong. */
    @Test
    void ofWordsOfTheBrokersOwnThatOfTheLastBrokerCounts() {
        Spec own = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);
        Location older = new Location((long) (Bench.LAST - 1) << Integer.SIZE | 9, 64, 1);
        bench.memory.create(older.slab(), SLAB_BYTES);
        write(older, 2, 0);
        write(N, 1, 0);
        long one = resumed(ONE, Memory.OWN, older.slab());
        hand(one, OBJECT, own, older, false, 0);
        long two = resumed(TWO, Memory.OWN, SLAB);
        hand(two, OBJECT, own, N, false, 0);
        handOver(one, two);
        assertThat(entry(OBJECT).value()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {Word.MOVED, Word.CORRUPTED})
    void aWordOfTheBrokersOwnThatIsNoneIsCorrupted(int flag) {
        write(N, 1, flag);
        long one = resumed(ONE, Memory.OWN, SLAB);
        hand(one, OBJECT, LEASED, N, false, 0);
        handOver(one, resumed(TWO, Memory.SLAB, SLAB));
        assertThat(entry(OBJECT).corrupted()).isTrue();
    }

    /**
     * What the broker has for itself no client can have seen: who says that it is corrupted lies, and does not decide it for
     * others.
     */
    @Test
    void whoSaysOfTheBrokersOwnThatItIsCorruptedIsRefused() {
        write(N, 1, 0);
        long one = resumed(ONE, Memory.OWN, SLAB);
        hand(one, OBJECT, LEASED, N, false, 0);
        bench.say(one, new Message.HandedOver());
        long liar = resumed(TWO, Memory.OWN, SLAB);
        bench.say(liar, new Message.HandObject(
                OBJECT, "s" + OBJECT, LEASED, new Token(9, OBJECT), Location.BROKER, N, false, true, true, 77, 0, List.of()));
        bench.say(liar, new Message.HandedOver());
        bench.registry.takeOverNow();
        assertThat(bench.codes).containsOnlyKeys(liar);
        assertThat(entry(OBJECT).corrupted()).isFalse();
    }

    /** One client may have created one object. */
    @Test
    void whoHasCreatedItHasNoRoomForAnother() {
        write(N, 2, 0);
        long one = resumed(ONE, Memory.SLAB, SLAB);
        hand(one, OBJECT, Bench.TWO_PERMITS, N, true, 0);
        long two = shares(TWO, N);
        handOver(one, two);
        for (long client : List.of(one, two)) {
            bench.out(client).clear();
            bench.say(client, new Message.Open(1, Mode.CREATE, Kind.SEMAPHORE, "of " + client, Bench.TWO_PERMITS, false));
        }
        assertThat(bench.out(one)).noneMatch(Message.Opened.class::isInstance);
        assertThat(bench.out(two)).anyMatch(Message.Opened.class::isInstance);
    }

    /** The permit that one of them has it knows of, or it is yet to be answered that it has. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHoldsAPermitHoldsItStillUntilItIsDead(boolean knows) {
        write(N, 1, 0);
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal journal = new Journal(memory, Bench.LAST);
        Message.Answer reply = new Message.Operated(REQUEST, 2);
        journal.write(new Journal.Entry(
                ONE, REQUEST, List.of(), List.of(new Journal.Permits(OBJECT + 1, 2), new Journal.Permits(OBJECT, 1)), reply));
        bench.memory.handsJournal(memory);
        long one = resumed(ONE, Memory.OWN, SLAB);
        hand(one, OBJECT, LEASED, N, false, knows ? 1 : 0);
        if (!knows) {
            bench.say(one, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
            bench.say(one, new Message.HandTicket(REQUEST, Message.HandTicket.NONE));
        }
        long two = resumed(TWO, Memory.OWN, SLAB);
        hand(two, OBJECT, LEASED, N, false, 0);
        handOver(one, two);
        assertThat(entry(OBJECT).value()).isEqualTo(1);
        bench.say(one, new Message.Operate(REQUEST + 1, OBJECT, SemaphoreRule.RELEASE.code(), 1));
        assertThat(bench.out(one)).contains(new Message.Operated(REQUEST + 1, 1));
        bench.say(one, new Message.Operate(REQUEST + 2, OBJECT, SemaphoreRule.ACQUIRE.code(), 2));
        bench.kill(one);
        assertThat(entry(OBJECT).value()).isEqualTo(2);
    }
}
