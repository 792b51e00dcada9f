package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.AUTO;
import static io.hybridsync.broker.WaitBench.LOCKED;
import static io.hybridsync.broker.WaitBench.MANUAL;
import static io.hybridsync.broker.WaitBench.MUTEX;
import static io.hybridsync.broker.WaitBench.SEMAPHORE;
import static io.hybridsync.broker.WaitBench.outcome;
import static io.hybridsync.broker.WaitBench.taken;
import static io.hybridsync.broker.WaitBench.wanted;
import static io.hybridsync.broker.WaitBench.with;
import static io.hybridsync.object.EventRule.AWAIT_AUTO;
import static io.hybridsync.object.EventRule.AWAIT_MANUAL;
import static io.hybridsync.object.EventRule.NOT_WAITING;
import static io.hybridsync.object.EventRule.PULSE_AUTO;
import static io.hybridsync.object.EventRule.PULSE_MANUAL;
import static io.hybridsync.object.EventRule.RESET;
import static io.hybridsync.object.EventRule.SET_AUTO;
import static io.hybridsync.object.EventRule.SET_MANUAL;
import static io.hybridsync.object.MutexRule.ADOPT;
import static io.hybridsync.object.MutexRule.LOCK;
import static io.hybridsync.object.MutexRule.OWNER_DIED;
import static io.hybridsync.object.MutexRule.UNLOCK;
import static io.hybridsync.object.SemaphoreRule.ACQUIRE;
import static io.hybridsync.object.SemaphoreRule.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waits at the broker: who is answered when, and what the words say meanwhile. */
class WaitsTest {

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();

    // Any of many

    @Test
    void theFirstThatIsThereIsTaken() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 2, 5, 0));
        long c = bench.create(one, "c", new Spec(Kind.SEMAPHORE, 2, 5, 0));
        int wait = bench.any(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 2), wanted(c, ACQUIRE, 1));
        assertThat(bench.answers(one)).contains(taken(wait, 1));
        assertThat(List.of(bench.value(a), bench.value(b), bench.value(c))).containsExactly(0, 0, 2);
        assertThat(bench.isSubscribed(a)).as("nobody waits any more").isFalse();
    }

    @Test
    void whatIsNotThereIsWaitedForAndTheSignalIsTold() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", AUTO);
        int wait = bench.any(one, wanted(a, ACQUIRE, 2), wanted(b, AWAIT_AUTO, NOT_WAITING));
        bench.join(two, "a", Kind.SEMAPHORE);
        assertThat(bench.isSubscribed(a) && bench.isSubscribed(b)).isTrue();
        bench.answers(one);

        bench.signal(two, a, RELEASE, 1);
        assertThat(bench.answers(one)).isEmpty();
        bench.signal(two, a, RELEASE, 2);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(bench.value(a)).isEqualTo(1);
        assertThat(bench.isSubscribed(a) || bench.isSubscribed(b)).isFalse();
    }

    @Test
    void aWithdrawnWaitIsAnsweredOnceAndTakesNothing() {
        long a = bench.create(one, "a", SEMAPHORE);
        bench.answers(one);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.withdraw(one, wait);
        bench.withdraw(one, wait);
        bench.withdraw(one, 4711);
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(outcome(wait, WaitOutcome.WITHDRAWN, -1));
        assertThat(bench.value(a)).isEqualTo(1);
        assertThat(bench.isSubscribed(a)).isFalse();
    }

    @Test
    void wakeBrokerStaysUntilTheLastWaitEnds() {
        long a = bench.create(one, "a", SEMAPHORE);
        int first = bench.any(one, wanted(a, ACQUIRE, 1));
        int second = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.withdraw(one, first);
        assertThat(bench.isSubscribed(a)).isTrue();
        bench.withdraw(one, second);
        assertThat(bench.isSubscribed(a)).isFalse();
    }

    @Test
    void theSameObjectTwiceIsOneUnit() {
        long a = bench.create(one, "a", SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 3), wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.signal(one, a, RELEASE, 2);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 1));
        assertThat(bench.value(a)).isEqualTo(1);
        assertThat(bench.isSubscribed(a)).isFalse();
    }

    @Test
    void ofSeveralThatWereSignaledTheLowestIsTakenWhicheverIsTold() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        bench.answers(one);
        bench.write(a, RELEASE, 1);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(bench.value(b)).isEqualTo(1);
    }

    @Test
    void whoCannotBeSatisfiedIsPassedOver() {
        long a = bench.create(one, "a", SEMAPHORE);
        int large = bench.any(one, wanted(a, ACQUIRE, 3));
        int small = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(small, 0));
        bench.signal(one, a, RELEASE, 3);
        assertThat(bench.answers(one)).containsExactly(taken(large, 0));
    }

    @Test
    void whoDoesNotFindHisSignalDoesNotKeepTheOthersFromLooking() {
        long a = bench.create(one, "a", SEMAPHORE);
        List<Integer> waits = List.of(
                bench.any(one, wanted(a, ACQUIRE, 1)), bench.any(one, wanted(a, ACQUIRE, 1)),
                bench.any(one, wanted(a, ACQUIRE, 1)));
        bench.answers(one);
        bench.signal(one, a, RELEASE, 2);
        assertThat(bench.answers(one)).containsExactly(taken(waits.get(0), 0), taken(waits.get(1), 0));
        assertThat(bench.isSubscribed(a)).isTrue();
    }

    @Test
    void waitersOfClientsAreKeptInTheWord() {
        long a = bench.create(one, "a", SEMAPHORE);
        Location place = bench.entry(a).location();
        bench.bench.memory.cell(place).store(Word.pack(place.base(), 1 | Word.WAITERS, 0));
        bench.any(one, wanted(a, ACQUIRE, 1));
        bench.any(one, wanted(a, ACQUIRE, 1));
        assertThat(bench.bench.memory.cell(place).load())
                .isEqualTo(Word.pack(place.base(), Word.WAITERS, Word.WAKE_BROKER));
    }

    @Test
    void aMoveTakesTheSubscriptionAlong() {
        long a = bench.create(one, "a", SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.join(two, "a", Kind.SEMAPHORE);
        assertThat(bench.isSubscribed(a)).isTrue();
        bench.answers(one);
        bench.close(two, a);
        assertThat(bench.isSubscribed(a)).isTrue();
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
    }

    // The alert

    @Test
    void theAlertEndsAWaitAndNothingIsTaken() {
        long a = bench.create(one, "a", SEMAPHORE);
        long alert = bench.create(one, "alert", AUTO);
        int wait = bench.await(
                one, false, List.of(wanted(a, ACQUIRE, 1)), List.of(wanted(alert, AWAIT_AUTO, NOT_WAITING)));
        bench.answers(one);
        bench.signal(one, alert, PULSE_AUTO, 0);
        assertThat(bench.answers(one)).containsExactly(outcome(wait, WaitOutcome.ALERTED, -1));
        assertThat(bench.isSubscribed(a) || bench.isSubscribed(alert)).isFalse();
    }

    @Test
    void anObjectThatIsThereWinsAgainstTheAlert() {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long alert = bench.create(one, "alert", new Spec(Kind.EVENT, 1, 1, Spec.AUTO_RESET));
        bench.answers(one);
        List<Wanted> alerted = List.of(wanted(alert, AWAIT_AUTO, NOT_WAITING));
        List<Wanted> both = List.of(wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        int all = bench.await(one, true, both, alerted);
        int none = bench.await(one, true, both, alerted);
        assertThat(bench.answers(one)).containsExactly(taken(all, 0), outcome(none, WaitOutcome.ALERTED, -1));
        assertThat(bench.value(alert) & 1).isZero();
        assertThat(bench.isSubscribed(a)).isFalse();
    }

    @Test
    void thePulseOfAnAlertCountsFromTheClientsFirstLookAlsoForAll() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        long alert = bench.create(one, "alert", MANUAL);
        bench.answers(one);
        bench.write(alert, PULSE_MANUAL, 0);
        int wait = bench.await(one, true, List.of(wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1)),
                List.of(wanted(alert, AWAIT_MANUAL, 0)));
        assertThat(bench.answers(one)).containsExactly(outcome(wait, WaitOutcome.ALERTED, -1));
    }

    @Test
    void anAlertAloneCanBeWaitedFor() {
        long alert = bench.create(one, "alert", MANUAL);
        int wait = bench.await(one, false, List.of(), List.of(wanted(alert, AWAIT_MANUAL, NOT_WAITING)));
        int all = bench.await(one, true, List.of(), List.of(wanted(alert, AWAIT_MANUAL, NOT_WAITING)));
        bench.answers(one);
        bench.signal(one, alert, SET_MANUAL, 0);
        assertThat(bench.answers(one)).containsExactly(
                outcome(wait, WaitOutcome.ALERTED, -1), outcome(all, WaitOutcome.ALERTED, -1));
    }

    // Pulses

    @Test
    void aPulseReachesWhoWaitedForAnyAndNobodyElse() {
        long event = bench.create(one, "e", MANUAL);
        int first = bench.any(one, wanted(event, AWAIT_MANUAL, NOT_WAITING));
        bench.answers(one);
        bench.write(event, PULSE_MANUAL, 0);
        int late = bench.any(one, wanted(event, AWAIT_MANUAL, NOT_WAITING));
        int early = bench.any(one, wanted(event, AWAIT_MANUAL, 0));
        assertThat(bench.answers(one)).containsExactly(taken(early, 0));
        bench.bench.say(one, new Message.Signaled(event));
        assertThat(bench.answers(one)).containsExactly(taken(first, 0));
        bench.withdraw(one, late);
        assertThat(bench.answers(one)).containsExactly(outcome(late, WaitOutcome.WITHDRAWN, -1));
    }

    @Test
    void aPulseOfAnAutoResetEventReachesOne() {
        long event = bench.create(one, "e", AUTO);
        int first = bench.any(one, wanted(event, AWAIT_AUTO, NOT_WAITING));
        bench.any(one, wanted(event, AWAIT_AUTO, NOT_WAITING));
        bench.answers(one);
        bench.signal(one, event, PULSE_AUTO, 0);
        assertThat(bench.answers(one)).containsExactly(taken(first, 0));
    }

    @Test
    void aSetThatIsTakenBackAtOnceReleasesWhoWaited() {
        long event = bench.create(one, "e", MANUAL);
        int wait = bench.any(one, wanted(event, AWAIT_MANUAL, NOT_WAITING));
        bench.answers(one);
        bench.write(event, SET_MANUAL, 0);
        bench.write(event, RESET, 0);
        bench.bench.say(one, new Message.Signaled(event));
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
    }

    @Test
    void aPulseCompletesAllOnlyIfTheRestIsSignaledThen() {
        long a = bench.create(one, "a", SEMAPHORE);
        long event = bench.create(one, "e", MANUAL);
        int wait = bench.all(one, wanted(a, ACQUIRE, 1), wanted(event, AWAIT_MANUAL, NOT_WAITING));
        bench.answers(one);
        bench.signal(one, event, PULSE_MANUAL, 0);
        assertThat(bench.isSubscribed(event)).as("the semaphore comes first").isFalse();
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).as("the pulse was before").isEmpty();
        assertThat(bench.isSubscribed(event) && !bench.isSubscribed(a)).isTrue();
        bench.signal(one, event, PULSE_MANUAL, 0);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(bench.value(a)).isZero();
    }

    @Test
    void aPulseThatCouldNotCompleteAllIsOver() {
        long event = bench.create(one, "e", MANUAL);
        long a = bench.create(one, "a", SEMAPHORE);
        bench.all(one, wanted(event, AWAIT_MANUAL, NOT_WAITING), wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.signal(one, event, PULSE_MANUAL, 0);
        assertThat(bench.isSubscribed(a) && !bench.isSubscribed(event)).isTrue();
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).isEmpty();
        assertThat(bench.value(a)).isEqualTo(1);
    }

    // All of many

    @Test
    void allAreTakenAtOnceOrNone() {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 2, 5, 0));
        long m = bench.create(one, "m", MUTEX);
        long e = bench.create(one, "e", AUTO);
        int wait = bench.all(
                one, wanted(a, ACQUIRE, 2), wanted(m, LOCK, bench.id(one)), wanted(e, AWAIT_AUTO, NOT_WAITING));
        bench.answers(one);
        assertThat(List.of(bench.value(a), bench.value(m))).as("nothing is reserved").containsExactly(2, 0);
        assertThat(bench.isSubscribed(a) || bench.isSubscribed(m)).as("where it is not stuck").isFalse();
        assertThat(bench.isSubscribed(e)).isTrue();
        bench.signal(one, e, SET_AUTO, 0);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(List.of(bench.value(a), bench.value(m), bench.value(e))).containsExactly(0, bench.id(one), 0);
        assertThat(bench.isSubscribed(e)).isFalse();
    }

    @Test
    void theSubscriptionFollowsTheFirstThatIsNotSignaled() {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long b = bench.create(one, "b", SEMAPHORE);
        int wait = bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        bench.answers(one);
        bench.write(a, ACQUIRE, 1);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.isSubscribed(a) && !bench.isSubscribed(b)).isTrue();
        assertThat(bench.value(b)).isEqualTo(1);
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(bench.isSubscribed(a) || bench.isSubscribed(b)).isFalse();
    }

    @Test
    void mixedPlacesAreTakenTogether() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", with(SEMAPHORE, Spec.BROKER_ONLY));
        long c = bench.create(one, "c", with(SEMAPHORE, Spec.GLOBAL));
        int wait = bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1), wanted(c, ACQUIRE, 1));
        bench.answers(one);
        bench.signal(one, a, RELEASE, 1);
        bench.signal(one, c, RELEASE, 1);
        assertThat(bench.answers(one)).isEmpty();
        assertThat(bench.operate(one, b, RELEASE, 1)).isZero();
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
        assertThat(List.of(bench.value(a), bench.value(b), bench.value(c))).containsExactly(0, 0, 0);
    }

    @Test
    void crossingWaitsDoNotDeadlock() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        int first = bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        int second = bench.all(one, wanted(b, ACQUIRE, 1), wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.signal(one, a, RELEASE, 1);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.answers(one)).hasSize(1);
        bench.signal(one, a, RELEASE, 1);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.answers(one)).hasSize(1);
        assertThat(first).isNotEqualTo(second);
    }

    // Mutexes

    @Test
    void abandonedMutexesAreReported() {
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        long a = bench.create(two, "a", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        int wait = bench.all(two, wanted(a, ACQUIRE, 1), wanted(m, ADOPT, bench.id(two)));
        bench.answers(two);
        bench.bench.kill(one);
        assertThat(bench.answers(two)).containsExactly(taken(wait, 0, 1));
        assertThat(bench.value(m)).isEqualTo(bench.id(two));
    }

    @Test
    void aWaitByLockEndsWhenTheMutexIsAbandoned() {
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        long a = bench.create(two, "a", SEMAPHORE);
        int first = bench.any(two, wanted(m, LOCK, bench.id(two)));
        int second = bench.any(two, wanted(a, ACQUIRE, 1), wanted(m, LOCK, bench.id(two)));
        bench.answers(two);
        bench.bench.kill(one);
        assertThat(bench.answers(two)).containsExactly(
                outcome(first, WaitOutcome.ENDED, 0), outcome(second, WaitOutcome.ENDED, 1));
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
        int late = bench.any(two, wanted(m, LOCK, bench.id(two)));
        assertThat(bench.answers(two)).containsExactly(outcome(late, WaitOutcome.ENDED, 0));
        int adopted = bench.any(two, wanted(a, ACQUIRE, 1), wanted(m, ADOPT, bench.id(two)));
        assertThat(bench.answers(two)).containsExactly(taken(adopted, 1, 1));
        assertThat(bench.isSubscribed(m)).isFalse();
    }

    @Test
    void anUnlockAtTheBrokerIsTheNextOnesLock() {
        long m = bench.create(one, "m", with(LOCKED, Spec.BROKER_ONLY));
        bench.join(two, "m", Kind.MUTEX);
        int wait = bench.any(two, wanted(m, LOCK, bench.id(two)));
        bench.answers(two);
        assertThat(bench.operate(one, m, UNLOCK, bench.id(one))).isEqualTo(bench.id(one));
        assertThat(bench.answers(two)).containsExactly(taken(wait, 0));
        assertThat(bench.operate(one, m, UNLOCK, bench.id(one))).as("refused").isEqualTo(~(long) bench.id(two));
    }

    // Ends

    @Test
    void aWaitOfTheDeadTakesNothing() {
        long a = bench.create(one, "a", SEMAPHORE);
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.any(two, wanted(a, ACQUIRE, 1));
        bench.write(a, RELEASE, 1);
        bench.bench.kill(two);
        assertThat(bench.value(a)).isEqualTo(1);
        assertThat(bench.isSubscribed(a)).isFalse();
        bench.answers(one);
    }

    @Test
    void theSignalOfTheDeadIsSeen() {
        long a = bench.create(one, "a", SEMAPHORE);
        bench.join(two, "a", Kind.SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        assertThat(bench.write(a, RELEASE, 1)).as("died before it could tell").isTrue();
        bench.bench.kill(two);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
    }

    @Test
    void theSignalOfWhoIsExpelledIsSeen() {
        long a = bench.create(one, "a", with(SEMAPHORE, Spec.GLOBAL));
        bench.join(two, "a", Kind.SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.write(a, RELEASE, 1);
        bench.bench.registry.expel(two, "for a test");
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0));
    }

    @Test
    void closingAnObjectEndsTheClientsWaitsForIt() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        bench.join(two, "b", Kind.SEMAPHORE);
        int all = bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        int other = bench.any(one, wanted(a, ACQUIRE, 1));
        int others = bench.any(two, wanted(b, ACQUIRE, 1));
        bench.answers(one);
        bench.answers(two);
        bench.close(one, b);
        assertThat(bench.answers(one).getFirst()).isInstanceOfSatisfying(Message.Failed.class, failed -> {
            assertThat(failed.request()).isEqualTo(all);
            assertThat(failed.code()).isEqualTo(Code.CLOSED);
        });
        bench.signal(one, a, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(other, 0));
        bench.signal(two, b, RELEASE, 1);
        assertThat(bench.answers(two)).containsExactly(taken(others, 0));
    }

    @Test
    void leavingAnswersEveryWait() {
        long a = bench.create(one, "a", SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.answers(one);
        bench.bench.say(one, new Message.Leave(5));
        assertThat(bench.answers(one)).hasSize(2).last().isEqualTo(new Message.Done(5));
        assertThat(wait).isPositive();
        assertThat(bench.bench.registry.objects()).isZero();
    }

    @Test
    void theEndOfTheOnlyHolderTouchesNoFreePlace() {
        long fair = bench.create(one, "fair", with(SEMAPHORE, Spec.FAIR));
        bench.any(one, wanted(fair, ACQUIRE, 1));
        List<Long> before = bench.bench.memory.freeWords();
        bench.bench.kill(one);
        assertThat(bench.bench.memory.freeWords()).hasSize(before.size() + 1);
        assertThat(bench.bench.log).isEmpty();
    }

    // Corruption

    @Test
    void aCorruptedObjectEndsItsWaitsAndLeavesTheOthersAlone() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        bench.answers(one);
        int all = bench.all(one, wanted(b, ACQUIRE, 1), wanted(a, ACQUIRE, 1));
        int any = bench.any(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 2));
        int other = bench.any(one, wanted(b, ACQUIRE, 3));
        corrupt(a);
        bench.bench.say(one, new Message.Signaled(a));
        assertThat(bench.answers(one)).extracting(Message.Answer::request).containsExactly(all, any);
        assertThat(bench.value(b)).isEqualTo(1);
        assertThat(bench.entry(b).flags()).isEqualTo(Word.WAKE_BROKER);
        bench.signal(one, b, RELEASE, 2);
        assertThat(bench.answers(one)).containsExactly(taken(other, 0));
        bench.any(one, wanted(a, ACQUIRE, 1));
        assertThat(bench.answers(one)).hasSize(1).allMatch(Message.FailedCorrupted.class::isInstance);
    }

    @Test
    void aWordThatGoesBadWhereAWaitIsNotSubscribedEndsItToo() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        bench.answers(one);
        corrupt(b);
        bench.entry(b);
        assertThat(bench.answers(one)).hasSize(1).allMatch(Message.FailedCorrupted.class::isInstance);
        assertThat(bench.isSubscribed(a)).isFalse();
    }

    @Test
    void aBadWordThatATransactionMeetsUnlocksTheOthers() {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long b = bench.create(one, "b", SEMAPHORE);
        long c = bench.create(one, "c", SEMAPHORE);
        bench.all(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1), wanted(c, ACQUIRE, 1));
        bench.answers(one);
        corrupt(c);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.answers(one)).hasSize(1).allMatch(Message.FailedCorrupted.class::isInstance);
        assertThat(List.of(bench.value(a), bench.value(b))).containsExactly(1, 1);
        assertThat(bench.entry(a).flags() | bench.entry(b).flags()).isZero();
    }

    private void corrupt(long object) {
        Location place = bench.entry(object).location();
        bench.bench.memory.cell(place).store(bench.bench.memory.cell(place).load() ^ 2);
    }

    // Busy words

    @Test
    void aWordThatIsWrittenWithoutAPauseIsLookedAtAgainLater() {
        long a = bench.create(one, "a", SEMAPHORE);
        long b = bench.create(one, "b", SEMAPHORE);
        bench.answers(one);
        bench.bench.memory.lose(bench.entry(a).location(), Integer.MAX_VALUE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        int all = bench.all(one, wanted(b, ACQUIRE, 1), wanted(a, ACQUIRE, 1));
        bench.bench.registry.roomAgain();
        assertThat(bench.isSubscribed(a)).isFalse();
        bench.bench.memory.lose(bench.entry(a).location(), 0);
        bench.bench.registry.roomAgain();
        assertThat(bench.isSubscribed(a)).isTrue();
        bench.signal(one, a, RELEASE, 2);
        bench.signal(one, b, RELEASE, 1);
        assertThat(bench.answers(one)).containsExactly(taken(wait, 0), taken(all, 0));
    }

    @Test
    void anAttemptOnABusyWordIsBounded() {
        long a = bench.create(one, "a", SEMAPHORE);
        bench.bench.memory.lose(bench.entry(a).location(), Integer.MAX_VALUE);
        int before = bench.bench.memory.lost();
        for (int i = 0; i < 100; i++) {
            bench.any(one, wanted(a, ACQUIRE, 1));
        }
        assertThat(bench.bench.memory.lost() - before).isBetween(1, 10_000);
    }

    // What a client may ask for

    @Test
    void whatMakesNoSenseIsRefusedAndNothingIsPending() {
        long a = bench.create(one, "a", SEMAPHORE);
        long m = bench.create(one, "m", MUTEX);
        long manual = bench.create(one, "manual", MANUAL);
        long auto = bench.create(one, "auto", AUTO);
        int me = bench.id(one);
        long left = bench.bench.budget.left();
        for (Wanted wrong : List.of(
                wanted(a, ACQUIRE, 6), wanted(a, ACQUIRE, -1), wanted(a, RELEASE, 1), new Wanted(a, 0, 1),
                new Wanted(a, 2, 1), new Wanted(a, 4, 1), new Wanted(a, -1, 1), wanted(m, LOCK, me + 1),
                wanted(m, UNLOCK, me), new Wanted(m, 3, me), wanted(manual, AWAIT_AUTO, NOT_WAITING),
                wanted(auto, AWAIT_MANUAL, NOT_WAITING), wanted(auto, AWAIT_AUTO, -2),
                wanted(auto, AWAIT_AUTO, 1 << 29), wanted(auto, SET_AUTO, 0))) {
            assertRefused(Code.PROTOCOL, List.of(wrong), List.of());
        }
        Wanted good = wanted(a, ACQUIRE, 1);
        Wanted alert = wanted(manual, AWAIT_MANUAL, NOT_WAITING);
        assertRefused(Code.PROTOCOL, List.of(), List.of());
        assertRefused(Code.PROTOCOL, List.of(good), List.of(good));
        assertRefused(Code.PROTOCOL, List.of(good), List.of(alert, alert));
        assertRefused(Code.CLOSED, List.of(wanted(4711, ACQUIRE, 1)), List.of());
        assertRefused(Code.LIMIT, Collections.nCopies(4001, good), List.of());
        bench.await(one, true, List.of(good, good), List.of());
        assertThat(bench.answers(one)).allMatch(Message.Failed.class::isInstance).hasSize(1);
        assertThat(bench.bench.budget.left()).isEqualTo(left);
        assertThat(bench.isSubscribed(a)).isFalse();
        bench.await(one, false, Collections.nCopies(4000, good), List.of(alert));
        assertThat(bench.answers(one)).isEmpty();
    }

    private void assertRefused(Code code, List<Wanted> wanted, List<Wanted> alert) {
        bench.answers(one);
        int wait = bench.await(one, false, wanted, alert);
        assertThat(bench.answers(one)).singleElement().isInstanceOfSatisfying(Message.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(code);
            assertThat(failed.request()).isEqualTo(wait);
        });
    }

    @Test
    void whoOpenedItToLookMayNotWaitUntilItIsOpenedInFull() {
        bench.create(one, "a", with(SEMAPHORE, Spec.BROKER_ONLY));
        long a = bench.open(two, Mode.OPEN, "a", SEMAPHORE, true).object();
        bench.any(two, wanted(a, ACQUIRE, 1));
        assertThat(bench.answers(two)).singleElement().isInstanceOfSatisfying(Message.Failed.class, failed ->
                assertThat(failed.code()).isEqualTo(Code.ACCESS));
        assertThat(((Message.Failed) bench.operate(two, a, RELEASE.code(), 1)).code()).isEqualTo(Code.ACCESS);
        assertThat(((Message.Operated) bench.operate(two, a, 0, 0)).result()).as("to look is permitted").isZero();
        bench.open(two, Mode.OPEN, "a", SEMAPHORE, false);
        bench.open(two, Mode.OPEN, "a", SEMAPHORE, true);
        assertThat(bench.operate(two, a, RELEASE, 1)).isZero();
        bench.close(two, a);
        bench.open(two, Mode.OPEN, "a", SEMAPHORE, true);
        assertThat(((Message.Failed) bench.operate(two, a, RELEASE.code(), 1)).code()).isEqualTo(Code.ACCESS);
    }

    @Test
    void twoWaitsWithOneNumberExpel() {
        long a = bench.create(one, "a", SEMAPHORE);
        int wait = bench.any(one, wanted(a, ACQUIRE, 1));
        bench.bench.say(one, new Message.Await(wait, false, List.of(wanted(a, ACQUIRE, 1)), List.of()));
        assertThat(bench.bench.refused.get(one)).contains("two waits");
    }

    @Test
    void waitsHaveAQuotaAndAreBudgeted() {
        WaitBench small = new WaitBench(Options.defaults().withQuotas(9, 9, 9, 4000, 1 << 20).withWaits(2));
        long client = small.client();
        long a = small.create(client, "a", SEMAPHORE);
        small.answers(client);
        int first = small.any(client, wanted(a, ACQUIRE, 1));
        small.any(client, wanted(a, ACQUIRE, 1));
        assertThat(small.answers(client)).isEmpty();
        small.any(client, wanted(a, ACQUIRE, 1));
        assertThat(small.answers(client)).singleElement().isInstanceOfSatisfying(Message.Failed.class, failed ->
                assertThat(failed.code()).isEqualTo(Code.LIMIT));
        small.withdraw(client, first);
        small.answers(client);
        small.await(client, false, Collections.nCopies(9, wanted(a, ACQUIRE, 1)), List.of());
        assertThat(small.answers(client)).singleElement().isInstanceOfSatisfying(Message.Failed.class, failed ->
                assertThat(failed.message()).contains("heap"));
        small.any(client, wanted(a, ACQUIRE, 1));
        assertThat(small.answers(client)).isEmpty();
        small.bench.kill(client);
        assertThat(small.bench.budget.left()).isEqualTo(4000);
    }

    @Test
    void syncIsAnsweredInTurn() {
        bench.bench.say(one, new Message.Sync(7));
        assertThat(bench.answers(one)).containsExactly(new Message.Done(7));
    }

    @Test
    void nobodyIsAnsweredWhoHasEnded() {
        long one = bench.client();
        long a = bench.create(one, "", SEMAPHORE);
        long b = bench.create(one, "", SEMAPHORE);
        bench.any(one, wanted(a, ACQUIRE, 1), wanted(b, ACQUIRE, 1));
        bench.answers(one);
        bench.bench.kill(one);
        assertThat(bench.bench.out(one)).isEmpty();
    }
}
