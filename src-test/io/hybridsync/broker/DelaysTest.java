package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that cannot be done as long as somebody does not read: who asks for them pays, and nobody else. */
class DelaysTest {

    private static final Spec FAIR = new Spec(Kind.SEMAPHORE, 3, 5, Spec.FAIR);
    private static final int QUOTA = 100;
    private static final long BYTES = 1 << 20;

    private final WaitBench bench = new WaitBench(
            Options.defaults().withQuotas(19, 9, 9, BYTES, 1 << 20).withWaits(QUOTA));
    private final long one = bench.client();
    private final long two = bench.client();
    private final long three = bench.client();

    private static Message.Operate acquire(int request, long object) {
        return new Message.Operate(request, object, SemaphoreRule.ACQUIRE.code(), 1);
    }

    private void operate(long client, long object, int times) {
        for (int request = 1; request <= times; request++) {
            bench.bench.say(client, acquire(request, object));
        }
    }

    private void room(long client) {
        bench.bench.full.remove(client);
        bench.bench.fullByNow.remove(client);
        bench.bench.registry.roomAgain();
    }

    private void assertRefused(long client, Code code) {
        assertThat(bench.bench.codes).containsOnlyKeys(client).containsEntry(client, code);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoNeverReadsAndOperatesForEverIsRefused(boolean known) {
        long a = bench.create(one, "a", FAIR);
        bench.join(two, "a", Kind.SEMAPHORE);
        long left = bench.bench.budget.left();
        (known ? bench.bench.fullByNow : bench.bench.full).add(two);
        operate(two, a, QUOTA);
        bench.bench.registry.roomAgain();
        assertThat(bench.bench.codes).isEmpty();
        assertThat(bench.bench.budget.left()).isLessThan(left - QUOTA);
        operate(two, a, 1);
        assertRefused(two, Code.LIMIT);
        assertThat(bench.bench.budget.left()).isEqualTo(left + Budget.HANDLE_BYTES);
        assertThat(bench.value(a)).isEqualTo(3);
    }

    @Test
    void whoSignalsForEverWhatNobodyHearsIsRefused() {
        long m = bench.create(one, "m", WaitBench.MUTEX);
        bench.join(two, "m", Kind.MUTEX);
        bench.awaitCondition(two, m, "c");
        bench.bench.full.add(two);
        for (int request = 1; request <= QUOTA + 1; request++) {
            bench.bench.say(one, new Message.ConditionSignal(request, m, "c", false));
        }
        assertRefused(one, Code.LIMIT);
    }

    @Test
    void whoOpensForEverWhatCannotMoveIsRefused() {
        bench.create(one, "a", WaitBench.SEMAPHORE);
        bench.bench.full.add(one);
        long left = bench.bench.budget.left();
        for (int request = 1; request <= QUOTA + 1; request++) {
            bench.bench.say(two, new Message.Open(
                    request, Mode.OPEN, Kind.SEMAPHORE, "a", WaitBench.SEMAPHORE, false));
        }
        assertRefused(two, Code.LIMIT);
        assertThat(bench.bench.budget.left()).isEqualTo(left);
    }

    @Test
    void whatIsDoneInTheEndIsGivenBack() {
        long a = bench.create(one, "a", FAIR);
        bench.join(two, "a", Kind.SEMAPHORE);
        long left = bench.bench.budget.left();
        bench.bench.full.add(two);
        operate(two, a, 4);
        bench.answers(two);
        room(two);
        assertThat(bench.answers(two)).extracting(Message.Answer::request).containsExactly(1, 2, 3, 4);
        assertThat(bench.bench.budget.left()).isEqualTo(left);
    }

    @Test
    void whoHasGonePaysNothing() {
        long a = bench.create(one, "a", FAIR);
        long left = bench.bench.budget.left();
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.bench.full.add(two);
        operate(two, a, 4);
        bench.bench.kill(two);
        assertThat(bench.bench.budget.left()).isEqualTo(left);
        assertThat(bench.value(a)).isEqualTo(3);
    }

    /** It is not this client that has used it up, and not this one that does not read. */
    @Test
    void whereTheHeapIsFullWhoAsksIsToldAndNotExpelled() {
        bench.create(one, "a", WaitBench.SEMAPHORE);
        bench.bench.full.add(one);
        long left = bench.bench.budget.left();
        assertThat(bench.bench.budget.take(left - Budget.HANDLE_BYTES)).isTrue();
        for (int request = 1; request <= QUOTA; request++) {
            bench.bench.say(two, new Message.Open(
                    request, Mode.OPEN, Kind.SEMAPHORE, "a", WaitBench.SEMAPHORE, false));
        }
        assertThat(bench.bench.codes).isEmpty();
        int own = bench.bench.registry.delayed();
        assertThat(own).as("a little is its own").isBetween(Account.OWN_BYTES / 1000, QUOTA - 1);
        assertThat(bench.answers(two)).hasSize(QUOTA - own).allMatch(DelaysTest::saysLimit);
        bench.bench.budget.giveBack(left - Budget.HANDLE_BYTES);
        room(one);
        assertThat(bench.answers(two)).hasSize(own).allMatch(Message.Opened.class::isInstance);
        bench.bench.settle();
        assertThat(bench.bench.budget.left()).isEqualTo(left - Budget.HANDLE_BYTES);
        assertThat(bench.bench.budget.takeSpare(BYTES / 8)).as("what it had of its own is given back").isTrue();
    }

    private static boolean saysLimit(Message answer) {
        return answer instanceof Message.Failed failed && failed.code() == Code.LIMIT;
    }

    @Test
    void whatIsChangedAtTheBrokerIsNotChangedWhereTheHeapIsFull() {
        long a = bench.create(one, "a", FAIR);
        bench.bench.full.add(one);
        assertThat(bench.bench.budget.take(bench.bench.budget.left())).isTrue();
        operate(one, a, QUOTA);
        assertThat(bench.bench.codes).isEmpty();
        assertThat(bench.bench.registry.delayed()).isBetween(1, QUOTA - 1);
        assertThat(bench.value(a)).isEqualTo(3);
    }

    static Stream<Supplier<RuntimeException>> failures() {
        return Stream.of(
                () -> new ProtocolException("for a test"),
                () -> new LimitExceededException("for a test"),
                () -> new IllegalArgumentException("for a test"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatFailsHurtsOnlyItsOwnClient(Supplier<RuntimeException> failure) {
        long a = bench.create(one, "a", FAIR);
        bench.join(two, "a", Kind.SEMAPHORE);
        bench.join(three, "a", Kind.SEMAPHORE);
        List<Long> all = List.of(one, two, three);
        all.forEach(bench::answers);
        bench.bench.full.addAll(all);
        all.forEach(client -> operate(client, a, 1));
        operate(one, a, 1);
        bench.bench.full.clear();
        boolean[] failed = new boolean[1];
        bench.bench.memory.beforeAccess(() -> {
            if (!failed[0]) {
                failed[0] = true;
                throw failure.get();
            }
        });
        bench.bench.registry.roomAgain();
        Code code = failure.get() instanceof LimitExceededException ? Code.LIMIT : Code.PROTOCOL;
        assertRefused(one, code);
        assertThat(bench.answers(one)).as("whatever else it has asked for").isEmpty();
        assertThat(bench.bench.log.stream().filter(line -> line.startsWith("WARN a message could not be dealt with")))
                .hasSize(failure.get() instanceof IllegalArgumentException ? 1 : 0);
        assertThat(bench.answers(two)).containsExactly(new Message.Operated(1, 3));
        assertThat(bench.answers(three)).containsExactly(new Message.Operated(1, 2));
        assertThat(bench.value(a)).isEqualTo(1);
    }

    @Test
    void whatTheBrokerOwesItselfAndFailsIsLogged() {
        bench.create(one, "a", WaitBench.SEMAPHORE);
        bench.join(two, "a", Kind.SEMAPHORE);
        long a = bench.join(three, "a", Kind.SEMAPHORE);
        bench.bench.full.add(two);
        bench.close(three, a);
        bench.bench.memory.beforeAccess(() -> {
            throw new IllegalStateException("for a test");
        });
        bench.bench.registry.roomAgain();
        assertThat(bench.bench.log).singleElement().asString()
                .startsWith("WARN what was delayed has failed").contains("for a test");
    }

    @Test
    void whoHasGoneDelaysNobody() {
        bench.create(one, "a", WaitBench.SEMAPHORE);
        bench.join(three, "a", Kind.SEMAPHORE);
        bench.bench.full.add(one);
        bench.bench.say(two, new Message.Open(1, Mode.OPEN, Kind.SEMAPHORE, "a", WaitBench.SEMAPHORE, false));
        assertThat(bench.answers(two)).isEmpty();
        bench.bench.kill(one);
        assertThat(bench.answers(two)).singleElement().isInstanceOf(Message.Opened.class);
    }

    @Test
    void whatTheBrokerOwesItselfIsNotedOnce() {
        bench.create(one, "a", WaitBench.SEMAPHORE);
        bench.join(two, "a", Kind.SEMAPHORE);
        long a = bench.join(three, "a", Kind.SEMAPHORE);
        bench.bench.full.add(two);
        for (int i = 0; i < 50; i++) {
            bench.close(three, a);
            bench.join(three, "a", Kind.SEMAPHORE);
        }
        bench.close(three, a);
        assertThat(bench.bench.registry.delayed()).isEqualTo(1);
        room(two);
        assertThat(bench.bench.registry.delayed()).isZero();
        assertThat(bench.entry(a).group()).containsExactly(bench.id(one), bench.id(two));
    }

    @Test
    void signalsOfTheDeadThatWaitForAReaderAreNotMoreThanThereAreWaiters() {
        long m = bench.create(one, "m", WaitBench.MUTEX);
        bench.join(two, "m", Kind.MUTEX);
        List<Long> dying = Stream.generate(bench::client).limit(5).toList();
        for (long client : dying) {
            bench.join(client, "m", Kind.MUTEX);
            bench.awaitCondition(client, m, "c");
            bench.signalCondition(one, m, "c", false);
        }
        int first = bench.awaitCondition(two, m, "c");
        bench.bench.full.add(two);
        dying.forEach(bench.bench::kill);
        bench.answers(two);
        int second = bench.awaitCondition(two, m, "c");
        room(two);
        assertThat(bench.answers(two)).containsExactly(WaitBench.taken(first, 0));
        bench.signalCondition(one, m, "c", false);
        assertThat(bench.answers(two)).containsExactly(WaitBench.taken(second, 0));
        assertThat(bench.bench.registry.delayed()).isZero();
    }
}
