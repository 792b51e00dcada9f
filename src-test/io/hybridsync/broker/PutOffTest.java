package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked while a broker takes over: it comes afterwards, and waits keep the places that they had. */
class PutOffTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final int REQUEST = 10;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final int SLAB_BYTES = 4096;
    private static final Location HOME = new Location(BEFORE + 1, 64, 1);
    private static final long OBJECT = BEFORE + 1;
    private static final Spec SPEC = new Spec(Kind.SEMAPHORE, 0, 5, Spec.BROKER_ONLY);

    private final Bench bench = new Bench(Options.defaults(), List.of(ONE, TWO, THREE));

    @BeforeEach
    void theBrokerBeforeHasASemaphoreWithoutPermits() {
        bench.memory.create(HOME.slab(), SLAB_BYTES);
        bench.memory.cell(HOME).store(Word.pack(HOME.base(), 0, 0));
    }

    private long resumed(int id) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.take(connection)).isInstanceOf(Message.Welcome.class);
        bench.say(connection, new Message.Hand(Memory.OWN, HOME.slab(), SLAB_BYTES));
        bench.say(connection, new Message.HandObject(
                OBJECT, "s", SPEC, new Token(9, 1), Location.BROKER, HOME, false, true, false, 0, 0, List.of()));
        return connection;
    }

    /** A client of which a wait had that place. */
    private long waiting(int id, long ticket) {
        long connection = resumed(id);
        bench.say(connection, new Message.HandTicket(REQUEST, ticket));
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    private static Message.Await acquire() {
        return new Message.Await(
                REQUEST, false, List.of(new Wanted(OBJECT, SemaphoreRule.ACQUIRE.code(), 1)), List.of());
    }

    private long handedOver(int id) {
        long connection = resumed(id);
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    private boolean isAnswered(long connection) {
        return bench.out(connection).stream().anyMatch(Message.Awaited.class::isInstance);
    }

    /** One permit for each of them, one after the other: each time the next one has it, and nobody else. */
    private void assertTurns(long releaser, long... order) {
        assertThat(bench.registry.isTakingOver()).isFalse();
        for (int next = 0; next < order.length; next++) {
            bench.say(releaser, new Message.Operate(REQUEST + next, OBJECT, SemaphoreRule.RELEASE.code(), 1));
            for (int i = 0; i < order.length; i++) {
                assertThat(isAnswered(order[i])).as("%d after %d permits", i, next + 1).isEqualTo(i <= next);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 4", "70000000000, 4"})
    void waitsHaveTheTurnsThatTheyHadWhoeverAsksFirst(long first, long second) {
        long three = handedOver(THREE);
        long one = waiting(ONE, first);
        long two = waiting(TWO, second);
        bench.say(one, acquire());
        bench.say(two, acquire());
        assertTurns(three, two, one);
    }

    /** A permit was released while nobody could be told. */
    @Test
    void whatIsThereIsTheFirstOnesWhoeverAsksFirst() {
        bench.memory.cell(HOME).store(Word.pack(HOME.base(), 1, 0));
        long newcomer = bench.client();
        bench.say(newcomer, new Message.Open(1, Mode.OPEN, SPEC.kind(), "s", SPEC, false));
        bench.say(newcomer, acquire());
        long _ = handedOver(THREE);
        long one = waiting(ONE, 9);
        long two = waiting(TWO, 4);
        bench.say(one, acquire());
        bench.say(two, acquire());
        assertThat(List.of(one, two, newcomer)).filteredOn(this::isAnswered).containsExactly(two);
    }

    /** It is what it says to the next broker. What is over at once has had none, nor has what is in no order. */
    @Test
    void whoWaitsInSomeOrderIsToldItsPlace() {
        WaitBench fair = new WaitBench(Options.defaults());
        long client = fair.client();
        long object = fair.create(client, "s", new Spec(Kind.SEMAPHORE, 1, 5, Spec.FAIR));
        long other = fair.create(client, "t", new Spec(Kind.SEMAPHORE, 0, 5, 0));
        Wanted wanted = new Wanted(object, SemaphoreRule.ACQUIRE.code(), 1);
        int first = fair.any(client, wanted);
        int _ = fair.any(client, new Wanted(other, SemaphoreRule.ACQUIRE.code(), 1));
        int second = fair.any(client, wanted);
        int third = fair.any(client, wanted);
        List<Message.Queued> told = fair.bench.out(client).stream()
                .filter(Message.Queued.class::isInstance)
                .map(Message.Queued.class::cast)
                .toList();
        assertThat(told).extracting(Message.Queued::request).containsExactly(second, third).doesNotContain(first);
        assertThat(told.getFirst().ticket()).isPositive().isLessThan(told.getLast().ticket());
    }

    /** Who has come since has asked before they could. */
    @Test
    void whoHasHadNoPlaceIsBehindThoseWhoHad() {
        long newcomer = bench.client();
        bench.say(newcomer, new Message.Open(1, Mode.OPEN, SPEC.kind(), "s", SPEC, false));
        bench.say(newcomer, acquire());
        long three = handedOver(THREE);
        long one = waiting(ONE, 9);
        long two = waiting(TWO, 4);
        bench.say(one, acquire());
        bench.say(two, acquire());
        assertTurns(three, two, one, newcomer);
    }

    @Test
    void ofTwoWhoSayThatTheyHadOnePlaceTheOlderIsFirst() {
        long three = handedOver(THREE);
        long two = waiting(TWO, 4);
        long one = waiting(ONE, 4);
        bench.say(two, acquire());
        bench.say(one, acquire());
        assertTurns(three, one, two);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasHadAPlaceIsWaitedForUntilItAsksAgainOrSaysThatItWillNot(boolean asks) {
        long _ = handedOver(TWO);
        long _ = handedOver(THREE);
        long one = waiting(ONE, 4);
        assertThat(bench.registry.isTakingOver()).isTrue();
        bench.say(one, asks ? acquire() : new Message.Withdraw(REQUEST));
        assertThat(bench.registry.isTakingOver()).isFalse();
    }

    @Test
    void thatItAsksForSomethingElseIsNotEnough() {
        long _ = handedOver(TWO);
        long _ = handedOver(THREE);
        long one = resumed(ONE);
        bench.say(one, new Message.HandTicket(REQUEST + 1, 5));
        bench.say(one, new Message.HandTicket(REQUEST, 4));
        bench.say(one, new Message.HandedOver());
        bench.say(one, acquire());
        assertThat(bench.registry.isTakingOver()).isTrue();
        bench.say(one, new Message.Withdraw(REQUEST + 1));
        assertThat(bench.registry.isTakingOver()).isFalse();
    }

    @Test
    void whoGoesTakesNobodysPlaceAlong() {
        long two = waiting(TWO, 4);
        bench.say(two, acquire());
        long left = bench.budget.left();
        long one = waiting(ONE, 3);
        bench.say(one, acquire());
        bench.registry.ended(one, false);
        assertThat(bench.budget.left()).as("what the others have asked is paid for").isEqualTo(left);
        long again = waiting(ONE, 9);
        bench.say(again, acquire());
        assertTurns(handedOver(THREE), two, again);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoseConnectionHasEndedIsWaitedForUnlessItIsDead(boolean dead) {
        long one = handedOver(ONE);
        long _ = handedOver(TWO);
        bench.registry.ended(one, dead);
        long _ = handedOver(THREE);
        assertThat(bench.registry.isTakingOver()).isEqualTo(!dead);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 62, Long.MAX_VALUE})
    void aPlaceThatThereNeverWasIsRefused(long ticket) {
        long one = waiting(ONE, ticket);
        assertThat(bench.codes).containsOnlyKeys(one).containsEntry(one, Code.PROTOCOL);
    }

    @ParameterizedTest
    @CsvSource({"0, LOST", "-1, LOST", "6, ", "7, LOST"})
    void whoCanHaveBeenThereBeforeIsOneOfThoseUpToTheLast(int id, Code refusal) {
        bench.alive.add(THREE + 1);
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(bench.codes.get(connection)).isEqualTo(refusal);
    }

    /** Or it could make this broker keep as many as it likes. */
    @Test
    void whatIsAskedAndHandedOverIsPaidForUntilAllIsTakenOver() {
        long _ = handedOver(TWO);
        long _ = handedOver(THREE);
        long one = resumed(ONE);
        long before = bench.budget.left();
        bench.say(one, new Message.HandSignal(REQUEST + 1, OBJECT, "c"));
        assertThat(before - bench.budget.left()).isEqualTo(Budget.ofTicket("c"));
        long newcomer = bench.client();
        bench.say(newcomer, new Message.Sync(1));
        assertThat(before - bench.budget.left()).isEqualTo(Budget.ofTicket("c") + Budget.ofMessage(new Message.Sync(1)));
        bench.say(one, new Message.HandedOver());
        assertThat(bench.registry.isTakingOver()).isFalse();
        bench.registry.ended(newcomer, true);
        List.of(ONE, TWO, THREE).forEach(bench.alive::remove);
        for (long connection = 1; connection <= newcomer; connection++) {
            bench.registry.ended(connection, true);
        }
        bench.requireNothing(Options.defaults().heapBytes());
    }

    @Test
    void whoIsRefusedForOneThingHasAskedForNothingElse() {
        long one = handedOver(ONE);
        bench.say(one, new Message.Alive());
        bench.say(one, new Message.Open(REQUEST, Mode.CREATE, Kind.SEMAPHORE, "t", SPEC, false));
        handedOver(TWO);
        handedOver(THREE);
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.codes).containsOnlyKeys(one).containsEntry(one, Code.PROTOCOL);
        assertThat(bench.registry.objects()).as("that of all").isEqualTo(1);
    }

    /** Who has come later has what is released later. */
    @Test
    void whoHasAskedFirstIsLookedAtFirst() {
        long one = handedOver(ONE);
        long two = handedOver(TWO);
        bench.say(one, acquire());
        bench.say(two, new Message.Operate(REQUEST + 1, OBJECT, SemaphoreRule.RELEASE.code(), 1));
        bench.say(two, acquire());
        handedOver(THREE);
        assertThat(isAnswered(one)).isTrue();
        assertThat(isAnswered(two)).isFalse();
    }

    /** It was not in time, and has its place nevertheless. */
    @Test
    void whoAsksAgainAfterTheTakeOverHasThePlaceThatItHad() {
        long one = waiting(ONE, 9);
        bench.say(one, acquire());
        long two = waiting(TWO, 4);
        long three = handedOver(THREE);
        assertThat(bench.registry.isTakingOver()).as("that of the second is missing").isTrue();
        bench.registry.takeOverNow();
        bench.say(two, acquire());
        assertTurns(three, two, one);
    }
}
