package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.MUTEX;
import static io.hybridsync.broker.WaitBench.SEMAPHORE;
import static io.hybridsync.broker.WaitBench.outcome;
import static io.hybridsync.broker.WaitBench.taken;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions of mutexes: one queue for each name, first come, first served, over all clients. */
class ConditionsTest {

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();
    private final long three = bench.client();
    private long mutex;

    @BeforeEach
    void open() {
        mutex = bench.create(one, "m", MUTEX);
        bench.join(two, "m", Kind.MUTEX);
        bench.join(three, "m", Kind.MUTEX);
        bench.answers(one);
        bench.answers(two);
        bench.answers(three);
    }

    @Test
    void aSignalIsTheLongestWaitersOfThatName() {
        int other = bench.awaitCondition(two, mutex, "other");
        int first = bench.awaitCondition(one, mutex, "");
        int second = bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", false);
        assertThat(bench.answers(one)).containsExactly(taken(first, 0));
        assertThat(bench.answers(two)).isEmpty();
        bench.signalCondition(three, mutex, "", false);
        assertThat(bench.answers(two)).containsExactly(taken(second, 0));
        bench.signalCondition(three, mutex, "", false);
        bench.signalCondition(three, mutex, "other", true);
        assertThat(bench.answers(two)).containsExactly(taken(other, 0));
    }

    @Test
    void aSignalToAllReachesAll() {
        int first = bench.awaitCondition(one, mutex, "");
        int second = bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", true);
        assertThat(bench.answers(one)).containsExactly(taken(first, 0));
        assertThat(bench.answers(two)).containsExactly(taken(second, 0));
        bench.signalCondition(three, mutex, "", true);
        bench.withdraw(one, first);
        assertThat(bench.answers(one)).as("answered already").isEmpty();
        assertThat(bench.answers(two)).as("once").isEmpty();
    }

    @Test
    void twoWaitsOfOneNumberCannotBeToldApart() {
        int first = bench.awaitCondition(one, mutex, "");
        bench.bench.say(one, new Message.ConditionAwait(first, mutex, "other"));
        assertThat(bench.bench.codes).containsOnlyKeys(one).containsEntry(one, Code.PROTOCOL);
    }

    @Test
    void aWithdrawnWaitGetsNoSignal() {
        int first = bench.awaitCondition(one, mutex, "");
        int second = bench.awaitCondition(two, mutex, "");
        bench.withdraw(one, first);
        assertThat(bench.answers(one)).containsExactly(outcome(first, WaitOutcome.WITHDRAWN, -1));
        bench.signalCondition(three, mutex, "", false);
        assertThat(bench.answers(two)).containsExactly(taken(second, 0));
        bench.withdraw(two, second);
        assertThat(bench.answers(two)).as("answered already").isEmpty();
    }

    @Test
    void theSignalOfWhoEndsBeforeHeIsBackIsTheNextOnes() {
        bench.awaitCondition(one, mutex, "");
        bench.awaitCondition(one, mutex, "");
        int next = bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", false);
        bench.bench.kill(one);
        assertThat(bench.answers(two)).containsExactly(taken(next, 0));
    }

    /** What it says of the signal itself comes too late: it is not open there any more. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSignalOfWhoClosesBeforeHeIsBackIsTheNextOnes(boolean leaves) {
        bench.awaitCondition(one, mutex, "");
        int next = bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", false);
        bench.bench.say(one, leaves ? new Message.Leave(901) : new Message.Close(901, mutex));
        assertThat(bench.answers(two)).containsExactly(taken(next, 0));
    }

    @Test
    void theSignalOfWhoIsBackIsGone() {
        int first = bench.awaitCondition(one, mutex, "");
        bench.awaitCondition(two, mutex, "");
        bench.bench.say(one, new Message.ConditionLeft(first));
        bench.signalCondition(three, mutex, "", false);
        bench.bench.say(one, new Message.ConditionLeft(first));
        bench.bench.kill(one);
        assertThat(bench.answers(two)).isEmpty();
    }

    @Test
    void aSignalToAllIsPassedOnToNobody() {
        bench.awaitCondition(one, mutex, "");
        bench.signalCondition(three, mutex, "", true);
        bench.awaitCondition(two, mutex, "");
        bench.bench.kill(one);
        assertThat(bench.answers(two)).isEmpty();
    }

    @Test
    void closingTheMutexEndsTheWaitAndPassesTheSignalOn() {
        int signaled = bench.awaitCondition(one, mutex, "");
        int waiting = bench.awaitCondition(one, mutex, "");
        int next = bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", false);
        assertThat(bench.answers(one)).containsExactly(taken(signaled, 0));
        bench.close(one, mutex);
        assertThat(bench.answers(one).getFirst()).isInstanceOfSatisfying(Message.Failed.class, failed -> {
            assertThat(failed.request()).isEqualTo(waiting);
            assertThat(failed.code()).isEqualTo(Code.CLOSED);
        });
        assertThat(bench.answers(two)).containsExactly(taken(next, 0));
        bench.bench.kill(one);
        assertThat(bench.answers(two)).isEmpty();
    }

    @Test
    void whoIsBackAndClosesTheMutexHasUsedItsSignal() {
        int first = bench.awaitCondition(one, mutex, "");
        bench.awaitCondition(two, mutex, "");
        bench.signalCondition(three, mutex, "", false);
        bench.bench.say(one, new Message.ConditionLeft(first));
        bench.close(one, mutex);
        assertThat(bench.answers(two)).isEmpty();
    }

    @Test
    void aCorruptedMutexEndsThem() {
        bench.awaitCondition(one, mutex, "");
        var place = bench.entry(mutex).location();
        bench.bench.memory.cell(place).store(4711);
        bench.entry(mutex);
        assertThat(bench.answers(one)).hasSize(1).allMatch(Message.FailedCorrupted.class::isInstance);
    }

    @Test
    void onlyMutexesHaveThem() {
        long a = bench.create(one, "a", SEMAPHORE);
        bench.answers(one);
        bench.awaitCondition(one, a, "");
        bench.awaitCondition(one, 4711, "");
        assertThat(bench.answers(one)).extracting(answer -> ((Message.Failed) answer).code())
                .containsExactly(Code.PROTOCOL, Code.CLOSED);
    }

    @Test
    void theyCountAgainstTheQuotaUntilTheyAreLeft() {
        WaitBench small = new WaitBench(Options.defaults().withQuotas(9, 9, 9, 1 << 20, 1 << 20).withWaits(1));
        long client = small.client();
        long m = small.create(client, "m", MUTEX);
        small.answers(client);
        int first = small.awaitCondition(client, m, "c");
        small.signalCondition(client, m, "c", false);
        small.answers(client);
        small.awaitCondition(client, m, "c");
        assertThat(((Message.Failed) small.answers(client).getFirst()).code()).isEqualTo(Code.LIMIT);
        small.bench.say(client, new Message.ConditionLeft(first));
        small.awaitCondition(client, m, "c");
        assertThat(small.answers(client)).isEmpty();
        small.bench.kill(client);
        assertThat(small.bench.budget.left()).isEqualTo(1 << 20);
    }

    /** It would be answered twice. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsRefusedIsNotInTheQueue(boolean quota) {
        WaitBench small = new WaitBench(
                Options.defaults().withQuotas(9, 9, 9, 1 << 20, 1 << 20).withWaits(quota ? 1 : 9));
        long client = small.client();
        long m = small.create(client, "m", MUTEX);
        int first = small.awaitCondition(client, m, "c");
        small.answers(client);
        assertThat(quota || small.bench.budget.take(small.bench.budget.left())).isTrue();
        small.awaitCondition(client, m, "c");
        assertThat(small.answers(client)).singleElement().satisfies(answer ->
                assertThat(((Message.Failed) answer).code()).isEqualTo(Code.LIMIT));
        small.signalCondition(client, m, "c", true);
        assertThat(small.answers(client)).containsExactly(taken(first, 0));
    }
}
