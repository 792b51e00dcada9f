package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that say what is not so while they hand over what they have: others lose nothing by it. */
class LiarsTest {

    private static final int LIAR = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final int LAST_BROKER = Bench.LAST;
    private static final long BEFORE = (long) LAST_BROKER << Integer.SIZE;
    private static final long SLAB = BEFORE + 1;
    private static final long OTHER = BEFORE + 2;
    private static final int SLAB_BYTES = 4096;
    private static final Location PLACE = new Location(SLAB, 64, 1);
    private static final long OBJECT = BEFORE + 1;
    private static final int REQUEST = 10;

    private final Bench bench = new Bench(Options.defaults(), List.of(LIAR, TWO, THREE));

    @BeforeEach
    void theBrokerBeforeHasLeftSlabs() {
        bench.memory.create(SLAB, SLAB_BYTES);
        bench.memory.create(OTHER, SLAB_BYTES);
        write(2);
    }

    private void write(int permits) {
        bench.memory.cell(PLACE).store(Word.pack(PLACE.base(), permits, 0));
    }

    private void assertTwoPermits() {
        Message.Opened opened = bench.opened(bench.client(), Mode.OPEN, "s");
        assertThat(opened.object()).isEqualTo(OBJECT);
        assertThat(Word.data(bench.memory.cell(opened.location()).load()) & Word.VALUE).isEqualTo(2);
    }

    private long resumed(int id) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.take(connection)).isInstanceOf(Message.Welcome.class);
        return connection;
    }

    private void hand(long connection, long slab) {
        bench.say(connection, new Message.Hand(Memory.SLAB, slab, SLAB_BYTES));
    }

    private void handObject(long connection, String name, Told... told) {
        bench.say(connection, new Message.HandObject(
                OBJECT, name, Bench.TWO_PERMITS, new Token(9, 1), PLACE, Location.BROKER, false, true, false, 0, 0,
                List.of(told)));
    }

    private void handOver(long connection) {
        bench.say(connection, new Message.HandedOver());
    }

    private long honest(int id) {
        long connection = resumed(id);
        hand(connection, SLAB);
        handObject(connection, "s");
        handOver(connection);
        return connection;
    }

    /** Everybody is as before, but for the liar. */
    private void assertRefused(long liar, long... honest) {
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.PROTOCOL);
        assertThat(bench.registry.objects()).isEqualTo(1);
        for (long client : honest) {
            assertThat(bench.out(client)).anyMatch(Message.TakenOver.class::isInstance);
        }
        assertTwoPermits();
    }

    @Test
    void whoWasToldOfAPlaceInMemoryOfOthersIsRefused() {
        long liar = resumed(LIAR);
        hand(liar, SLAB);
        long two = resumed(TWO);
        hand(two, SLAB);
        hand(two, OTHER);
        handObject(two, "s");
        handOver(two);
        handObject(liar, "s", new Told(1, new Location(OTHER, 64, 1)));
        bench.registry.takeOverNow();
        assertRefused(liar, two);
        assertThat(bench.out(liar)).noneMatch(Slab.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHandsAnotherFileThanOthersIsRefusedWhetherItComesFirstOrLast(boolean first) {
        long two = first ? 0 : honest(TWO);
        long liar = resumed(LIAR);
        bench.memory.forge(SLAB_BYTES);
        hand(liar, SLAB);
        bench.memory.forge(0);
        handObject(liar, "s");
        handOver(liar);
        two = first ? honest(TWO) : two;
        long three = honest(THREE);
        assertRefused(liar, two, three);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoCallsAnObjectOtherwiseThanOthersIsRefusedWhetherItComesFirstOrLast(boolean first) {
        long two = first ? 0 : honest(TWO);
        long liar = resumed(LIAR);
        hand(liar, SLAB);
        handObject(liar, "t");
        handOver(liar);
        two = first ? honest(TWO) : two;
        long three = honest(THREE);
        assertRefused(liar, two, three);
    }

    /** Of each of them alone there is one client that knows better, and that came later. */
    @Test
    void whoContradictsTwoOthersAboutDifferentThingsIsRefused() {
        long liar = resumed(LIAR);
        bench.memory.forge(SLAB_BYTES);
        hand(liar, SLAB);
        hand(liar, OTHER);
        bench.memory.forge(0);
        handOver(liar);
        long two = honest(TWO);
        long three = resumed(THREE);
        hand(three, OTHER);
        handOver(three);
        assertRefused(liar, two, three);
    }

    @Test
    void halfOfWhatAClientHasIsNotBelievedThoughItDoesNotHoldItsByteAnyMore() {
        long two = honest(TWO);
        long liar = resumed(LIAR);
        hand(liar, SLAB);
        bench.say(liar, new Message.HandObject(
                OBJECT + 1, "half", Bench.TWO_PERMITS, new Token(9, 2), new Location(SLAB, 128, 1), Location.BROKER, false,
                true, false, 0, 0, List.of()));
        bench.alive.removeAll(List.of(LIAR, THREE));
        bench.registry.lookForHeirs();
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.LOST);
        assertThat(bench.registry.objects()).isEqualTo(1);
        assertThat(bench.out(two)).anyMatch(Message.TakenOver.class::isInstance);
        assertThat(bench.log).as("it is dead, as far as anybody knows").noneMatch(line -> line.startsWith("WARN"));
    }

    /** Who has been there for longer is believed. */
    @Test
    void betweenTwoTheOlderIsBelieved() {
        long younger = resumed(THREE);
        hand(younger, SLAB);
        handObject(younger, "t");
        handOver(younger);
        bench.alive.remove(LIAR);
        long two = honest(TWO);
        bench.registry.takeOverNow();
        assertRefused(younger, two);
    }

    private static Message.Await acquire() {
        return new Message.Await(
                REQUEST, false, List.of(new Wanted(OBJECT, SemaphoreRule.ACQUIRE.code(), 1)), List.of());
    }

    @Test
    void whoSaysThatItHadThePlaceOfAnotherInAQueueTakesItFromNobody() {
        write(0);
        long[] all = {resumed(TWO), resumed(LIAR)};
        for (long client : all) {
            hand(client, SLAB);
            handObject(client, "s");
            bench.say(client, new Message.HandTicket(REQUEST, 5));
            handOver(client);
            bench.say(client, acquire());
        }
        bench.registry.takeOverNow();
        assertThat(bench.codes).isEmpty();
        Message.Opened opened = bench.opened(bench.client(), Mode.OPEN, "s");
        bench.memory.cell(opened.location()).store(Word.pack(opened.location().base(), 2, 0));
        bench.say(all[0], new Message.Signaled(OBJECT));
        for (long client : all) {
            assertThat(bench.out(client)).contains(
                    new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of()));
        }
    }

    private static Journal.Entry promise(int client, long lock, long next) {
        return new Journal.Entry(
                client,
                REQUEST,
                List.of(new Journal.Change(PLACE, lock, next)),
                List.of(),
                new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of()));
    }

    private void handJournal(long connection, int incarnation, Journal.Entry entry) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        new Journal(memory, incarnation).write(entry);
        bench.memory.handsJournal(memory);
        bench.say(connection, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, LAST_BROKER + 1, Bench.INCARNATION, Integer.MAX_VALUE})
    void aJournalOfNoBrokerBeforeIsRefused(int incarnation) {
        long liar = resumed(LIAR);
        handJournal(liar, incarnation, promise(LIAR, 0, 0));
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.PROTOCOL);
    }

    /** What the last broker made counts before all else, so nobody makes more than there was. */
    @ParameterizedTest
    @EnumSource(names = {"SLAB", "OWN"})
    void memoryOfABrokerThatNeverWasIsRefused(Memory kind) {
        long liar = resumed(LIAR);
        long id = (long) (LAST_BROKER + 1) << Integer.SIZE | 1;
        bench.memory.create(id, SLAB_BYTES);
        bench.say(liar, new Message.Hand(kind, id, SLAB_BYTES));
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.PROTOCOL);
    }

    /** A record takes more room than what is owed has in the next broker's journal: no broker has ever written this one. */
    @Test
    void aJournalThatCannotBeInheritedHoldsNobodyUp() {
        Journal.Entry huge = new Journal.Entry(
                LIAR,
                REQUEST,
                List.of(),
                Collections.nCopies(12_000, new Journal.Permits(OBJECT, 1)),
                new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of()));
        long liar = resumed(LIAR);
        handJournal(liar, LAST_BROKER, huge);
        bench.say(liar, new Message.HandTicket(REQUEST, Message.HandTicket.NONE));
        handOver(liar);
        long two = honest(TWO);
        bench.registry.takeOverNow();
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.out(two)).anyMatch(Message.TakenOver.class::isInstance);
        assertTwoPermits();
    }

    /** What clients have read does not crowd out what is still owed. */
    @Test
    void whatWasReadIsNotOwedAnyMore() {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        List<Journal.Entry> read = IntStream.range(0, Journal.DEBTS)
                .mapToObj(i -> promise(TWO, i, i + 1).with(List.of()))
                .map(entry -> new Journal.Entry(TWO, entry.request() + 1, List.of(), List.of(), entry.reply()))
                .toList();
        Journal journal = new Journal(memory, LAST_BROKER);
        journal.inherit(read, List.of());
        journal.write(promise(THREE, 1, 2));
        for (int client : new int[] {TWO, THREE}) {
            long connection = resumed(client);
            bench.memory.handsJournal(memory);
            bench.say(connection, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
            hand(connection, SLAB);
            handObject(connection, "s");
            bench.say(connection, new Message.HandTicket(REQUEST, Message.HandTicket.NONE));
            handOver(connection);
        }
        bench.registry.takeOverNow();
        assertThat(Journal.debts(bench.memory.journal()))
                .extracting(Journal.Entry::client)
                .containsExactly(THREE);
    }

    @Test
    void aJournalOfItsOwnPromisesNothingToOthers() {
        write(0);
        long liar = resumed(LIAR);
        handJournal(liar, LAST_BROKER, promise(TWO, 0, 0));
        hand(liar, SLAB);
        handObject(liar, "s");
        handOver(liar);
        long two = resumed(TWO);
        handJournal(two, LAST_BROKER, promise(THREE, 0, 0));
        hand(two, SLAB);
        handObject(two, "s");
        bench.say(two, new Message.HandTicket(REQUEST, Message.HandTicket.NONE));
        handOver(two);
        bench.say(two, acquire());
        bench.registry.takeOverNow();
        assertThat(bench.out(two)).noneMatch(Message.Awaited.class::isInstance);
    }

    /** Of words that nobody locked nothing is redone; nor of those in memory that the liar has not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJournalOfItsOwnChangesNoWordsOfOthers(boolean locked) {
        long word = Word.pack(PLACE.base(), 2, locked ? Word.LOCKED : 0);
        bench.memory.cell(PLACE).store(word);
        long liar = resumed(LIAR);
        handJournal(liar, LAST_BROKER, promise(LIAR, word, Word.pack(PLACE.base(), 5, 0)));
        if (!locked) {
            hand(liar, SLAB);
        }
        handOver(liar);
        honest(TWO);
        bench.registry.takeOverNow();
        assertTwoPermits();
    }

    /** Of an object at the broker the clients have memory that they cannot write to; a liar may have made some. */
    @Test
    void aWordOfTheBrokersOwnIsWhereMostSayThatItIs() {
        Spec spec = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);
        long[] all = {resumed(LIAR), resumed(TWO), resumed(THREE)};
        for (long client : all) {
            long slab = client == all[0] ? OTHER : SLAB;
            Location home = new Location(slab, 64, 1);
            bench.memory.cell(home).store(Word.pack(home.base(), client == all[0] ? 5 : 2, 0));
            bench.say(client, new Message.Hand(Memory.OWN, slab, SLAB_BYTES));
            bench.say(client, new Message.HandObject(
                    OBJECT, "s", spec, new Token(9, 1), Location.BROKER, home, false, true, false, 0, 0, List.of()));
            handOver(client);
        }
        bench.say(all[1], new Message.Operate(REQUEST, OBJECT, Rule.LOOK.code(), 0));
        assertThat(bench.out(all[1])).contains(new Message.Operated(REQUEST, 2));
    }

    private void handOfItsOwn(long liar, int many) {
        for (int i = 0; i < many && !bench.codes.containsKey(liar); i++) {
            bench.memory.forge(SLAB_BYTES);
            bench.say(liar, new Message.Hand(Memory.SLAB, BEFORE + 100 + i, SLAB_BYTES));
        }
        bench.memory.forge(0);
    }

    /** Who happens to come when there is no room left is not the one to blame: he comes again, and there is. */
    @Test
    void whoHasTakenAllTheRoomIsRefusedAndNotWhoComesThen() {
        long liar = resumed(LIAR);
        handOfItsOwn(liar, 3);
        handOver(liar);
        long two = resumed(TWO);
        hand(two, OTHER);
        bench.memory.adoptsNothing(true);
        try (Memfd file = Memfd.create("test", SLAB_BYTES)) {
            bench.registry.received(two, new Message.Hand(Memory.SLAB, SLAB, SLAB_BYTES), file.fd());
            assertThat(file.fd().isClosed()).isTrue();
        }
        bench.memory.adoptsNothing(false);
        assertThat(bench.codes)
                .containsOnlyKeys(liar, two)
                .containsEntry(liar, Code.LIMIT)
                .containsEntry(two, Code.LATE);
        assertThat(bench.retired).hasSizeGreaterThanOrEqualTo(2);
        long again = honest(TWO);
        long liarAgain = bench.connection();
        bench.say(liarAgain, new Message.Resume(Version.MAJOR, Version.MINOR, LIAR, "a test"));
        assertThat(bench.codes).as("it was refused").containsEntry(liarAgain, Code.LOST);
        bench.registry.takeOverNow();
        assertThat(bench.out(again)).anyMatch(Message.TakenOver.class::isInstance);
        assertTwoPermits();
        assertThat(Journal.outcasts(bench.memory.journal())).extracting(Outcast::client).doesNotContain(TWO);
    }

    /** Of what was contradicted nothing is mapped before it is known who lies. */
    @Test
    void whoHandsWhatCannotBeMappedInTheEndIsRefused() {
        long liar = resumed(LIAR);
        bench.memory.forge(SLAB_BYTES);
        hand(liar, SLAB);
        bench.memory.forge(0);
        handOver(liar);
        long two = honest(TWO);
        bench.memory.adoptsNothing(true);
        long three = honest(THREE);
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.codes)
                .containsOnlyKeys(liar, two, three)
                .containsEntry(liar, Code.PROTOCOL)
                .containsEntry(two, Code.LIMIT)
                .containsEntry(three, Code.LIMIT);
        assertThat(bench.registry.objects()).isZero();
    }

    @Test
    void whoAloneHandsMoreThanThereIsRoomForIsRefused() {
        long two = resumed(TWO);
        hand(two, SLAB);
        bench.memory.adoptsNothing(true);
        hand(two, OTHER);
        assertThat(bench.codes).containsOnlyKeys(two).containsEntry(two, Code.LIMIT);
    }

    @Test
    void noMoreIsTakenThanABrokerCanHaveHad() {
        long liar = resumed(LIAR);
        handOfItsOwn(liar, Legacy.MOST_FILES + 1);
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.LIMIT);
        long two = honest(TWO);
        bench.registry.takeOverNow();
        assertThat(bench.out(two)).anyMatch(Message.TakenOver.class::isInstance);
    }

    @Test
    void oneJournalIsEnough() {
        long liar = resumed(LIAR);
        handJournal(liar, LAST_BROKER, promise(LIAR, 0, 0));
        handJournal(liar, LAST_BROKER, promise(LIAR, 0, 0));
        assertThat(bench.codes).containsOnlyKeys(liar).containsEntry(liar, Code.PROTOCOL);
    }

    @Test
    void whatWasTakenOverIsPaidForAsLongAsItIsThere() {
        Budget budget = bench.budget;
        long before = budget.left();
        bench.alive.removeAll(List.of(LIAR, THREE));
        long two = honest(TWO);
        bench.registry.lookForHeirs();
        assertThat(before - budget.left()).isEqualTo(Budget.ofObject("s") + Budget.HANDLE_BYTES);
        bench.registry.ended(two, true);
        assertThat(budget.left()).isEqualTo(before);
    }

    @Test
    void whatIsHandedOverOfRequestsIsPaidFor() {
        long liar = resumed(LIAR);
        long before = bench.budget.left();
        bench.say(liar, new Message.HandTicket(1, Message.HandTicket.NONE));
        assertThat(bench.budget.left()).isLessThan(before);
        bench.say(liar, new Message.HandTicket(1, Message.HandTicket.NONE));
        assertThat(bench.codes).containsEntry(liar, Code.PROTOCOL);
        bench.registry.takeOverNow();
        assertThat(bench.budget.left()).isEqualTo(before);
    }

    /** Or it could use up what there is for all, by coming again and again. */
    @Test
    void whatWasHandedOverByAConnectionThatIsGoneIsPaidBack() {
        long before = bench.budget.left();
        long two = resumed(TWO);
        hand(two, SLAB);
        handObject(two, "s");
        bench.say(two, new Message.HandTicket(REQUEST, 5));
        handOver(two);
        bench.say(two, acquire());
        assertThat(bench.budget.left()).isLessThan(before);
        bench.registry.ended(two, false);
        assertThat(bench.budget.left()).isEqualTo(before);
        bench.registry.takeOverNow();
        assertThat(bench.budget.left()).isEqualTo(before);
    }

    @Test
    void whoComesAgainIsTakenOverWhenItsFirstConnectionHasEnded() {
        long first = resumed(TWO);
        hand(first, SLAB);
        long second = bench.connection();
        bench.say(second, new Message.Resume(Version.MAJOR, Version.MINOR, TWO, "a test"));
        assertThat(bench.codes).containsOnlyKeys(second).containsEntry(second, Code.LATE);
        bench.registry.ended(first, false);
        assertThat(bench.retired).as("or it would be mapped twice").containsExactly(SLAB);
        long third = honest(TWO);
        bench.registry.takeOverNow();
        assertThat(bench.out(third)).anyMatch(Message.TakenOver.class::isInstance);
        assertThat(bench.registry.objects()).isEqualTo(1);
    }

    @Test
    void aLedgerThatCannotBeTakenIsNotThoughtToBeEmpty() {
        bench.ledgersLeft = 0;
        long two = resumed(TWO);
        bench.say(two, new Message.Hand(Memory.LEDGER, 1, SLAB_BYTES));
        assertThat(bench.codes).containsOnlyKeys(two).containsEntry(two, Code.LIMIT);
    }

    /** Of words that say that they have moved there may be as many as fit: they cost the broker no more than one. */
    @Test
    void aSlabFullOfTombstonesCostsNoMoreThanOne() {
        long two = honest(TWO);
        for (int offset = 512; offset < SLAB_BYTES; offset += Long.BYTES) {
            Location place = new Location(SLAB, offset, 1);
            bench.memory.cell(place).store(Word.pack(place.base(), 1, Word.MOVED));
        }
        bench.registry.takeOverNow();
        assertThat(bench.out(two)).anyMatch(Message.TakenOver.class::isInstance);
        assertThat(bench.registry.tombstones()).isLessThanOrEqualTo(2);
    }
}
