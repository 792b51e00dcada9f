package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that use up the heap of a broker while it takes over: it is not for others to suffer for it. */
class GreedTest {

    private static final int GREEDY = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final long SLAB = BEFORE + 1;
    private static final int SLAB_BYTES = 4096;
    private static final Location PLACE = new Location(SLAB, 64, 1);
    private static final long OBJECT = BEFORE + 1;
    private static final int HEAP = 100_000;
    private static final long IN_TAKE_OVER = HEAP + HEAP / 2;
    private static final int REQUEST = 10;

    private final Bench bench = new Bench(
            Options.defaults().withQuotas(100, 1000, 1000, HEAP, 1 << 20), List.of(GREEDY, TWO, THREE));
    private int number = 1000;

    /** What a client says again and again. */
    enum Greed {
        OBJECTS(Budget.ofObject("") + Budget.HANDLE_BYTES + Budget.STATEMENT_BYTES),
        TICKETS(Budget.TICKET_BYTES),
        REQUESTS(Budget.WAIT_BYTES),
        OPENINGS(Budget.ofObject("n"));

        private final long bytes;

        Greed(long bytes) {
            this.bytes = bytes;
        }

        private Message message(int number) {
            return switch (this) {
                case OBJECTS -> object(OBJECT + number, "");
                case TICKETS -> new Message.HandTicket(number, Message.HandTicket.NONE);
                case REQUESTS -> new Message.Sync(number);
                case OPENINGS ->
                    new Message.Open(number, Mode.OPEN_OR_CREATE, Kind.SEMAPHORE, "n", Bench.TWO_PERMITS, false);
            };
        }
    }

    @BeforeEach
    void theBrokerBeforeHasLeftASlab() {
        bench.memory.create(SLAB, SLAB_BYTES);
        bench.memory.cell(PLACE).store(Word.pack(PLACE.base(), 2, 0));
    }

    private static Message object(long id, String name) {
        return new Message.HandObject(
                id, name, Bench.TWO_PERMITS, new Token(9, id), PLACE, Location.BROKER, false, true, false, 0, 0, List.of());
    }

    private long resumed(int id) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.take(connection)).isInstanceOf(Message.Welcome.class);
        bench.say(connection, new Message.Hand(Memory.SLAB, SLAB, SLAB_BYTES));
        return connection;
    }

    private long honest(int id) {
        long connection = resumed(id);
        bench.say(connection, object(OBJECT, "s"));
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    /** Takes all that there is, but for so much. */
    private void take(long connection, Greed greed, long rest) {
        while (bench.budget.left() + HEAP / 2 - rest >= greed.bytes) {
            bench.say(connection, greed.message(++number));
        }
        assertThat(bench.codes).isEmpty();
    }

    private void take(long connection, Greed greed) {
        take(connection, greed, 0);
    }

    private void assertServed(long... honest) {
        bench.registry.takeOverNow();
        assertThat(bench.registry.isTakingOver()).isFalse();
        for (long client : honest) {
            assertThat(bench.out(client)).anyMatch(Message.TakenOver.class::isInstance);
        }
        Message.Opened opened = bench.opened(bench.client(), Mode.OPEN, "s");
        assertThat(opened.object()).isEqualTo(OBJECT);
    }

    private static boolean saysLimit(Object answer) {
        return answer instanceof Message.Failed failed && failed.code() == Code.LIMIT;
    }

    @ParameterizedTest
    @EnumSource(names = {"OBJECTS", "TICKETS", "REQUESTS"})
    void whoHasTakenAllTheHeapIsRefusedAndNotWhoComesThen(Greed greed) {
        long greedy = resumed(GREEDY);
        if (greed == Greed.REQUESTS) {
            bench.say(greedy, new Message.HandedOver());
        }
        take(greedy, greed);
        long two = honest(TWO);
        assertThat(bench.codes).containsOnlyKeys(greedy).containsEntry(greedy, Code.LIMIT);
        assertServed(two, honest(THREE));
        assertThat(bench.codes).containsOnlyKeys(greedy);
        assertThat(HEAP - bench.budget.left())
                .as("the object, and the place that the refused one has not left")
                .isEqualTo(Budget.ofObject("s") + 3 * Budget.HANDLE_BYTES + Budget.ofTombstone(3));
    }

    /** What is said of an object costs less than the object, which only this one has. */
    @Test
    void whoHandsObjectsThatNobodyElseHasPaysForThem() {
        long two = resumed(TWO);
        take(two, Greed.TICKETS, IN_TAKE_OVER * 6 / 10);
        long greedy = resumed(GREEDY);
        take(greedy, Greed.OBJECTS);
        long three = honest(THREE);
        assertThat(bench.codes).containsOnlyKeys(greedy).containsEntry(greedy, Code.LIMIT);
        assertServed(three);
    }

    @Test
    void whoTakesMoreThanThereIsIsRefused() {
        long two = honest(TWO);
        long greedy = resumed(GREEDY);
        take(greedy, Greed.TICKETS);
        bench.say(greedy, Greed.TICKETS.message(++number));
        assertThat(bench.codes).containsOnlyKeys(greedy).containsEntry(greedy, Code.LIMIT);
        assertServed(two);
    }

    @Test
    void whatIsAskedAnewGivesWayToWhatIsHandedOver() {
        long asks = bench.client();
        bench.out(asks).clear();
        take(asks, Greed.OPENINGS);
        long two = honest(TWO);
        assertThat(bench.out(asks)).hasSizeGreaterThan(100).allMatch(GreedTest::saysLimit);
        assertServed(two);
        assertThat(bench.codes).isEmpty();
        assertThat(bench.out(asks)).noneMatch(Message.Opened.class::isInstance);
    }

    @Test
    void whereWhatWasHandedOverFillsTheHeapWhoAsksAnewIsToldAndNobodyIsRefused() {
        long two = honest(TWO);
        take(resumed(GREEDY), Greed.TICKETS);
        long asks = bench.client();
        bench.out(asks).clear();
        bench.say(asks, Greed.OPENINGS.message(REQUEST));
        assertThat(bench.out(asks)).hasSize(1).allMatch(GreedTest::saysLimit);
        assertThat(bench.codes).isEmpty();
        assertServed(two);
    }

    @Test
    void ofWhatIsAskedAnewThatOfTheGreediestGivesWay() {
        long two = honest(TWO);
        long greedy = bench.client();
        long asks = bench.client();
        bench.say(asks, Greed.OPENINGS.message(REQUEST));
        take(greedy, Greed.OPENINGS);
        bench.say(asks, Greed.OPENINGS.message(REQUEST + 1));
        assertThat(bench.out(greedy)).hasSizeGreaterThan(100).allMatch(GreedTest::saysLimit);
        assertServed(two);
        assertThat(bench.out(asks).stream().filter(Message.Opened.class::isInstance)).hasSize(2);
        assertThat(bench.codes).isEmpty();
    }

    /** A broker before may have done it. */
    @Test
    void whatIsAskedAgainGivesNoWay() {
        long two = resumed(TWO);
        bench.say(two, object(OBJECT, "s"));
        bench.say(two, new Message.HandTicket(REQUEST, Message.HandTicket.NONE));
        bench.say(two, new Message.HandedOver());
        bench.say(two, new Message.Await(
                REQUEST, false, List.of(new Wanted(OBJECT, SemaphoreRule.ACQUIRE.code(), 1)), List.of()));
        long greedy = resumed(GREEDY);
        take(greedy, Greed.TICKETS);
        long three = honest(THREE);
        assertThat(bench.codes).containsOnlyKeys(greedy);
        assertServed(two, three);
        assertThat(bench.out(two)).noneMatch(GreedTest::saysLimit).anyMatch(Message.Awaited.class::isInstance);
    }

    static Stream<Message> looks() {
        return Stream.of(new Message.ListObjects(REQUEST, 0), new Message.Describe(REQUEST, OBJECT));
    }

    /** It has taken little, and who is new is refused first. */
    @ParameterizedTest
    @MethodSource("looks")
    void whoIsNewAndHasALookIsNotRefusedForWhatOneOfBeforeHasTaken(Message look) {
        long asks = bench.client();
        bench.out(asks).clear();
        bench.say(asks, look);
        long greedy = resumed(GREEDY);
        take(greedy, Greed.TICKETS);
        long two = honest(TWO);
        assertThat(bench.codes).containsOnlyKeys(greedy).containsEntry(greedy, Code.LIMIT);
        assertThat(bench.out(asks)).hasSize(1).allMatch(GreedTest::saysLimit);
        bench.say(asks, look);
        assertServed(two, honest(THREE));
        assertThat(bench.out(asks).getLast()).isInstanceOf(Message.Listing.class);
    }

    /** What one of before has taken a broker before may have granted. */
    @Test
    void whoIsNewIsRefusedBeforeAnybodyOfBefore() {
        long two = resumed(TWO);
        take(two, Greed.TICKETS, IN_TAKE_OVER / 3);
        long other = bench.client();
        take(other, Greed.REQUESTS);
        long three = honest(THREE);
        assertThat(bench.codes).containsOnlyKeys(other).containsEntry(other, Code.LIMIT);
        assertServed(three);
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUESTS", "OPENINGS"})
    void whoIsNewAndHasGonePaysNothing(Greed greed) {
        long left = bench.budget.left();
        long other = bench.client();
        take(other, greed);
        bench.registry.ended(other, true);
        assertThat(bench.budget.left()).isEqualTo(left);
        bench.registry.takeOverNow();
        assertThat(bench.budget.left()).isEqualTo(left);
    }
}
