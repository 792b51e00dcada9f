package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody makes use of is given back, and if the broker has no room for that just now, then as soon as it has. */
@Timeout(60)
class FullBrokerTest {

    private static final Duration ANSWER = Duration.ofSeconds(2);

    @TempDir
    Path parent;

    private Dynasty dynasty;
    private FakeBroker broker;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, ANSWER);
        broker = dynasty.broker();
        broker.script = FullBrokerTest::answerSyncToo;
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private static void answerSyncToo(FakeBroker broker, Message message) {
        if (message instanceof Message.Sync sync) {
            broker.say(new Message.Done(sync.request()), null);
        } else {
            broker.answer(message);
        }
    }

    private static void assertGivesUp(Callable<?> question) {
        FutureTask<?> asking = start(question);
        assertThatThrownBy(asking::get).hasCauseInstanceOf(BrokerUnavailableException.class);
    }

    private void taken(int request) {
        broker.say(new Message.Awaited(request, WaitOutcome.TAKEN, 0, List.of()), null);
    }

    private void full(int request) {
        broker.say(new Message.Failed(request, Code.LIMIT, "for a test"), null);
    }

    private Message.Operate asked(Rule rule, int argument) throws InterruptedException {
        Message.Operate operate = broker.next(Message.Operate.class);
        assertThat(operate.rule()).isEqualTo(rule.code());
        assertThat(operate.argument()).isEqualTo(argument);
        assertThat(broker.heard).as("nothing is closed before that is done").isEmpty();
        return operate;
    }

    private void assertGivenBackInTheEnd(Rule rule, int argument) throws InterruptedException {
        full(asked(rule, argument).request());
        full(asked(rule, argument).request());
        Message.Operate operate = asked(rule, argument);
        broker.say(new Message.Operated(operate.request(), 0), null);
        assertThat(broker.heard.take()).isInstanceOf(Message.Close.class);
    }

    /** A semaphore of which three permits were granted too late, and which was closed before. */
    private Opening late() throws InterruptedException {
        Opening s = dynasty.atBroker("s");
        assertGivesUp(() -> s.handle().await(SemaphoreRule.ACQUIRE, 3, System.nanoTime(), s));
        int request = broker.next(Message.Await.class).request();
        s.close();
        broker.next(Message.Withdraw.class);
        taken(request);
        return s;
    }

    @Test
    void whatAWaitHasTakenTooLate() throws Exception {
        Opening _ = late();
        assertGivenBackInTheEnd(SemaphoreRule.RELEASE, 3);
    }

    @Test
    void whatAnOperationHasTakenTooLate() throws Exception {
        Opening m = dynasty.client.create("m", Blueprint.mutex(false, false).brokerOnly(true));
        assertGivesUp(() -> m.mutex().tryLock());
        int request = broker.next(Message.Operate.class).request();
        m.close();
        broker.say(new Message.Operated(request, 0), null);
        assertGivenBackInTheEnd(MutexRule.UNLOCK, FakeBroker.CLIENT);
    }

    /** That is a limit, too, but one that stays. */
    @Test
    void whatIsLostToThisProcessIsNotGivenBackForEver() throws Exception {
        Opening s = late();
        int request = asked(SemaphoreRule.RELEASE, 3).request();
        s.residence().lose(new LimitExceededException("for a test"));
        full(request);
        assertThat(broker.heard.take()).isInstanceOf(Message.Close.class);
    }

    @Test
    void nothingIsTriedAgainWhenTheDomainIsClosed() throws Exception {
        broker.script = (fake, message) -> {
            if (message instanceof Message.Operate operate) {
                full(operate.request());
            } else {
                fake.answer(message);
            }
        };
        Opening _ = late();
        broker.next(Message.Operate.class);
        dynasty.client.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("hybrid-sync: "));
    }

    @Test
    void aMutexWhoseOwnerHasEnded() throws Exception {
        Opening m = dynasty.client.create("m", Blueprint.mutex(false, false).brokerOnly(true));
        FutureTask<Boolean> owner = start(() -> m.mutex().tryLock());
        Message.Operate lock = asked(MutexRule.LOCK, FakeBroker.CLIENT);
        broker.say(new Message.Operated(lock.request(), 0), null);
        assertThat(owner.get()).isTrue();
        full(asked(MutexRule.ABANDON, FakeBroker.CLIENT).request());
        full(asked(MutexRule.ABANDON, FakeBroker.CLIENT).request());
        Message.Operate abandon = asked(MutexRule.ABANDON, FakeBroker.CLIENT);
        broker.say(new Message.Operated(abandon.request(), FakeBroker.CLIENT), null);
        dynasty.settle();
        m.close();
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(m.object());
    }

    /** Until the next one has it the broker is not told that it was used: it passes it on itself if this client ends. */
    @Test
    void aSignalOfACondition() throws Exception {
        Opening m = dynasty.client.create("m", Blueprint.mutex(false, false));
        assertGivesUp(() -> {
            Mutex mutex = m.mutex();
            mutex.lock(Cell.FOREVER, m);
            try {
                return m.condition(mutex, "c").await(System.nanoTime(), m);
            } finally {
                mutex.unlock();
            }
        });
        int request = broker.next(Message.ConditionAwait.class).request();
        taken(request);
        full(broker.next(Message.ConditionSignal.class).request());
        full(signaledAgain());
        broker.say(new Message.Done(signaledAgain()), null);
        assertThat(broker.heard.take()).isEqualTo(new Message.ConditionLeft(request));
    }

    private int signaledAgain() throws InterruptedException {
        Message next = broker.heard.take();
        assertThat(next).isInstanceOf(Message.ConditionSignal.class);
        return ((Message.ConditionSignal) next).request();
    }
}
