package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.kernel.Fd;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads that have no stack left when they ask the broker: the connection's thread sends what they have asked for, and gives back
 * what comes of it.
 */
@Timeout(20)
class FailingThreadTest {

    /** Longer than a test may take: who closes does not wait as long. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    @TempDir
    Path parent;

    private Dynasty dynasty;

    /** Which has no stack to send anything. */
    private volatile @Nullable Thread failing;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, ANSWER, Optional.empty(), new Means(new Aside(), new Delivery(this::trySend)));
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private int trySend(Channel channel, ByteBuffer frame, @Nullable Fd fd) {
        if (Thread.currentThread() == failing) {
            throw new StackOverflowError("for a test");
        }
        return channel.trySend(frame, fd);
    }

    private void assertFails(ThrowingCallable action) {
        failing = Thread.currentThread();
        assertThatThrownBy(action).isInstanceOf(StackOverflowError.class).hasMessage("for a test");
        failing = null;
    }

    private static <M extends Message> M heard(FakeBroker broker, Class<M> type) throws InterruptedException {
        Message next = broker.heard.take();
        assertThat(next).isInstanceOf(type);
        return type.cast(next);
    }

    private static Message.Operate heard(FakeBroker broker, Rule rule) throws InterruptedException {
        Message.Operate operate = heard(broker, Message.Operate.class);
        assertThat(operate.rule()).isEqualTo(rule.code());
        return operate;
    }

    private Opening semaphore() throws InterruptedException {
        Opening s = dynasty.atBroker("s");
        Message.Open _ = dynasty.broker().next(Message.Open.class);
        return s;
    }

    private static void answerAll(FakeBroker broker, Message message) {
        switch (message) {
            case Message.Operate operate -> broker.say(new Message.Operated(operate.request(), 5), null);
            case Message.Await await ->
                broker.say(new Message.Awaited(await.request(), WaitOutcome.TAKEN, 0, List.of()), null);
            default -> broker.answer(message);
        }
    }

    @Test
    void whatAnOperationHasTakenGoesBack() throws Exception {
        FakeBroker broker = dynasty.broker();
        broker.script = FailingThreadTest::answerAll;
        Opening s = semaphore();
        assertFails(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 3));
        assertThat(heard(broker, SemaphoreRule.ACQUIRE).argument()).isEqualTo(3);
        assertThat(heard(broker, SemaphoreRule.RELEASE).argument()).isEqualTo(3);
        s.close();
        assertThat(heard(broker, Message.Close.class).object()).isEqualTo(s.object());
    }

    @Test
    void whatAWaitHasTakenGoesBack() throws Exception {
        FakeBroker broker = dynasty.broker();
        broker.script = FailingThreadTest::answerAll;
        Opening s = semaphore();
        assertFails(() -> s.handle().await(SemaphoreRule.ACQUIRE, 3, Long.MAX_VALUE, s));
        Message.Await _ = heard(broker, Message.Await.class);
        Message.Withdraw _ = heard(broker, Message.Withdraw.class);
        assertThat(heard(broker, SemaphoreRule.RELEASE).argument()).isEqualTo(3);
        s.close();
        assertThat(heard(broker, Message.Close.class).object()).isEqualTo(s.object());
    }

    /** Others may wait behind it, and nothing is ever there for it. */
    @Test
    void whoFailsIsInNoQueue() throws Exception {
        FakeBroker broker = dynasty.broker();
        broker.script = (fake, message) -> {
            if (message instanceof Message.Withdraw withdraw) {
                fake.say(new Message.Awaited(withdraw.awaited(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
            } else {
                fake.answer(message);
            }
        };
        Opening s = semaphore();
        assertFails(() -> s.handle().await(SemaphoreRule.ACQUIRE, 3, Long.MAX_VALUE, s));
        Message.Await await = heard(broker, Message.Await.class);
        assertThat(heard(broker, Message.Withdraw.class).awaited()).isEqualTo(await.request());
        dynasty.settle();
        Message.ListObjects _ = heard(broker, Message.ListObjects.class);
        s.close();
        assertThat(heard(broker, Message.Close.class).object()).isEqualTo(s.object());
    }
}
