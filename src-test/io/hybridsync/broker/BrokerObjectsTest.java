package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.AUTO;
import static io.hybridsync.broker.WaitBench.LOCKED;
import static io.hybridsync.broker.WaitBench.MUTEX;
import static io.hybridsync.broker.WaitBench.SEMAPHORE;
import static io.hybridsync.broker.WaitBench.outcome;
import static io.hybridsync.broker.WaitBench.taken;
import static io.hybridsync.broker.WaitBench.wanted;
import static io.hybridsync.broker.WaitBench.with;
import static io.hybridsync.object.EventRule.AWAIT_AUTO;
import static io.hybridsync.object.EventRule.NOT_WAITING;
import static io.hybridsync.object.EventRule.SET_AUTO;
import static io.hybridsync.object.EventRule.SET_MANUAL;
import static io.hybridsync.object.MutexRule.ABANDON;
import static io.hybridsync.object.MutexRule.LOCK;
import static io.hybridsync.object.MutexRule.OWNER_DIED;
import static io.hybridsync.object.MutexRule.RECOVER;
import static io.hybridsync.object.MutexRule.UNLOCK;
import static io.hybridsync.object.SemaphoreRule.ACQUIRE;
import static io.hybridsync.object.SemaphoreRule.DRAIN;
import static io.hybridsync.object.SemaphoreRule.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.ClaimState;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects whose words are the broker's own, and the turn of those who wait for fair ones. */
class BrokerObjectsTest {

    private static final Spec FAIR = with(SEMAPHORE, Spec.FAIR);

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();

    // Where they are

    @Test
    void theirWordIsInMemoryThatNobodyGets() {
        for (int attributes : new int[] {Spec.BROKER_ONLY, Spec.FAIR, Spec.FAIR | Spec.GLOBAL | Spec.COMPACT}) {
            String name = "a" + attributes;
            Message.Opened created = bench.open(one, Mode.CREATE, name, with(SEMAPHORE, attributes), false);
            Message.Opened opened = bench.open(two, Mode.OPEN, name, SEMAPHORE, false);
            assertThat(created.location()).isEqualTo(Location.BROKER);
            assertThat(opened.location()).isEqualTo(Location.BROKER);
            assertThat(bench.entry(created.object()).group()).isEmpty();
            assertThat(bench.entry(created.object()).hashValid()).isTrue();
        }
        assertThat(bench.bench.registry.slots()).isEqualTo(3);
        assertThat(bench.bench.out(one)).noneMatch(Slab.class::isInstance);
        assertThat(bench.bench.out(two)).noneMatch(Slab.class::isInstance);
        assertThat(bench.bench.notices(one)).isEmpty();
        assertThat(bench.bench.registry.groups()).isZero();
    }

    @Test
    void theirPlaceIsFreeWithTheLastHandleWhoeverLives() {
        long a = bench.create(one, "a", FAIR);
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.bench.registry.expel(one, "for a test");
        assertThat(bench.value(a)).isZero();
        bench.close(two, a);
        assertThat(bench.bench.registry.slots() + bench.bench.registry.objects()).isZero();
        assertThat(bench.bench.retired).as("clients keep it for the next broker").isEmpty();
    }

    @Test
    void aClaimForThemGetsNobodyTheirMemory() {
        long a = bench.create(one, "a", FAIR);
        bench.answers(one);
        bench.bench.say(one, new Message.Claim(5, a, new Location(7, 0, 1)));
        assertThat(bench.bench.out(one)).containsExactly(
                new Message.ClaimAnswer(5, ClaimState.CONFIRMED, Location.BROKER));
    }

    @Test
    void nobodyIsBelievedToHaveSeenTheirWord() {
        long a = bench.create(one, "a", FAIR);
        bench.bench.say(one, new Message.Corrupted(a, Location.BROKER, 4711));
        assertThat(bench.entry(a).corrupted()).isFalse();
    }

    @Test
    void theyDieAndAreMadeAgain() {
        long a = bench.create(one, "a", FAIR);
        bench.bench.kill(one);
        assertThat(bench.bench.registry.slots()).isZero();
        assertThat(bench.create(two, "a", FAIR)).isNotEqualTo(a);
    }

    // Operations

    @Test
    void operationsAnswerTheValueBeforeOrItsComplement() {
        long a = bench.create(one, "a", with(new Spec(Kind.SEMAPHORE, 3, 5, 0), Spec.BROKER_ONLY));
        assertThat(bench.operate(one, a, ACQUIRE, 2)).isEqualTo(3);
        assertThat(bench.operate(one, a, ACQUIRE, 2)).isEqualTo(~1L);
        assertThat(bench.operate(one, a, RELEASE, 5)).isEqualTo(~1L);
        assertThat(bench.operate(one, a, RELEASE, Integer.MAX_VALUE)).isEqualTo(~1L);
        assertThat(bench.operate(one, a, RELEASE, 0)).isEqualTo(1);
        assertThat(bench.operate(one, a, DRAIN, 0)).isEqualTo(1);
        assertThat(bench.operate(one, a, Rule.LOOK, 0)).isZero();
        assertThat(bench.operate(one, a, DRAIN, 0)).isEqualTo(~0L);

        long e = bench.create(one, "e", with(AUTO, Spec.BROKER_ONLY));
        assertThat(bench.operate(one, e, SET_AUTO, 0)).isZero();
        assertThat(bench.operate(one, e, AWAIT_AUTO, NOT_WAITING)).isEqualTo(1);
        assertThat(bench.value(e)).isZero();
    }

    @Test
    void mutexesAreOwnedByTheClient() {
        long m = bench.create(one, "m", with(MUTEX, Spec.BROKER_ONLY));
        int me = bench.id(one);
        assertThat(bench.operate(one, m, LOCK, me)).isZero();
        assertThat(bench.entry(m).ownerClient()).isEqualTo(me);
        assertThat(bench.operate(one, m, ABANDON, me)).isEqualTo(me);
        assertThat(bench.operate(one, m, LOCK, me)).isEqualTo(~(long) OWNER_DIED);
        assertThat(bench.operate(one, m, RECOVER, me)).isEqualTo(OWNER_DIED);
        assertThat(bench.operate(one, m, UNLOCK, me)).isEqualTo(me);
    }

    @Test
    void operationsThatMakeNoSenseAreRefused() {
        long shared = bench.create(one, "shared", SEMAPHORE);
        long a = bench.create(one, "a", FAIR);
        long m = bench.create(one, "m", with(MUTEX, Spec.FAIR));
        long e = bench.create(one, "e", with(AUTO, Spec.BROKER_ONLY));
        assertThat(code(bench.operate(one, shared, RELEASE.code(), 1))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(one, a, RELEASE.code(), -1))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(one, a, ACQUIRE.code(), 6))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(one, a, 9, 0))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(one, m, LOCK.code(), bench.id(two)))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(one, e, SET_MANUAL.code(), 0))).isEqualTo(Code.PROTOCOL);
        assertThat(code(bench.operate(two, a, RELEASE.code(), 1))).isEqualTo(Code.CLOSED);
        assertThat(List.of(bench.value(a), bench.value(m), bench.value(e))).containsExactly(0, 0, 0);
    }

    private static Code code(Message.Answer answer) {
        return ((Message.Failed) answer).code();
    }

    // Turns

    @Test
    void aFairSemaphoreServesInTurn() {
        long a = bench.create(one, "a", FAIR);
        bench.join(two, "a", Kind.SEMAPHORE);
        int large = bench.any(one, wanted(a, ACQUIRE, 3));
        int small = bench.any(two, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.answers(two);
        bench.operate(two, a, RELEASE, 2);
        assertThat(bench.answers(two)).as("behind who wants more").isEmpty();
        bench.operate(two, a, RELEASE, 2);
        assertThat(bench.answers(one)).containsExactly(taken(large, 0));
        assertThat(bench.answers(two)).containsExactly(taken(small, 0));
    }

    @Test
    void whoComesWhileOthersWaitIsQueuedThoughHeCouldBeSatisfied() {
        long a = bench.create(one, "a", with(new Spec(Kind.SEMAPHORE, 2, 5, 0), Spec.FAIR));
        bench.join(two, "a", Kind.SEMAPHORE);
        int large = bench.any(one, wanted(a, ACQUIRE, 3));
        int small = bench.any(two, wanted(a, ACQUIRE, 1));
        int multi = bench.any(two, wanted(a, ACQUIRE, 1), wanted(a, ACQUIRE, 2));
        bench.answers(one);
        assertThat(bench.answers(two)).noneMatch(Message.Awaited.class::isInstance);
        assertThat(bench.operate(two, a, ACQUIRE, 1)).as("a try barges").isEqualTo(2);
        bench.withdraw(one, large);
        assertThat(bench.answers(one)).containsExactly(outcome(large, WaitOutcome.WITHDRAWN, -1));
        assertThat(bench.answers(two)).as("the next is the first now").containsExactly(taken(small, 0));
        bench.operate(two, a, RELEASE, 1);
        assertThat(bench.answers(two)).containsExactly(taken(multi, 0));
    }

    @Test
    void theEndOfTheFirstLetsTheOthersGo() {
        long a = bench.create(one, "a", with(new Spec(Kind.SEMAPHORE, 1, 5, 0), Spec.FAIR));
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.any(one, wanted(a, ACQUIRE, 3));
        int small = bench.any(two, wanted(a, ACQUIRE, 1));
        bench.answers(two);
        bench.bench.kill(one);
        assertThat(bench.answers(two)).containsExactly(taken(small, 0));
    }

    @Test
    void theAlertOfTheFirstLetsTheOthersGo() {
        long a = bench.create(one, "a", with(new Spec(Kind.SEMAPHORE, 1, 5, 0), Spec.FAIR));
        long alert = bench.create(one, "alert", AUTO);
        bench.join(two, "a", Kind.SEMAPHORE);
        int large = bench.await(
                one, false, List.of(wanted(a, ACQUIRE, 3)), List.of(wanted(alert, AWAIT_AUTO, NOT_WAITING)));
        int small = bench.any(two, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.answers(two);
        bench.signal(one, alert, SET_AUTO, 0);
        assertThat(bench.answers(one)).containsExactly(outcome(large, WaitOutcome.ALERTED, -1));
        assertThat(bench.answers(two)).containsExactly(taken(small, 0));
    }

    @Test
    void aMultiWaitDoesNotHoldUpTheTurn() {
        long a = bench.create(one, "a", FAIR);
        long b = bench.create(one, "b", SEMAPHORE);
        int all = bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        int single = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.operate(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(single, 0));
        bench.signal(one, b, RELEASE, 1);
        bench.operate(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(all, 0));
    }

    @Test
    void allOfManyWaitsForItsTurnAtAFairObjectToo() {
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long a = bench.create(one, "a", with(new Spec(Kind.SEMAPHORE, 2, 5, 0), Spec.FAIR));
        int single = bench.any(one, wanted(a, ACQUIRE, 3));
        int all = bench.all(one, wanted(b, ACQUIRE, 1), wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.withdraw(one, single);
        assertThat(bench.answers(one)).contains(taken(all, 0));
    }

    @Test
    void aFairMutexGoesToTheNextInTurn() {
        long m = bench.create(one, "m", with(LOCKED, Spec.FAIR));
        bench.join(two, "m", Kind.MUTEX);
        long three = bench.client();
        bench.join(three, "m", Kind.MUTEX);
        int second = bench.any(two, wanted(m, LOCK, bench.id(two)));
        int third = bench.any(three, wanted(m, LOCK, bench.id(three)));
        bench.answers(two);
        bench.answers(three);
        bench.operate(one, m, UNLOCK, bench.id(one));
        assertThat(bench.answers(two)).containsExactly(taken(second, 0));
        bench.operate(two, m, UNLOCK, bench.id(two));
        assertThat(bench.answers(three)).containsExactly(taken(third, 0));
    }

    /** Nobody has that memory mapped but those who keep it for the next broker. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsOverwrittenMeanwhileIsCorrupted(int access) {
        for (int rule : new int[] {ACQUIRE.code(), Rule.LOOK.code()}) {
            BrokerObjectsTest test = new BrokerObjectsTest();
            test.operatedWhileOverwrittenAt(access, rule);
        }
    }

    private void operatedWhileOverwrittenAt(int access, int rule) {
        Message.Opened opened = bench.open(one, Mode.CREATE, "a", FAIR, false);
        HeapSlabs memory = bench.bench.memory;
        Cell word = memory.cell(opened.home());
        int[] accesses = new int[1];
        memory.beforeAccess(() -> {
            if (++accesses[0] == access) {
                memory.unobserved(() -> word.store(4711));
            }
        });
        Message.Answer answer = bench.operate(one, opened.object(), rule, 1);
        assertThat(answer).isInstanceOfSatisfying(Message.FailedCorrupted.class, failed ->
                assertThat(failed.word()).isEqualTo(4711));
        assertThat(bench.bench.log).anyMatch(line -> line.contains("\"a\" is corrupted"));
    }

    /** Who was told has it, whatever becomes of the word: nobody else gets it. */
    @Test
    void whatIsOverwrittenWhileItIsToldIsCorrupted() {
        Message.Opened opened = bench.open(one, Mode.CREATE, "a", with(new Spec(Kind.SEMAPHORE, 3, 5, 0), Spec.FAIR), false);
        bench.bench.beforeTelling = () -> bench.bench.memory.cell(opened.home()).store(4711);
        assertThat(bench.operate(one, opened.object(), ACQUIRE, 1)).isEqualTo(3);
        assertThat(bench.bench.log).anyMatch(line -> line.contains("\"a\" is corrupted"));
    }
}
