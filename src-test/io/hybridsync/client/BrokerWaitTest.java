package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.object.Mutex;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Waits and operations at a broker that answers when the test wants, or never. */
@Timeout(30)
class BrokerWaitTest {

    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final long FOREVER = Long.MAX_VALUE;

    @TempDir
    Path parent;

    private FakeBroker broker;
    private Client client;

    @BeforeEach
    void connect() {
        broker = new FakeBroker(parent);
        client = Client.connect(broker.settings(parent, Duration.ofSeconds(10)), ANSWER);
    }

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        broker.end();
    }

    private Opening semaphore() {
        return client.create("s", Blueprint.semaphore(0, 9).brokerOnly(true));
    }

    private FutureTask<Boolean> acquire(Opening s, int permits, long deadlineNanos) {
        return start(() -> s.handle().await(SemaphoreRule.ACQUIRE, permits, deadlineNanos, s));
    }

    private void answer(int request, WaitOutcome outcome, Integer... abandoned) {
        int index = outcome == WaitOutcome.TAKEN ? 0 : -1;
        broker.say(new Message.Awaited(request, outcome, index, List.of(abandoned)), null);
    }

    @Test
    void aDeadlineThatHasPassedIsAWaitAndAWithdrawalAtOnce() throws Exception {
        FutureTask<Boolean> waiting = acquire(semaphore(), 2, System.nanoTime());
        Message.Await await = broker.next(Message.Await.class);
        assertThat(await.wanted()).singleElement().satisfies(wanted -> {
            assertThat(wanted.rule()).isEqualTo(SemaphoreRule.ACQUIRE.code());
            assertThat(wanted.argument()).isEqualTo(2);
        });
        assertThat(broker.next(Message.Withdraw.class).awaited()).isEqualTo(await.request());
        answer(await.request(), WaitOutcome.WITHDRAWN);
        assertThat(waiting.get()).isFalse();
    }

    @Test
    void whatWasTakenBeforeTheWithdrawalCameIsTaken() throws Exception {
        FutureTask<Boolean> waiting = acquire(semaphore(), 1, System.nanoTime() + 1_000_000);
        int request = broker.next(Message.Withdraw.class).awaited();
        answer(request, WaitOutcome.TAKEN);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void anInterruptWithdrawsAndTheOneAnswerDecides() throws Exception {
        for (WaitOutcome outcome : List.of(WaitOutcome.WITHDRAWN, WaitOutcome.TAKEN)) {
            Opening s = semaphore();
            FutureTask<String> waiting = start(() -> {
                Thread.currentThread().interrupt();
                try {
                    assertThat(s.handle().await(SemaphoreRule.ACQUIRE, 1, FOREVER, s)).isTrue();
                    return "taken, interrupted " + Thread.currentThread().isInterrupted();
                } catch (InterruptedException e) {
                    return "interrupted " + Thread.currentThread().isInterrupted();
                }
            });
            answer(broker.next(Message.Withdraw.class).awaited(), outcome);
            assertThat(waiting.get())
                    .isEqualTo(outcome == WaitOutcome.TAKEN ? "taken, interrupted true" : "interrupted false");
        }
    }

    @Test
    void whoDoesNotListenIsParkedWithTheInterruptPending() throws Exception {
        Opening s = semaphore();
        FutureTask<Boolean> waiting = new FutureTask<>(() -> {
            s.handle().awaitUninterruptibly(SemaphoreRule.ACQUIRE, 1, s);
            return Thread.interrupted();
        });
        Thread thread = Thread.ofPlatform().daemon().start(waiting);
        Message.Await await = broker.next(Message.Await.class);
        thread.interrupt();
        while (thread.isInterrupted() || LockSupport.getBlocker(thread) != s) {
            Thread.onSpinWait();
        }
        assertThat(thread.getState()).isIn(Thread.State.WAITING, Thread.State.RUNNABLE);
        assertThatThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(broker.heard).noneMatch(Message.Withdraw.class::isInstance);
        answer(await.request(), WaitOutcome.TAKEN);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void closingTheHandleWithdraws() throws Exception {
        broker.script = (fake, message) -> {
            if (message instanceof Message.Withdraw withdraw) {
                answer(withdraw.awaited(), WaitOutcome.WITHDRAWN);
            } else {
                fake.answer(message);
            }
        };
        Opening s = semaphore();
        FutureTask<Boolean> waiting = acquire(s, 1, FOREVER);
        broker.next(Message.Await.class);
        s.close();
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(ObjectClosedException.class);
    }

    @Test
    void whatIsRefusedIsThrown() throws Exception {
        FutureTask<Boolean> waiting = acquire(semaphore(), 1, FOREVER);
        broker.say(new Message.Failed(broker.next(Message.Await.class).request(), Code.LIMIT, "for a test"), null);
        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(LimitExceededException.class);
    }

    @Test
    void aConnectionThatIsLostForGoodEndsTheWait() throws Exception {
        FutureTask<Boolean> waiting = acquire(semaphore(), 1, FOREVER);
        broker.next(Message.Await.class);
        broker.say(new Message.Refused(Version.MAJOR, Version.MINOR, Code.PROTOCOL, "for a test"), null);
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(BrokerUnavailableException.class);
    }

    @Test
    void permitsThatCameTooLateAreGivenBack() throws Exception {
        FutureTask<Boolean> waiting = acquire(semaphore(), 3, System.nanoTime());
        int request = broker.next(Message.Await.class).request();
        assertThatThrownBy(waiting::get)
                .hasCauseInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("did not answer");
        answer(request, WaitOutcome.TAKEN);
        assertOperate(SemaphoreRule.RELEASE, 3);
    }

    @Test
    void aSignalThatCameTooLateIsGivenBack() throws Exception {
        Opening e = client.create("e", Blueprint.event(true, false).brokerOnly(true));
        FutureTask<Boolean> waiting =
                start(() -> e.handle().await(EventRule.AWAIT_AUTO, EventRule.NOT_WAITING, System.nanoTime(), e));
        int request = broker.next(Message.Await.class).request();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        answer(request, WaitOutcome.TAKEN);
        assertOperate(EventRule.SET_AUTO, EventRule.NOT_WAITING);
    }

    @Test
    void aMutexThatCameTooLateIsGivenBackAsItWas() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(false, true).brokerOnly(true));
        for (boolean abandoned : new boolean[] {false, true}) {
            FutureTask<Boolean> waiting = start(() -> m.mutex().lock(System.nanoTime(), m));
            int request = broker.next(Message.Await.class).request();
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(BrokerUnavailableException.class);
            if (abandoned) {
                answer(request, WaitOutcome.TAKEN, 0);
            } else {
                answer(request, WaitOutcome.TAKEN);
            }
            assertOperate(abandoned ? MutexRule.ABANDON : MutexRule.UNLOCK, 7);
        }
    }

    @Test
    void anOperationThatWasDoneTooLateIsUndone() throws Exception {
        Opening s = semaphore();
        FutureTask<Integer> acquiring = start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 2));
        int request = broker.next(Message.Operate.class).request();
        assertThatThrownBy(acquiring::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        broker.say(new Message.Operated(request, 5), null);
        assertOperate(SemaphoreRule.RELEASE, 2);
        FutureTask<Integer> draining = start(() -> s.handle().attempt(SemaphoreRule.DRAIN, 0));
        int drain = broker.next(Message.Operate.class).request();
        assertThatThrownBy(draining::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        broker.say(new Message.Operated(drain, 5), null);
        assertOperate(SemaphoreRule.RELEASE, 5);
    }

    private void assertOperate(Rule rule, int argument) throws InterruptedException {
        Message.Operate operate = broker.next(Message.Operate.class);
        assertThat(operate.rule()).isEqualTo(rule.code());
        assertThat(operate.argument()).isEqualTo(argument);
        broker.say(new Message.Operated(operate.request(), 0), null);
    }

    @Test
    void aThreadThatEndsOwningIsNoticed() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(false, false).brokerOnly(true));
        FutureTask<Boolean> owner = start(() -> m.mutex().tryLock());
        assertOperate(MutexRule.LOCK, 7);
        assertThat(owner.get()).isTrue();
        assertOperate(MutexRule.ABANDON, 7);
    }

    /** The broker does what it was asked for when it goes on: to be asked again it would take the mutex from the next owner. */
    @Test
    void aMutexOfTheDeadIsAbandonedOnceHoweverLongThatTakes() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(false, false).brokerOnly(true));
        FutureTask<Boolean> owner = start(() -> m.mutex().tryLock());
        assertOperate(MutexRule.LOCK, 7);
        assertThat(owner.get()).isTrue();
        Message.Operate abandon = broker.next(Message.Operate.class);
        assertThat(abandon.rule()).isEqualTo(MutexRule.ABANDON.code());
        FutureTask<Integer> looking = start(() -> m.handle().value());
        assertThat(broker.next(Message.Operate.class).rule()).as("that is not answered, too").isEqualTo(Rule.LOOK.code());
        assertThatThrownBy(looking::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().contains("abandoning"))) {
            Thread.onSpinWait();
        }
        Opening n = client.create("n", Blueprint.mutex(false, false).brokerOnly(true));
        FutureTask<Boolean> other = start(() -> n.mutex().tryLock());
        assertOperate(MutexRule.LOCK, 7);
        assertThat(other.get()).isTrue();
        Message.Operate next = broker.next(Message.Operate.class);
        assertThat(next.rule()).isEqualTo(MutexRule.ABANDON.code());
        assertThat(next.object()).as("a round later").isEqualTo(n.object());
    }

    @Test
    void whatIsUnlockedByABrokerThatDoesNotAnswerIsNotTheThreadsAnyMore() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(false, false).brokerOnly(true));
        FutureTask<Boolean> owner = start(() -> {
            Mutex mutex = m.mutex();
            assertThat(mutex.tryLock()).isTrue();
            assertThatThrownBy(mutex::unlock).isInstanceOf(BrokerUnavailableException.class);
            assertThat(mutex.holds()).isZero();
            return mutex.tryLock();
        });
        assertOperate(MutexRule.LOCK, 7);
        Message.Operate unlock = broker.next(Message.Operate.class);
        assertThat(unlock.rule()).isEqualTo(MutexRule.UNLOCK.code());
        Message.Operate again = broker.next(Message.Operate.class);
        assertThat(again.rule()).as("it is asked for anew").isEqualTo(MutexRule.LOCK.code());
        broker.say(new Message.Operated(unlock.request(), 7), null);
        broker.say(new Message.Operated(again.request(), 0), null);
        assertThat(owner.get()).isTrue();
    }

    @Test
    void signalsAreToldOnceAsLongAsTheyAreUnsentAndFollowWhenThereIsRoom() throws Exception {
        Opening first = semaphore();
        Opening second = semaphore();
        broker.turn.acquire();
        for (int i = 0; i < 20_000; i++) {
            first.residence().signaled(first.handle().portion());
        }
        second.residence().signaled(second.handle().portion());
        broker.turn.release();
        int told = 0;
        while (broker.next(Message.Signaled.class).object() == first.object()) {
            told++;
        }
        assertThat(told).isBetween(1, 5000);
        assertThat(broker.heard).noneMatch(Message.Signaled.class::isInstance);
    }

    /** Which the thread says to a broker at the end of its stack. */
    private static final class Failing implements Correspondence, Correspondence.Vigil {

        private final Request request = new Request(1, new Message.Sync(1), answer -> {}, answer -> {});
        private boolean abandoned;

        @Override
        public Vigil vigil(
                IntFunction<? extends Message> request,
                Runnable checkOpen,
                Consumer<Message.Answer> heard,
                Consumer<Message.Answer> undo) {
            return this;
        }

        @Override
        public <A extends Message.Answer> A ask(IntFunction<? extends Message> request, Class<A> type) {
            throw new StackOverflowError("for a test");
        }

        @Override
        public void askAside(String what, IntFunction<? extends Message> message, Runnable done) {}

        @Override
        public void signaled(Message.HandSignal signal) {}

        @Override
        public void left(int wait) {}

        @Override
        public void aside(String what, Runnable task, Runnable end) {}

        @Override
        public Request request() {
            return request;
        }

        @Override
        public void begin() {}

        @Override
        public void watch(Request watched) {}

        @Override
        public void checkAccepted() {}

        @Override
        public boolean isGivenUp() {
            return abandoned;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }

        @Override
        public Message.Awaited await(Patience patience) {
            throw new AssertionError("it was not asked");
        }
    }

    /** Or the next signal would be his. */
    @Test
    void whoFailsBeforeHeWaitsForAConditionIsInNoQueue() {
        Opening m = client.create("m", Blueprint.mutex(true, false).brokerOnly(true));
        m.residence().own();
        Failing failing = new Failing();
        SignalQueue queue = new SignalQueue(failing, m.handle(), m.mutex(), m.object(), "c", false);
        assertThatThrownBy(() -> queue.await(FOREVER, m)).isInstanceOf(StackOverflowError.class);
        assertThat(failing.abandoned).isTrue();
        assertThat(m.mutex().holds()).isEqualTo(1);
    }

    @Test
    void aConditionIsQueuedBeforeTheMutexIsUnlocked() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(true, false).brokerOnly(true));
        FutureTask<Boolean> waiting = new FutureTask<>(() -> m.condition(m.mutex(), "c").await(FOREVER, m));
        FutureTask<Boolean> owner = start(() -> {
            m.residence().own();
            waiting.run();
            return m.mutex().holds() == 1;
        });
        Message.ConditionAwait queued = broker.next(Message.ConditionAwait.class);
        assertThat(queued.condition()).isEqualTo("c");
        Message.Sync sync = broker.next(Message.Sync.class);
        assertThat(broker.heard).isEmpty();
        broker.say(new Message.Done(sync.request()), null);
        assertOperate(MutexRule.UNLOCK, 7);
        answer(queued.request(), WaitOutcome.TAKEN);
        Message.Await relock = broker.next(Message.Await.class);
        assertThat(relock.wanted().getFirst().rule()).isEqualTo(MutexRule.ADOPT.code());
        assertThat(broker.heard).isEmpty();
        answer(relock.request(), WaitOutcome.TAKEN);
        assertThat(broker.next(Message.ConditionLeft.class).awaited()).isEqualTo(queued.request());
        assertThat(waiting.get()).isTrue();
        assertThat(owner.get()).isTrue();
    }

    @Test
    void aConditionThatIsRefusedUnlocksNothing() {
        Opening m = client.create("m", Blueprint.mutex(true, false).brokerOnly(true));
        broker.script = (fake, message) -> {
            switch (message) {
                case Message.ConditionAwait await ->
                    fake.say(new Message.Failed(await.request(), Code.LIMIT, "for a test"), null);
                case Message.Sync sync -> fake.say(new Message.Done(sync.request()), null);
                default -> fake.answer(message);
            }
        };
        SignalQueue queue = m.condition(m.mutex());
        assertThatThrownBy(() -> queue.await(FOREVER, m)).isInstanceOf(LimitExceededException.class);
        assertThat(m.mutex().holds()).isEqualTo(1);
        assertThat(broker.heard).noneMatch(Message.Operate.class::isInstance);
    }

    @Test
    void aSignalForWhoHasGivenUpGoesToTheNext() throws Exception {
        Opening m = client.create("m", Blueprint.mutex(true, false).brokerOnly(true));
        SignalQueue queue = m.condition(m.mutex(), "c");
        assertThatThrownBy(() -> queue.await(FOREVER, m))
                .as("the broker says nothing")
                .isInstanceOf(BrokerUnavailableException.class);
        assertThat(m.mutex().holds()).isEqualTo(1);
        int request = broker.next(Message.ConditionAwait.class).request();
        assertThat(broker.next(Message.Withdraw.class).awaited()).isEqualTo(request);
        answer(request, WaitOutcome.TAKEN);
        Message.ConditionSignal signal = broker.next(Message.ConditionSignal.class);
        assertThat(signal.condition()).isEqualTo("c");
        assertThat(signal.all()).isFalse();
        assertThat(broker.heard).as("it is not used before the next one has it").isEmpty();
        broker.say(new Message.Done(signal.request()), null);
        assertThat(broker.next(Message.ConditionLeft.class).awaited()).isEqualTo(request);
    }
}
