package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client cannot be told now is not done now: no reply of something that is done waits in the broker's heap. */
class GrantsTest {

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();

    /** @param known whether that is known before it is tried */
    private void fill(long client, boolean known) {
        (known ? bench.bench.fullByNow : bench.bench.full).add(client);
    }

    private void drain(long client) {
        bench.bench.full.remove(client);
        bench.bench.fullByNow.remove(client);
        bench.bench.registry.roomAgain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWaitIsSatisfiedWhenItsClientCanBeTold(boolean known) {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 1, 5, 0));
        fill(one, known);
        int any = bench.any(one, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1));
        int all = bench.all(
                one, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 0), WaitBench.wanted(b, SemaphoreRule.ACQUIRE, 1));
        assertThat(bench.answers(one)).isEmpty();
        assertThat(bench.value(a) + bench.value(b)).isEqualTo(2);
        assertThat(bench.entry(a).flags() & Word.LOCKED).isZero();
        bench.bench.registry.roomAgain();
        assertThat(bench.value(a) + bench.value(b)).isEqualTo(2);

        drain(one);

        assertThat(bench.answers(one)).contains(WaitBench.taken(any, 0));
        assertThat(bench.value(a)).isZero();
        assertThat(bench.isSubscribed(a) || bench.value(b) == 0).isTrue();
        bench.withdraw(one, all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoCannotBeToldKeepsItsPlaceInAFairQueue(boolean known) {
        Spec fair = new Spec(Kind.SEMAPHORE, 0, 5, Spec.FAIR);
        long a = bench.create(one, "a", fair);
        bench.join(two, "a", Kind.SEMAPHORE);
        int first = bench.any(one, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1));
        int second = bench.any(two, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1));
        bench.answers(one);
        bench.answers(two);
        fill(one, known);
        bench.operate(two, a, SemaphoreRule.RELEASE, 1);
        assertThat(bench.answers(two)).isEmpty();
        drain(one);
        assertThat(bench.answers(one)).containsExactly(WaitBench.taken(first, 0));
        bench.operate(two, a, SemaphoreRule.RELEASE, 1);
        assertThat(bench.answers(two)).containsExactly(WaitBench.taken(second, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOperationIsDoneWhenItsClientCanBeTold(boolean known) {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 3, 5, Spec.FAIR));
        fill(one, known);
        bench.bench.say(one, new Message.Operate(7, a, SemaphoreRule.ACQUIRE.code(), 1));
        assertThat(bench.value(a)).isEqualTo(3);
        drain(one);
        assertThat(bench.answers(one)).containsExactly(new Message.Operated(7, 3));
        assertThat(bench.value(a)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSignalOfAConditionIsNotLost(boolean all) {
        long mutex = bench.create(one, "m", WaitBench.MUTEX);
        bench.join(two, "m", Kind.MUTEX);
        int waiting = bench.awaitCondition(two, mutex, "c");
        bench.answers(two);
        fill(two, false);
        bench.bench.say(one, new Message.ConditionSignal(9, mutex, "c", all));
        assertThat(bench.answers(one)).as("not done yet").isEmpty();
        assertThat(Journal.signals(journal())).as("and not noted").isEmpty();
        drain(two);
        assertThat(bench.answers(one)).containsExactly(new Message.Done(9));
        assertThat(bench.answers(two)).containsExactly(WaitBench.taken(waiting, 0));
        assertThat(MutexRule.owner(bench.value(mutex))).isZero();
    }

    private Slab journal() {
        return bench.bench.memory.journal();
    }

    /** Or the next broker would not believe it. */
    @Test
    void theJournalIsNamedWhenItsFirstClientKeepsIt() {
        Bench fresh = new Bench(Options.defaults());
        long _ = fresh.greeted();
        assertThat(fresh.memory.journals()).isEmpty();
        long _ = fresh.client();
        assertThat(fresh.memory.journals()).containsExactly(fresh.memory.journal());
    }

    /** What it says is redone by the next broker: what is done, and what cannot be told now, must not be there any more. */
    @Test
    void nothingIsPromisedThatIsDoneOrNotToBeDone() {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 3, 5, Spec.FAIR));
        Message.Operate acquire = new Message.Operate(7, a, SemaphoreRule.ACQUIRE.code(), 1);
        bench.bench.beforeTelling = () -> assertThat(Journal.read(journal())).isNotNull();
        bench.bench.say(one, acquire);
        assertThat(bench.value(a)).isEqualTo(2);
        assertThat(Journal.read(journal())).isNull();
        fill(one, false);
        bench.bench.say(one, acquire);
        assertThat(Journal.read(journal())).isNull();
        bench.bench.full.clear();
        bench.bench.beforeTelling = () -> {
            throw new IllegalStateException("for a test");
        };
        assertThatIllegalStateException().isThrownBy(() -> bench.bench.say(one, acquire));
        assertThat(Journal.read(journal())).isNull();
        assertThat(bench.value(a)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWaitIsPromisedUntilItIsTaken(boolean all) {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 3, 5, 0));
        bench.bench.beforeTelling = () -> assertThat(Journal.read(journal())).isNotNull();
        Wanted wanted = WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1);
        int wait = bench.await(one, all, List.of(wanted), List.of());
        assertThat(bench.answers(one)).contains(WaitBench.taken(wait, 0));
        assertThat(Journal.read(journal())).isNull();
    }

    /** A client writes a good word over the lock, as it may not: the other one is nevertheless taken. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenOverTheLockIsCorruption(boolean all) {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 3, 5, 0));
        long b = bench.create(one, "b", new Spec(Kind.SEMAPHORE, 3, 5, 0));
        Location place = bench.entry(b).location();
        bench.bench.beforeTelling = () -> bench.bench.memory.cell(place).store(Word.pack(place.base(), 3, 0));
        Wanted other = WaitBench.wanted(a, SemaphoreRule.ACQUIRE, all ? 1 : 4);
        int wait = bench.await(one, all, List.of(other, WaitBench.wanted(b, SemaphoreRule.ACQUIRE, 1)), List.of());
        assertThat(bench.answers(one)).contains(WaitBench.taken(wait, all ? 0 : 1));
        assertThat(bench.bench.log).singleElement().asString().contains("\"b\" is corrupted");
        assertThat(bench.value(a)).isEqualTo(all ? 2 : 3);
    }

    /** It has come before the others, though it cannot be told. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoCannotBeToldAtOnceHasItsPlaceInAFairQueue(boolean known) {
        long a = bench.create(one, "a", new Spec(Kind.SEMAPHORE, 1, 5, Spec.FAIR));
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.answers(two);
        fill(one, known);
        int first = bench.any(one, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1));
        int second = bench.any(two, WaitBench.wanted(a, SemaphoreRule.ACQUIRE, 1));
        assertThat(bench.answers(two)).noneMatch(Message.Awaited.class::isInstance);
        drain(one);
        assertThat(bench.answers(one)).contains(WaitBench.taken(first, 0));
        bench.operate(one, a, SemaphoreRule.RELEASE, 1);
        assertThat(bench.answers(two)).containsExactly(WaitBench.taken(second, 0));
    }
}
