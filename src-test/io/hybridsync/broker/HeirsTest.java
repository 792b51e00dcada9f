package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that takes over from another one, and clients that say what they must not meanwhile. */
class HeirsTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final long SLAB = BEFORE + 1;
    private static final int SLAB_BYTES = 4096;

    private final Bench bench = new Bench(Options.defaults(), List.of(ONE, TWO));

    @BeforeEach
    void theBrokerBeforeHasLeftASlab() {
        bench.memory.create(SLAB, SLAB_BYTES);
    }

    private static Location place(int object) {
        return new Location(SLAB, object * 64, 1);
    }

    private void write(int object, int data) {
        bench.memory.cell(place(object)).store(Word.pack(place(object).base(), data, 0));
    }

    /** A client of before, which hands the slab over. */
    private long resumed(int id) {
        return resumed(bench, id, SLAB_BYTES);
    }

    private static long resumed(Bench bench, int id, int slabBytes) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.take(connection)).isInstanceOf(Message.Welcome.class);
        bench.say(connection, new Message.Hand(Memory.SLAB, SLAB, slabBytes));
        return connection;
    }

    private void hand(long connection, int object, String name, Spec spec) {
        Token token = new Token(9, object);
        bench.say(connection, new Message.HandObject(
                BEFORE + object, name, spec, token, place(object), Location.BROKER, false, true, false, 0, 0, List.of()));
    }

    /** It may be closing its domain just then: that is nothing that anybody ought to read. */
    @Test
    void whoDoesNotHoldItsByteAnyMoreIsLate() {
        bench.alive.remove(ONE);
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, ONE, "a test"));
        assertThat(bench.codes).containsEntry(connection, Code.LATE);
        assertThat(bench.log).noneMatch(line -> line.startsWith("WARN"));
    }

    /** Somebody who is dead may be among those who were expelled, as nobody has said yet: who had his id would be taken for him. */
    @Test
    void nobodyHasTheIdOfWhoWasThereBefore() {
        int last = 40;
        Bench next = new Bench(Options.defaults(), List.of(ONE, TWO), last);
        long connection = next.connection();
        next.say(connection, new Message.Hello(Version.MAJOR, Version.MINOR, "a test"));
        assertThat(next.take(connection)).isInstanceOfSatisfying(Message.Welcome.class, welcome ->
                assertThat(welcome.clientId()).isEqualTo(last + 1));
        assertThat(next.memory.lastClient()).isGreaterThan(last);
    }

    /** Somebody holds bytes that are nobody's: not all that are held were looked at, and others may be behind those. */
    @Test
    void whoWasNotSeenForAllThatAreHeldMayComeBackToo() {
        int many = Options.MOST_CLIENTS;
        for (int seen : List.of(many - 1, many)) {
            Bench next = new Bench(Options.defaults(), IntStream.rangeClosed(1, seen).boxed().toList());
            next.alive.add(many + 2);
            long connection = next.connection();
            next.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, many + 2, "a test"));
            if (seen == many) {
                assertThat(next.take(connection)).isInstanceOf(Message.Welcome.class);
            } else {
                assertThat(next.codes).containsEntry(connection, Code.LOST);
                assertThat(next.refused.get(connection)).contains("is not one of the broker before");
            }
        }
    }

    /** Of who hands over much more is heard in time than of who is not there; who is new does not count. */
    @Test
    void whatIsHeardOfThoseWhoHandOverIsCounted() {
        long one = resumed(ONE);
        long before = bench.registry.handedOver();
        hand(one, 1, "a", Bench.TWO_PERMITS);
        hand(one, 2, "b", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        bench.say(one, new Message.Sync(1));
        assertThat(bench.registry.handedOver()).isEqualTo(before + 4);
        long other = bench.client();
        bench.say(other, new Message.Sync(1));
        assertThat(bench.registry.handedOver()).isEqualTo(before + 4);
    }

    static Stream<Supplier<RuntimeException>> failures() {
        return Stream.of(
                () -> new ProtocolException("for a test"),
                () -> new LimitExceededException("for a test"),
                () -> new IllegalArgumentException("for a test"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatWasPutOffHurtsOnlyItsOwnClient(Supplier<RuntimeException> failure) {
        List<Long> clients = Stream.generate(bench::client).limit(3).toList();
        for (long client : clients) {
            String name = "of " + client;
            bench.say(client, new Message.Open(1, Mode.CREATE, Kind.SEMAPHORE, name, Bench.TWO_PERMITS, false));
        }
        boolean[] failed = new boolean[1];
        bench.memory.beforeAccess(() -> {
            if (!failed[0] && bench.log.stream().anyMatch(line -> line.contains("took over"))) {
                failed[0] = true;
                throw failure.get();
            }
        });

        bench.registry.takeOverNow();

        assertThat(bench.codes.keySet()).isSubsetOf(clients.getFirst());
        assertThat(bench.out(clients.getFirst())).noneMatch(Message.Opened.class::isInstance);
        assertThat(bench.registry.isTakingOver()).isFalse();
        for (long client : clients.subList(1, 3)) {
            assertThat(bench.out(client)).anyMatch(Message.Opened.class::isInstance);
        }
    }

    /** What the broker before could serve this one can take over: to say what one has takes more room than to have it. */
    @Test
    void asMuchAsABrokerCanServeCanBeHandedOver() {
        int heap = 200_000;
        Options options = Options.defaults().withQuotas(10, 10_000, 10_000, heap, 1 << 20);
        Bench before = new Bench(options);
        List<Long> clients = List.of(before.client(), before.client(), before.client(), before.client());
        int served = 0;
        while (clients.stream().allMatch(client -> isServed(before, client))) {
            names++;
            served++;
        }
        assertThat(served).isPositive();

        List<Integer> ids = List.of(ONE, TWO, TWO + 1, TWO + 2);
        Bench next = new Bench(options, ids);
        int bytes = 1 << 20;
        next.memory.create(SLAB, bytes);
        long left = next.budget.left();
        for (int id : ids) {
            long client = resumed(next, id, bytes);
            for (int object = 1; object <= served; object++) {
                next.memory.cell(place(object)).store(Word.pack(place(object).base(), 2, 0));
                next.say(client, new Message.HandObject(
                        BEFORE + object, "name " + object, Bench.TWO_PERMITS, new Token(9, object), place(object),
                        Location.BROKER, false, true, false, 0, 0, List.of()));
            }
            next.say(client, new Message.HandTicket(1, Message.HandTicket.NONE));
            next.say(client, new Message.HandedOver());
        }
        assertThat(next.codes).isEmpty();
        assertThat(next.registry.isTakingOver()).isFalse();
        assertThat(next.registry.objects()).isEqualTo(served);
        long handles = (long) ids.size() * served * Budget.HANDLE_BYTES;
        long objects = IntStream.rangeClosed(1, served).mapToLong(i -> Budget.ofObject("name " + i)).sum();
        assertThat(left - next.budget.left()).as("what is there is paid for").isEqualTo(handles + objects);
        assertThat(next.budget.take(next.budget.left() + 1)).as("there is no reserve any more").isFalse();
    }

    private int names;

    private boolean isServed(Bench before, long client) {
        return before.open(client, Mode.OPEN_OR_CREATE, "name " + names, Bench.TWO_PERMITS) instanceof Message.Opened;
    }

    /** Or it would be tried again and again over what is half done, and whoever happens to speak then be expelled for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatFailsInTheMiddleOfATakeOverIsTheEndOfTheBrokerAndNobodysFault(boolean byTime) {
        write(1, 2);
        long one = resumed(ONE);
        hand(one, 1, "s", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        bench.alive.remove(byTime ? 0 : TWO);
        bench.memory.beforeAccess(() -> {
            throw new IllegalStateException("for a test");
        });
        assertThatThrownBy(byTime ? bench.registry::takeOverNow : bench.registry::lookForHeirs)
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("for a test");
        assertThat(bench.log).anyMatch(line -> line.startsWith("WARN cannot take over") && line.contains("for a test"));
        assertThat(bench.codes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0", "half \ud800", "long"})
    void whoHandsOverWhatIsNoNameIsRefused(String bad) {
        String name = bad.equals("long") ? "x".repeat(1024) : bad;
        write(1, 2);
        write(2, 2);
        long one = resumed(ONE);
        long two = resumed(TWO);
        hand(two, 1, "good", Bench.TWO_PERMITS);
        hand(one, 2, name, Bench.TWO_PERMITS);
        assertThat(bench.codes).containsOnlyKeys(one).containsEntry(one, Code.PROTOCOL);
        assertThat(bench.refused.get(one)).contains("name of an object");
        bench.say(two, new Message.HandedOver());
        bench.registry.takeOverNow();
        assertThat(bench.registry.objects()).isEqualTo(1);
        assertThat(bench.out(two)).anyMatch(Message.TakenOver.class::isInstance);
    }

    /** The mark in the word may have been overwritten since: what one client has seen counts for all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatOneClientHasFoundCorruptedIsSo(boolean first) {
        write(1, 2);
        long bad = Word.pack(place(1).base(), 2, 0) ^ 1;
        List<Long> heirs = List.of(resumed(ONE), resumed(TWO));
        for (Long heir : heirs) {
            boolean knows = first == heir.equals(heirs.getFirst());
            bench.say(heir, new Message.HandObject(
                    BEFORE + 1, "s", Bench.TWO_PERMITS, new Token(9, 1), place(1), Location.BROKER, false, true, knows,
                    knows ? bad : 0, 0, List.of()));
        }
        heirs.forEach(heir -> bench.say(heir, new Message.HandedOver()));
        assertThat(bench.list(bench.client(), 0).entries().getFirst().corrupted()).isTrue();
        assertThat(bench.log).anyMatch(line -> line.contains("corrupted") && line.contains(Long.toHexString(bad)));
    }

    /** It was found corrupted at a place that has been given up since, with its memory. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsCorruptedMayBeHandedOverWithoutAPlace(boolean alone) {
        write(1, 2);
        List<Long> heirs = alone ? List.of(resumed(ONE)) : List.of(resumed(ONE), resumed(TWO));
        handWithoutPlace(heirs.getFirst(), true);
        if (!alone) {
            hand(heirs.getLast(), 1, "s", Bench.TWO_PERMITS);
        }
        heirs.forEach(heir -> bench.say(heir, new Message.HandedOver()));
        bench.registry.takeOverNow();
        assertThat(bench.codes).isEmpty();
        assertThat(bench.list(bench.client(), 0).entries()).singleElement().satisfies(entry -> {
            assertThat(entry.corrupted()).isTrue();
            assertThat(entry.group()).isEqualTo(alone ? List.of(ONE) : List.of(ONE, TWO));
        });
        for (Long heir : heirs) {
            bench.say(heir, new Message.Close(1, BEFORE + 1));
        }
        assertThat(bench.registry.objects()).isZero();
        assertThat(bench.registry.slots()).isZero();
    }

    @Test
    void nothingElseMay() {
        long one = resumed(ONE);
        handWithoutPlace(one, false);
        assertThat(bench.codes).containsOnlyKeys(one).containsEntry(one, Code.PROTOCOL);
    }

    private void handWithoutPlace(long heir, boolean corrupted) {
        bench.say(heir, new Message.HandObject(
                BEFORE + 1, "s", Bench.TWO_PERMITS, new Token(9, 1), Location.BROKER, Location.BROKER, false, true, corrupted,
                0, 0, List.of()));
    }

    private static final Spec MUTEX = new Spec(Kind.MUTEX, 0, 1, 0);
    private static final int DEAD = 9;

    /** The owner of a mutex has died between the brokers, and was the youngest client. Two have it open. */
    private List<Long> ownedByTheDead(int attributes) {
        write(1, DEAD);
        List<Long> heirs = List.of(resumed(ONE), resumed(TWO));
        for (long heir : heirs) {
            hand(heir, 1, "m", new Spec(Kind.MUTEX, 0, 1, attributes));
        }
        return heirs;
    }

    private int data(int object) {
        return Word.data(bench.memory.cell(place(object)).load());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Spec.GLOBAL})
    void whoDiedBetweenTheBrokersLeavesAnAbandonedMutex(int attributes) {
        List<Long> heirs = ownedByTheDead(attributes);
        heirs.forEach(heir -> bench.say(heir, new Message.HandedOver()));
        bench.registry.patrol();
        Message.Listing listing = bench.list(bench.client(), 0);
        assertThat(listing.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.corrupted()).isFalse();
            assertThat(entry.value()).isEqualTo(MutexRule.OWNER_DIED);
        });
    }

    @Test
    void whileNobodyCanBeToldWhereItMovesItIsAbandonedToo() {
        long heir = ownedByTheDead(0).getFirst();
        bench.say(heir, new Message.HandedOver());
        bench.full.add(heir);
        long newcomer = bench.client();
        bench.registry.takeOverNow();
        assertThat(bench.registry.delayed()).as("a move away from who came late").isEqualTo(1);
        bench.registry.patrol();
        bench.full.clear();
        bench.registry.roomAgain();
        assertThat(((Message.Listing) bench.describe(newcomer, BEFORE + 1)).entries().getFirst().value())
                .isEqualTo(MutexRule.OWNER_DIED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsBusyIsNotCondemnedForIt(boolean patrol) {
        List<Long> heirs = ownedByTheDead(Spec.GLOBAL);
        bench.memory.lose(place(1), Integer.MAX_VALUE);
        heirs.forEach(heir -> bench.say(heir, new Message.HandedOver()));
        assertThat(data(1)).as("busy").isEqualTo(DEAD);
        long newcomer = bench.client();
        if (patrol) {
            bench.registry.patrol();
        }
        bench.memory.lose(place(1), 0);
        bench.registry.roomAgain();
        assertThat(data(1)).isEqualTo(MutexRule.OWNER_DIED);
        assertThat(bench.list(newcomer, 0).entries().getFirst().corrupted()).isFalse();
        assertThat(bench.id(newcomer)).as("no id that a word names").isGreaterThan(DEAD);
    }

    @Test
    void anOwnerThatNoBrokerKnowsIsFoundAfterwards() {
        bench.alive.remove(TWO);
        long one = resumed(ONE);
        write(1, 0);
        hand(one, 1, "m", MUTEX);
        bench.say(one, new Message.HandedOver());
        bench.registry.lookForHeirs();
        write(1, DEAD);
        bench.registry.patrol();
        assertThat(bench.list(bench.client(), 0).entries().getFirst().corrupted()).isTrue();
    }

    @Test
    void whatHasNoNameIsHandedOver() {
        write(1, 2);
        long one = resumed(ONE);
        hand(one, 1, "", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        bench.registry.takeOverNow();
        assertThat(bench.codes).isEmpty();
        assertThat(bench.registry.objects()).isEqualTo(1);
    }

    private void handJournal(long connection, Outcast... outcasts) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal journal = new Journal(memory, Bench.LAST);
        List.of(outcasts).forEach(journal.outcasts()::add);
        bench.memory.handsJournal(memory);
        bench.say(connection, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
    }

    /** It stood still when the broker before took over, and has not heard that others have by now what it had. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whomABrokerBeforeHasExpelledHasLostWhatItHad(boolean comes) {
        write(1, 2);
        write(2, 2);
        long one = resumed(ONE);
        handJournal(one, new Outcast(TWO, SLAB));
        hand(one, 1, "s", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        if (comes) {
            long two = resumed(TWO);
            hand(two, 2, "t", Bench.TWO_PERMITS);
            bench.say(two, new Message.HandedOver());
            assertThat(bench.codes).containsOnlyKeys(two).containsEntry(two, Code.LOST);
        }
        bench.registry.takeOverNow();
        assertThat(bench.registry.objects()).isEqualTo(1);
        assertThat(bench.out(one)).anyMatch(Message.TakenOver.class::isInstance);
        assertThat(bench.expelled).containsExactly(TWO);
        assertThat(Journal.outcasts(bench.memory.journal())).as("for the next one").containsExactly(new Outcast(TWO, SLAB));
        assertThat(bench.opened(bench.client(), Mode.OPEN, "s").location().slab())
                .as("it may have the slab").isNotEqualTo(SLAB);
    }

    /** It has the journal of the same broker, and knows better. */
    @Test
    void whoMakesAJournalHimselfExpelsNobody() {
        write(1, 2);
        write(2, 2);
        long one = resumed(ONE);
        handJournal(one, new Outcast(TWO, SLAB), new Outcast(77, SLAB));
        hand(one, 1, "s", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        long two = resumed(TWO);
        handJournal(two);
        hand(two, 2, "t", Bench.TWO_PERMITS);
        bench.say(two, new Message.HandedOver());
        assertThat(bench.codes).isEmpty();
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.registry.objects()).isEqualTo(2);
    }

    /** Memory that was made since it was expelled is nobody's whom it concerns. */
    @Test
    void whatWasMadeSinceDoesNotMoveAwayFromIt() {
        write(1, 2);
        long one = resumed(ONE);
        handJournal(one, new Outcast(TWO, SLAB - 1));
        hand(one, 1, "s", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        bench.registry.takeOverNow();
        assertThat(bench.notices(one)).noneMatch(Message.Moved.class::isInstance);
        assertThat(bench.list(bench.client(), 0).entries().getFirst().location()).isEqualTo(place(1));
    }

    /** It is dead, then: nobody else can have the byte of that number. */
    @Test
    void aNewClientWithTheIdOfOneThatWasExpelledIsAnother() {
        write(1, 2);
        long one = resumed(ONE);
        handJournal(one, new Outcast(TWO + 1, SLAB));
        hand(one, 1, "s", Bench.TWO_PERMITS);
        bench.say(one, new Message.HandedOver());
        long newcomer = bench.client();
        assertThat(bench.id(newcomer)).isEqualTo(TWO + 1);
        bench.alive.remove(TWO);
        bench.registry.lookForHeirs();
        assertThat(bench.codes).isEmpty();
        assertThat(bench.expelled).isEmpty();
        assertThat(Journal.outcasts(bench.memory.journal())).isEmpty();
        assertThat(bench.notices(one)).as("nothing moves away from it").noneMatch(Message.Moved.class::isInstance);
        assertThat(bench.opened(newcomer, Mode.OPEN, "s").created()).isFalse();
    }

    /** An object at the broker is taken over, and the second of those who have it is not told, for it does not read. */
    private void takeOverFull(long one, long two) {
        Spec spec = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);
        write(1, 2);
        for (long client : List.of(one, two)) {
            bench.say(client, new Message.Hand(Memory.OWN, SLAB, SLAB_BYTES));
            bench.say(client, new Message.HandObject(
                    BEFORE + 1, "s", spec, new Token(9, 1), Location.BROKER, place(1), false, true, false, 0, 0, List.of()));
        }
        bench.fullByNow.add(two);
        bench.say(one, new Message.HandedOver());
        bench.say(two, new Message.HandedOver());
    }

    /** Or the next broker would find it where the one before this one had it, if nobody else is left. */
    @Test
    void aWordOfTheBrokersOwnStaysAsItIsUntilAllKnowWhereItIs() {
        long one = resumed(ONE);
        long two = resumed(TWO);
        takeOverFull(one, two);
        bench.say(one, new Message.Operate(1, BEFORE + 1, SemaphoreRule.ACQUIRE.code(), 1));
        Wanted wanted = new Wanted(BEFORE + 1, SemaphoreRule.ACQUIRE.code(), 1);
        bench.say(one, new Message.Await(2, false, List.of(wanted), List.of()));
        bench.say(one, new Message.Await(3, true, List.of(wanted), List.of()));
        bench.registry.roomAgain();
        assertThat(bench.out(one)).noneMatch(Message.Answer.class::isInstance);
        assertThat(bench.list(bench.client(), 0).entries().getFirst().value()).isEqualTo(2);

        bench.fullByNow.clear();
        bench.registry.roomAgain();

        assertThat(bench.out(one)).filteredOn(Message.Answer.class::isInstance).hasSize(2);
        assertThat(bench.list(bench.client(), 0).entries().getFirst().value()).isZero();
    }

    /** Who has closed it need not know. */
    @Test
    void whoHasClosedItIsNotWaitedFor() {
        long one = resumed(ONE);
        long two = resumed(TWO);
        takeOverFull(one, two);
        bench.say(two, new Message.Close(1, BEFORE + 1));
        bench.say(one, new Message.Operate(1, BEFORE + 1, SemaphoreRule.ACQUIRE.code(), 1));
        assertThat(bench.out(one)).anyMatch(Message.Operated.class::isInstance);
    }

    @Test
    void whoIsExpelledAndLivesIsNotedDownForTheNextBroker() {
        bench.registry.takeOverNow();
        bench.alive.clear();
        long client = bench.client();
        int id = bench.id(client);
        bench.registry.expel(client, "for a test");
        assertThat(Journal.outcasts(bench.memory.journal())).extracting(Outcast::client).contains(id);
        bench.registry.died(id);
        assertThat(Journal.outcasts(bench.memory.journal())).extracting(Outcast::client).doesNotContain(id);
    }

    /** Somebody has locked so many bytes that this one was not among those that were looked at. */
    @Test
    void whoWasNotSeenToBeAliveMayComeNevertheless() {
        write(1, 2);
        bench.alive.add(ONE + 1);
        long unseen = resumed(ONE + 1);
        hand(unseen, 1, "s", Bench.TWO_PERMITS);
        bench.alive.removeAll(List.of(ONE, TWO));
        bench.registry.lookForHeirs();
        assertThat(bench.registry.isTakingOver()).as("it is waited for").isTrue();
        bench.say(unseen, new Message.HandedOver());
        assertThat(bench.registry.objects()).isEqualTo(1);
        assertThat(bench.out(unseen)).anyMatch(Message.TakenOver.class::isInstance);
    }

    /** What it holds nobody knows, and it may release it any moment where its word does not move away from it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWhoIsLateHoldsIsNotGivenToOthersAsLongAsItMayWriteThere(boolean moves) {
        write(1, 1);
        Spec spec = new Spec(Kind.SEMAPHORE, 2, 2, moves ? Spec.LEASED : Spec.LEASED | Spec.GLOBAL);
        long one = resumed(ONE);
        hand(one, 1, "l", spec);
        bench.say(one, new Message.HandedOver());
        bench.registry.takeOverNow();
        for (int i = 0; i < 5; i++) {
            bench.pass();
        }
        Message.Opened opened = bench.opened(bench.client(), Mode.OPEN, "l");
        assertThat(Word.data(bench.memory.cell(opened.location()).load()) & Word.VALUE).isEqualTo(moves ? 2 : 1);
        assertThat(bench.list(bench.client(), 0).entries().getFirst().corrupted()).isFalse();
        bench.alive.remove(TWO);
        bench.registry.died(TWO);
        bench.pass();
        assertThat(Word.data(bench.memory.cell(opened.location()).load()) & Word.VALUE).isEqualTo(2);
    }
}
