package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that stood still grants something when who wanted it has given up, and has closed the handle. */
@Timeout(60)
class LateGrantTest {

    private static final Duration ANSWER = Duration.ofMillis(500);

    @TempDir
    Path parent;

    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, ANSWER);
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private static void assertGivesUp(Callable<?> question) {
        FutureTask<?> asking = start(question);
        assertThatThrownBy(asking::get).hasCauseInstanceOf(BrokerUnavailableException.class);
    }

    private static Callable<Boolean> acquire(Opening s, int permits) {
        return () -> s.handle().await(SemaphoreRule.ACQUIRE, permits, System.nanoTime(), s);
    }

    /** The request for three permits that was given up before the handle was closed. */
    private static int wantedInVain(FakeBroker broker, Opening s) throws InterruptedException {
        assertGivesUp(acquire(s, 3));
        int request = broker.next(Message.Await.class).request();
        s.close();
        return request;
    }

    private static void answer(FakeBroker broker, int request, WaitOutcome outcome) {
        broker.say(new Message.Awaited(request, outcome, outcome == WaitOutcome.TAKEN ? 0 : -1, List.of()), null);
    }

    /** What the broker hears next but for questions that it has not answered: nothing has been closed before. */
    private static <M extends Message> M nextButForQuestions(FakeBroker broker, Class<M> type) throws InterruptedException {
        Message next = broker.heard.take();
        while (next instanceof Message.Withdraw || next instanceof Message.Await) {
            next = broker.heard.take();
        }
        assertThat(next).isInstanceOf(type);
        return type.cast(next);
    }

    /** It is taken back, and the broker hears only then that the object is closed, when it has said that it is. */
    private static void assertUndone(FakeBroker broker, Rule rule, int argument) throws InterruptedException {
        Message.Operate operate = nextButForQuestions(broker, Message.Operate.class);
        assertThat(operate.rule()).isEqualTo(rule.code());
        assertThat(operate.argument()).isEqualTo(argument);
        assertThat(broker.heard).isEmpty();
        broker.say(new Message.Operated(operate.request(), 0), null);
        assertThat(nextButForQuestions(broker, Message.Close.class).object()).isEqualTo(operate.object());
    }

    @Test
    void permitsAreGivenBack() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        int request = wantedInVain(broker, s);
        answer(broker, request, WaitOutcome.TAKEN);
        assertUndone(broker, SemaphoreRule.RELEASE, 3);
    }

    @Test
    void aMutexIsUnlocked() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening m = dynasty.client.create("m", Blueprint.mutex(false, true).brokerOnly(true));
        assertGivesUp(() -> m.mutex().lock(System.nanoTime(), m));
        int request = broker.next(Message.Await.class).request();
        assertThat(m.close()).as("nobody owned it").isFalse();
        answer(broker, request, WaitOutcome.TAKEN);
        assertUndone(broker, MutexRule.UNLOCK, FakeBroker.CLIENT);
    }

    @Test
    void aSignalIsSetAgain() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening e = dynasty.client.create("e", Blueprint.event(true, false).brokerOnly(true));
        assertGivesUp(() -> e.handle().await(EventRule.AWAIT_AUTO, EventRule.NOT_WAITING, System.nanoTime(), e));
        int request = broker.next(Message.Await.class).request();
        e.close();
        answer(broker, request, WaitOutcome.TAKEN);
        assertUndone(broker, EventRule.SET_AUTO, EventRule.NOT_WAITING);
    }

    @Test
    void whatIsInMemoryIsGivenBackThere() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening a = dynasty.inMemory("a", 0);
        Opening b = dynasty.inMemory("b", 0);
        assertGivesUp(() -> dynasty.client.waitFor(List.of(a, b), null, System.nanoTime(), this).all());
        int request = broker.next(Message.Await.class).request();
        Slot word = broker.word(requireNonNull(b.handle().portion().location()));
        a.close();
        b.close();
        answer(broker, request, WaitOutcome.TAKEN);
        Message.Close first = nextButForQuestions(broker, Message.Close.class);
        Message.Close second = nextButForQuestions(broker, Message.Close.class);
        assertThat(List.of(first.object(), second.object())).containsExactlyInAnyOrder(a.object(), b.object());
        assertThat(Word.data(word.load()) & Word.VALUE).isEqualTo(1);
    }

    @Test
    void whatWasNotTakenIsClosedAsSoonAsThatIsKnown() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        int request = wantedInVain(broker, s);
        answer(broker, request, WaitOutcome.WITHDRAWN);
        assertThat(nextButForQuestions(broker, Message.Close.class).object()).isEqualTo(s.object());
    }

    @Test
    void whatIsWantedByTwoIsClosedWhenBothAreAnswered() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        FutureTask<Boolean> one = start(acquire(s, 1));
        int first = broker.next(Message.Await.class).request();
        FutureTask<Boolean> another = start(acquire(s, 1));
        int second = broker.next(Message.Await.class).request();
        assertThatThrownBy(one::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        assertThatThrownBy(another::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        s.close();
        answer(broker, first, WaitOutcome.WITHDRAWN);
        answer(broker, second, WaitOutcome.TAKEN);
        assertUndone(broker, SemaphoreRule.RELEASE, 1);
    }

    @Test
    void anOperationIsUndone() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        assertGivesUp(() -> s.handle().attempt(SemaphoreRule.DRAIN, 0));
        int request = broker.next(Message.Operate.class).request();
        s.close();
        broker.say(new Message.Operated(request, 5), null);
        assertUndone(broker, SemaphoreRule.RELEASE, 5);
    }

    /** Nobody waits for those who operate, when a handle is closed. */
    @Test
    void anOperationIsUndoneThatWasGivenUpAfterTheHandleWasClosed() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        FutureTask<Integer> acquiring = start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 2));
        int request = broker.next(Message.Operate.class).request();
        s.close();
        assertThatThrownBy(acquiring::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        broker.say(new Message.Operated(request, 5), null);
        assertUndone(broker, SemaphoreRule.RELEASE, 2);
    }

    @Test
    void anOperationThatIsAnsweredInTimeClosesWhatWasClosedMeanwhile() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        FutureTask<Integer> releasing = start(() -> s.handle().attempt(SemaphoreRule.RELEASE, 2));
        int request = broker.next(Message.Operate.class).request();
        FutureTask<Boolean> closing = start(s::close);
        while (!s.handle().isClosed()) {
            Thread.onSpinWait();
        }
        broker.say(new Message.Operated(request, 5), null);
        assertThat(releasing.get()).isEqualTo(5);
        assertThat(closing.get()).as("nobody owned it").isFalse();
        assertThat(nextButForQuestions(broker, Message.Close.class).object()).isEqualTo(s.object());
    }

    @Test
    void whoOpensItAgainMeanwhileHasItOpen() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        assertGivesUp(acquire(s, 3));
        Message.Await await = broker.next(Message.Await.class);
        s.close();
        broker.script = (fake, message) -> {
            if (message instanceof Message.OpenToken open) {
                fake.say(new Message.Opened(open.request(), s.object(), false, "s", Blueprint.semaphore(0, 9)
                        .brokerOnly(true).spec(), Location.BROKER,
                        new Location(FakeBroker.SLAB, 64, 1), open.token()), null);
            } else {
                fake.answer(message);
            }
        };
        Opening again = dynasty.client.open(s.tokenHigh(), s.tokenLow(), Blueprint.semaphore(0, 9));
        assertThat(again.residence()).isSameAs(s.residence());
        answer(broker, await.request(), WaitOutcome.TAKEN);
        Message.Operate operate = broker.next(Message.Operate.class);
        broker.say(new Message.Operated(operate.request(), 0), null);
        dynasty.settle();
        assertThat(broker.heard).noneMatch(Message.Close.class::isInstance);
        again.close();
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(s.object());
    }

    @Test
    void whoCreatesAnotherOfThatNameGetsAnother() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        int request = wantedInVain(broker, s);
        FutureTask<Opening> creating = start(() -> dynasty.atBroker("s"));
        while (Thread.getAllStackTraces().values().stream().noneMatch(LateGrantTest::waitsForAnswers)) {
            Thread.onSpinWait();
        }
        answer(broker, request, WaitOutcome.WITHDRAWN);
        assertThat(nextButForQuestions(broker, Message.Close.class).object()).isEqualTo(s.object());
        assertThat(nextButForQuestions(broker, Message.Open.class).name()).isEqualTo("s");
        assertThat(creating.get().residence()).isNotSameAs(s.residence());
    }

    private static boolean waitsForAnswers(StackTraceElement[] stack) {
        return Stream.of(stack).anyMatch(frame -> frame.getMethodName().equals("awaitAnswers"));
    }

    @Test
    void theNextBrokerIsAskedAgainAndToldOfTheObject() throws Exception {
        Opening s = dynasty.atBroker("s");
        assertGivesUp(acquire(s, 3));
        int request = dynasty.broker().next(Message.Await.class).request();
        s.close();
        dynasty.dies();
        FakeBroker next = dynasty.next();
        assertThat(next.next(Message.HandObject.class).object()).isEqualTo(s.object());
        assertThat(next.next(Message.Await.class).request()).isEqualTo(request);
        assertThat(next.next(Message.Withdraw.class).awaited()).isEqualTo(request);
        answer(next, request, WaitOutcome.TAKEN);
        assertUndone(next, SemaphoreRule.RELEASE, 3);
    }

    /** What was asked for cannot have been taken before the broker hears that it is closed. */
    @Test
    void aMutexThatAThreadOwnsIsAbandonedAtOnce() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening m = dynasty.client.create("m", Blueprint.mutex(true, true).brokerOnly(true));
        assertGivesUp(() -> m.mutex().lock(System.nanoTime(), m));
        broker.next(Message.Withdraw.class);
        assertThat(m.close()).isTrue();
        assertThat(nextButForQuestions(broker, Message.Close.class).object()).isEqualTo(m.object());
    }

    /** It has been heard since: so the rest will not take long. */
    @Test
    void whoClosesTheDomainGivesBackFirstIfTheBrokerIsThere() throws Exception {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        assertGivesUp(acquire(s, 3));
        int request = broker.next(Message.Await.class).request();
        dynasty.settle();
        FutureTask<Boolean> closing = start(() -> {
            dynasty.client.close();
            return true;
        });
        while (!dynasty.client.isClosed()) {
            Thread.onSpinWait();
        }
        answer(broker, request, WaitOutcome.TAKEN);
        Message.Operate operate = broker.next(Message.Operate.class);
        assertThat(operate.rule()).isEqualTo(SemaphoreRule.RELEASE.code());
        assertThat(broker.heard).isEmpty();
        broker.say(new Message.Operated(operate.request(), 0), null);
        broker.next(Message.Leave.class);
        assertThat(closing.get()).isTrue();
    }
}
