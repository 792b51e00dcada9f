package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.Held;
import io.hybridsync.HybridMutex;
import io.hybridsync.Inner;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.MutexRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mutex of the broker's own is unlocked, and the broker does not say so. */
@Timeout(60)
class UnansweredUnlockTest {

    private static final Duration ANSWER = Duration.ofSeconds(2);

    @TempDir
    Path parent;

    private final AtomicBoolean mute = new AtomicBoolean(true);
    private FakeBroker broker;

    @BeforeEach
    void begin() {
        broker = new FakeBroker(parent, 0, this::answer);
    }

    @AfterEach
    void end() {
        broker.end();
    }

    /** All but unlocks and waits, and unlocks as well when it is not mute. */
    private void answer(FakeBroker fake, Message message) {
        switch (message) {
            case Message.Sync sync -> fake.say(new Message.Done(sync.request()), null);
            case Message.Operate operate when operate.rule() != MutexRule.UNLOCK.code() || !mute.get() ->
                fake.say(new Message.Operated(operate.request(), 0), null);
            default -> fake.answer(message);
        }
    }

    private void taken(int request) {
        broker.say(new Message.Awaited(request, WaitOutcome.TAKEN, 0, List.of()), null);
    }

    @Test
    void whoAwaitsAConditionWaitsAllTheSameAndComesBackWithTheMutex() throws Exception {
        try (Client client = client()) {
            Opening m = client.create("m", Blueprint.mutex(true, false).brokerOnly(true));
            FutureTask<Integer> waiting = start(() -> {
                m.residence().own();
                assertThat(m.condition(m.mutex(), "c").await(Cell.FOREVER, m)).isTrue();
                return m.mutex().holds();
            });
            Message.ConditionAwait await = broker.next(Message.ConditionAwait.class);
            Message.Operate unlock = broker.next(Message.Operate.class);
            assertThat(unlock.rule()).isEqualTo(MutexRule.UNLOCK.code());
            taken(await.request());
            Message.Await relock = broker.next(Message.Await.class);
            assertThat(waiting.isDone()).isFalse();
            taken(relock.request());
            assertThat(waiting.get()).isEqualTo(1);
        }
    }

    private Client client() {
        return Client.connect(broker.settings(parent, Duration.ofSeconds(10)), ANSWER);
    }

    private static HybridMutex atBroker(Client client) {
        return Inner.mutex(client.create("m", Blueprint.mutex(false, false).brokerOnly(true)));
    }

    /** The broker unlocks it some day; what the thread has locked since is not what was held. */
    @Test
    void whatIsHeldIsClosedOnce() throws Exception {
        try (Client client = client();
                HybridMutex m = atBroker(client)) {
            assertThat(m.tryLock()).isTrue();
            Held held = m.hold();
            m.unlock();
            assertThatThrownBy(held::close).isInstanceOf(BrokerUnavailableException.class);
            assertThat(m.tryLock()).isTrue();
            mute.set(false);
            held.close();
            assertThat(m.getHoldCount()).isEqualTo(1);
            m.unlock();
        }
    }

    /** Nothing has happened then: who owns it may close what it has given. */
    @Test
    void whatIsHeldIsNotClosedByAnotherThread() throws Exception {
        mute.set(false);
        try (Client client = client();
                HybridMutex m = atBroker(client)) {
            assertThat(m.tryLock()).isTrue();
            Held held = m.hold();
            FutureTask<Boolean> closing = new FutureTask<>(held::close, true);
            Thread.ofPlatform().start(closing);
            assertThatThrownBy(closing::get).hasCauseInstanceOf(IllegalMonitorStateException.class);
            assertThat(m.getHoldCount()).isEqualTo(2);
            held.close();
            assertThat(m.getHoldCount()).isEqualTo(1);
            m.unlock();
        }
    }
}
