package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.taken;
import static io.hybridsync.broker.WaitBench.wanted;
import static io.hybridsync.broker.WaitBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Ledger;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Permits of clients that have gone, by what the ledgers of the others say. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LeasesTest {

    private static final Spec FIVE = new Spec(Kind.SEMAPHORE, 5, 9, Spec.LEASED);

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();
    private final long three = bench.client();
    private final Slab first = hand(one, 1);
    private final Slab second = hand(two, 1);
    private final Slab third = hand(three, 1);

    private Slab hand(long client, long number) {
        bench.bench.say(client, new Message.Hand(Memory.LEDGER, number, 4096));
        return bench.bench.ledgers.getLast();
    }

    /** An entry of a client says so. */
    private static void write(Slab ledger, int entry, long object, int held, int inflight) {
        ledger.cell(entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(object);
        ledger.cell(entry * Ledger.ENTRY_BYTES + Ledger.WORD).store((long) held << 32 | inflight);
    }

    /** All three have it open; the second and the third hold one each, and there is no permit left. */
    private long shared(int attributes) {
        long s = bench.create(one, "s", with(FIVE, attributes));
        bench.join(two, "s", Kind.SEMAPHORE);
        bench.join(three, "s", Kind.SEMAPHORE);
        bench.write(s, SemaphoreRule.ACQUIRE, 5);
        write(first, 0, s, 4, 0);
        write(first, 1, s, -1, 0);
        write(second, 2, s, 1, 0);
        write(second, 3, s, 0, 0);
        write(third, 4, s, 2, 0);
        write(third, 5, s, -1, 0);
        return s;
    }

    @Test
    void whatTheDeadHeldComesBackAndNothingElse() {
        for (int attributes : new int[] {0, Spec.GLOBAL, Spec.COMPACT}) {
            LeasesTest test = new LeasesTest();
            long s = test.shared(attributes);
            test.bench.bench.memory.wakes().clear();
            test.bench.bench.kill(test.one);
            assertThat(test.bench.value(s)).isEqualTo(3);
            assertThat(test.bench.bench.memory.wakes()).anyMatch(wake -> wake.endsWith("DATA"));
            test.bench.bench.kill(test.two);
            assertThat(test.bench.value(s)).isEqualTo(4);
            assertThat(test.bench.entry(s).flags()).isZero();
        }
    }

    @Test
    void whoClosesItGivesBackWhatHeHolds() {
        long s = shared(0);
        bench.close(one, s);
        assertThat(bench.value(s)).isEqualTo(3);
        bench.bench.say(two, new Message.Leave(1));
        assertThat(bench.value(s)).isEqualTo(4);
    }

    /** Where the word does not move, at once and when it can be known later. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whoWaitsAtTheBrokerGetsWhatComesBack(int inflight) {
        long s = shared(Spec.GLOBAL);
        write(third, 5, s, -1, inflight);
        int wait = bench.any(two, wanted(s, SemaphoreRule.ACQUIRE, 3));
        bench.bench.kill(one);
        write(third, 5, s, -1, 0);
        bench.bench.pass();
        assertThat(bench.answers(two)).containsExactly(taken(wait, 0));
        assertThat(bench.value(s)).isZero();
    }

    @Test
    void whoOpensItAgainHoldsNothing() {
        long s = shared(0);
        bench.close(one, s);
        write(first, 0, s, 0, 0);
        write(first, 1, s, 0, 0);
        bench.join(one, "s", Kind.SEMAPHORE);
        bench.bench.kill(two);
        assertThat(bench.value(s)).isEqualTo(4);
    }

    /** What was taken for it here, too, also where it could not be settled in between. */
    @Test
    void whoOpensItAgainBeforeItIsSettledHoldsNothing() {
        long s = bench.create(one, "s", with(FIVE, Spec.GLOBAL));
        bench.join(two, "s", Kind.SEMAPHORE);
        bench.any(one, wanted(s, SemaphoreRule.ACQUIRE, 2));
        assertThat(bench.value(s)).isEqualTo(3);
        write(second, 0, s, 0, 0);
        write(second, 1, s, 0, 1);
        bench.close(one, s);
        bench.join(one, "s", Kind.SEMAPHORE);
        assertThat(bench.value(s)).isEqualTo(3);
        write(second, 1, s, 0, 0);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(5);
    }

    /** Who says that he has closed it writes there no more. */
    @Test
    void whoClosesItGivesItBackThoughTheWordCannotMove() {
        long s = shared(0);
        bench.bench.full.add(two);
        bench.close(one, s);
        assertThat(bench.entry(s).group()).contains(bench.id(one));
        assertThat(bench.value(s)).isEqualTo(3);
    }

    @Test
    void aSemaphoreWithoutLeasesKeepsThemTaken() {
        long s = bench.create(one, "s", new Spec(Kind.SEMAPHORE, 5, 9, 0));
        bench.join(two, "s", Kind.SEMAPHORE);
        bench.write(s, SemaphoreRule.ACQUIRE, 5);
        bench.bench.kill(two);
        assertThat(bench.value(s)).isZero();
    }

    @Test
    void whoIsInTheMiddleOfAnOperationIsWaitedFor() {
        long s = shared(0);
        write(third, 5, s, -1, 1);
        bench.bench.kill(one);
        assertThat(bench.value(s)).isZero();
        assertThat(bench.entry(s).flags()).as("nobody is kept from it").isZero();
        bench.bench.pass();
        assertThat(bench.value(s)).isZero();
        bench.write(s, SemaphoreRule.RELEASE, 1);
        write(third, 5, s, -2, 0);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(4);
        assertThat(bench.bench.delayed).isEmpty();
    }

    @Test
    void whoDiesInTheMiddleOfAnOperationIsNotWaitedFor() {
        long s = shared(0);
        write(third, 5, s, -1, 1);
        bench.bench.kill(one);
        bench.bench.kill(three);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(4);
    }

    @Test
    void whatIsBusyIsSettledLater() {
        long s = shared(Spec.GLOBAL);
        bench.bench.memory.lose(bench.entry(s).location(), 1_000_000);
        bench.bench.kill(one);
        bench.bench.memory.lose(bench.entry(s).location(), 0);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(3);
    }

    @Test
    void whoLosesItsConnectionAndLivesKeepsItUntilTheWordHasMoved() {
        long s = shared(0);
        bench.bench.full.add(two);
        bench.bench.registry.ended(one, false);
        assertThat(bench.value(s)).isZero();
        bench.bench.full.clear();
        bench.bench.registry.roomAgain();
        assertThat(bench.value(s)).isEqualTo(3);
    }

    @Test
    void inMemoryOfTheDomainItKeepsItUntilItIsDead() {
        long s = shared(Spec.GLOBAL);
        int id = bench.id(one);
        bench.bench.registry.ended(one, false);
        assertThat(bench.value(s)).isZero();
        bench.bench.kill(two);
        assertThat(bench.value(s)).as("it still counts").isEqualTo(1);
        bench.bench.registry.died(id);
        assertThat(bench.value(s)).isEqualTo(4);
    }

    @Test
    void whatTheBrokerTakesForAClientCounts() {
        long s = bench.create(one, "s", FIVE);
        bench.join(two, "s", Kind.SEMAPHORE);
        long t = bench.create(two, "t", new Spec(Kind.SEMAPHORE, 1, 1, 0));
        int wait = bench.all(two, wanted(s, SemaphoreRule.ACQUIRE, 2), wanted(t, SemaphoreRule.ACQUIRE, 1));
        assertThat(bench.answers(two)).containsExactly(taken(wait, 0));
        wait = bench.any(one, wanted(s, SemaphoreRule.ACQUIRE, 1));
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        bench.write(s, SemaphoreRule.RELEASE, 1);
        write(second, 0, s, 0, 0);
        write(second, 1, s, -1, 0);
        assertThat(bench.value(s)).isEqualTo(3);
        bench.bench.kill(one);
        assertThat(bench.value(s)).as("the other holds one").isEqualTo(4);
    }

    @Test
    void atTheBrokerOnlyWhoHoldsItReleasesIt() {
        for (int attributes : new int[] {Spec.BROKER_ONLY, Spec.FAIR}) {
            LeasesTest test = new LeasesTest();
            long s = test.bench.create(test.one, "s", with(FIVE, attributes));
            test.bench.join(test.two, "s", Kind.SEMAPHORE);
            assertThat(test.operate(test.one, s, SemaphoreRule.RELEASE, 1)).isEqualTo(Code.NOT_HELD);
            assertThat(test.operate(test.one, s, SemaphoreRule.ACQUIRE, 2)).isEqualTo(5L);
            assertThat(test.operate(test.two, s, SemaphoreRule.DRAIN, 0)).isEqualTo(3L);
            assertThat(test.operate(test.one, s, SemaphoreRule.RELEASE, 3)).isEqualTo(Code.NOT_HELD);
            assertThat(test.operate(test.one, s, SemaphoreRule.RELEASE, 0)).isEqualTo(0L);
            assertThat(test.operate(test.one, s, SemaphoreRule.RELEASE, 1)).isEqualTo(0L);
            assertThat(test.operate(test.one, s, SemaphoreRule.RELEASE, 2)).isEqualTo(Code.NOT_HELD);
            int wait = test.bench.any(test.two, wanted(s, SemaphoreRule.ACQUIRE, 2));
            test.bench.bench.kill(test.one);
            assertThat(test.bench.answers(test.two)).as("what came back goes to who waits").containsExactly(taken(wait, 0));
            assertThat(test.operate(test.two, s, SemaphoreRule.RELEASE, 5)).isEqualTo(0L);
            assertThat(test.bench.value(s)).isEqualTo(5);
        }
    }

    /** The next broker has to know it where this one dies before the client can have heard of it. */
    @Test
    void whatIsTakenAtTheBrokerIsNotedWithThePromise() {
        List<Journal.Permits> noted = new ArrayList<>();
        bench.bench.beforeTelling = () ->
                noted.addAll(Objects.requireNonNull(Journal.read(bench.bench.memory.journal())).permits());
        long leased = bench.create(one, "", with(FIVE, Spec.BROKER_ONLY));
        long other = bench.create(one, "", new Spec(Kind.SEMAPHORE, 5, 9, Spec.BROKER_ONLY));
        for (long object : new long[] {leased, other}) {
            operate(one, object, SemaphoreRule.ACQUIRE, 2);
            operate(one, object, SemaphoreRule.RELEASE, 1);
            operate(one, object, SemaphoreRule.DRAIN, 0);
        }
        assertThat(noted).containsExactly(
                new Journal.Permits(leased, 2), new Journal.Permits(leased, -1), new Journal.Permits(leased, 4));
        noted.clear();
        long another = bench.create(one, "", FIVE);
        bench.any(one, wanted(leased, SemaphoreRule.ACQUIRE, 1), wanted(another, SemaphoreRule.ACQUIRE, 2));
        assertThat(noted).containsExactly(new Journal.Permits(another, 2));
        assertThat(bench.answers(one)).isNotEmpty();
        operate(one, leased, SemaphoreRule.RELEASE, 1);
        noted.clear();
        bench.all(one, wanted(leased, SemaphoreRule.ACQUIRE, 1), wanted(another, SemaphoreRule.ACQUIRE, 2));
        assertThat(noted).containsExactlyInAnyOrder(new Journal.Permits(leased, 1), new Journal.Permits(another, 2));
    }

    private Object operate(long client, long object, SemaphoreRule rule, int argument) {
        bench.bench.say(client, new Message.Operate(7, object, rule.code(), argument));
        return switch (bench.answers(client).getFirst()) {
            case Message.Operated operated -> operated.result();
            case Message.Failed failed -> failed.code();
            default -> throw new AssertionError("no answer to an operation");
        };
    }

    @Test
    void aLedgerThatClaimsMoreThanThereIsCorruptsTheObject() {
        for (int held : new int[] {6, -3, Integer.MIN_VALUE}) {
            LeasesTest test = new LeasesTest();
            long s = test.shared(0);
            write(test.second, 2, s, held, 0);
            test.bench.bench.kill(test.one);
            assertThat(test.bench.entry(s).corrupted()).isTrue();
            assertThat(test.bench.bench.log)
                    .anyMatch(line -> line.contains("client " + test.bench.id(test.two) + " says " + held));
        }
    }

    @Test
    void aWordThatIsBadIsNotSettled() {
        long s = shared(0);
        Location place = bench.entry(s).location();
        bench.bench.memory.cell(place).store(Word.pack(place.base(), 5, 0) + 1);
        bench.bench.kill(one);
        assertThat(bench.entry(s).corrupted()).isTrue();
    }

    @Test
    void aWordThatIsOverwrittenWhileItIsSettledIsCorrupted() {
        long s = shared(Spec.GLOBAL);
        write(third, 5, s, -1, 1);
        bench.bench.kill(one);
        write(third, 5, s, -1, 0);
        HeapSlabs memory = bench.bench.memory;
        Cell word = memory.cell(bench.entry(s).location());
        memory.beforeAccess(() -> memory.unobserved(() -> {
            if ((Word.flags(word.load()) & Word.LOCKED) != 0) {
                word.store(4711);
            }
        }));
        bench.bench.pass();
        assertThat(bench.bench.log).anyMatch(line -> line.contains("\"s\" is corrupted"));
    }

    @Test
    void aLedgerThatGrowsOrComesAgainCounts() {
        long s = shared(0);
        Slab more = hand(two, 2);
        write(second, 2, 0, 0, 0);
        write(second, 3, 0, 0, 0);
        write(more, 8, s, 1, 0);
        write(more, 9, s, 1, 0);
        bench.bench.kill(one);
        assertThat(bench.value(s)).isEqualTo(2);
        Slab again = hand(two, 2);
        write(again, 0, s, 1, 0);
        write(again, 1, s, 3, 0);
        bench.bench.kill(three);
        assertThat(bench.value(s)).isEqualTo(1);
        assertThat(bench.bench.ledgers).doesNotContain(more);
    }

    @Test
    void theLedgersOfTheDeadAreGivenBack() {
        bench.bench.kill(one);
        assertThat(bench.bench.ledgers).containsExactly(second, third);
    }

    @Test
    void whoHandsItIsToldWhetherThereIsRoom() {
        bench.bench.say(one, new Message.Sync(1));
        bench.bench.ledgersLeft = 0;
        bench.bench.say(one, new Message.Hand(Memory.LEDGER, 2, 4096));
        bench.bench.say(one, new Message.Sync(2));
        bench.bench.say(one, new Message.Sync(3));
        List<Message.Answer> answers = bench.answers(one);
        assertThat(answers.get(0)).isEqualTo(new Message.Done(1));
        assertThat(((Message.Failed) answers.get(1)).code()).isEqualTo(Code.LIMIT);
        assertThat(answers.get(2)).isEqualTo(new Message.Done(3));
    }

    @Test
    void whoHandsTooMuchOrSomethingElseIsExpelled() {
        bench.bench.say(one, new Message.Hand(Memory.LEDGER, 2, 64 << 20));
        for (int number = 1; number <= 70; number++) {
            bench.bench.say(two, new Message.Hand(Memory.LEDGER, number, 4096));
        }
        bench.bench.say(three, new Message.Hand(Memory.SLAB, 1, 4096));
        assertThat(bench.bench.refused).containsKeys(one, two, three);
        for (int size : new int[] {0, 2048, 3 * 4096, Integer.MIN_VALUE}) {
            long odd = bench.client();
            bench.bench.say(odd, new Message.Hand(Memory.LEDGER, 1, size));
            assertThat(bench.bench.refused).containsKey(odd);
        }
    }

    /** What was taken for a client, and where it says what it holds. */
    @Test
    void nothingIsKeptOfObjectsThatAreGoneOrClosed() {
        for (int attributes : new int[] {0, Spec.BROKER_ONLY}) {
            long s = bench.create(one, "", with(FIVE, attributes));
            bench.any(one, wanted(s, SemaphoreRule.ACQUIRE, 1));
            assertThat(bench.answers(one)).isNotEmpty();
            assertThat(bench.bench.registry.leases()).isPositive();
            bench.close(one, s);
            assertThat(bench.bench.registry.leases()).isZero();
        }
        long s = shared(0);
        bench.bench.full.add(two);
        bench.bench.registry.ended(one, false);
        bench.bench.full.clear();
        bench.bench.registry.roomAgain();
        assertThat(bench.value(s)).isEqualTo(3);
        assertThat(bench.bench.registry.leases()).as("the object and two entries, for each of the others").isEqualTo(6);
        bench.close(two, s);
        bench.close(three, s);
        assertThat(bench.bench.registry.leases()).isZero();
    }

    @Test
    void anObjectThatIsGoneIsForgotten() {
        long s = shared(0);
        write(third, 5, s, -1, 1);
        bench.bench.kill(one);
        bench.bench.kill(two);
        bench.bench.kill(three);
        bench.bench.pass();
        assertThat(bench.bench.delayed).isEmpty();
        assertThat(bench.bench.open(bench.client(), Mode.OPEN, "s", FIVE)).isInstanceOf(Message.Failed.class);
    }
}
