package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.kernel.Daemon;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client whose process may begin no more threads for a while. */
@Timeout(30)
class ScarceThreadsTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path parent;

    private final AtomicInteger inVain = new AtomicInteger();
    private volatile boolean scarce = true;
    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, SHORT, Optional.empty(), new Means(new Aside(this::start), new Delivery()));
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private void start(Thread thread) {
        if (scarce) {
            inVain.getAndIncrement();
            throw new LimitExceededException("no threads in this test");
        }
        Daemon.start(thread);
    }

    private void triedTwice() {
        while (inVain.get() < 2) {
            Thread.onSpinWait();
        }
        scarce = false;
    }

    @Test
    void aMutexWhoseOwnerHasEndedIsAbandonedWhenThereAreThreadsAgain() throws Exception {
        Opening m = dynasty.client.create("m", Blueprint.mutex(false, false));
        assertThat(Dynasty.start(() -> m.mutex().tryLock()).get()).isTrue();
        triedTwice();
        while (m.handle().value() != MutexRule.OWNER_DIED) {
            Thread.onSpinWait();
        }
        dynasty.settle();
    }

    @Test
    void whatWasTakenTooLateIsGivenBackWhenThereAreThreadsAgain() throws Exception {
        Opening s = dynasty.atBroker("s");
        FakeBroker broker = dynasty.broker();
        FutureTask<Integer> acquiring = Dynasty.start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 2));
        Message.Operate operate = broker.next(Message.Operate.class);
        assertThatThrownBy(acquiring::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        broker.say(new Message.Operated(operate.request(), 5), null);
        triedTwice();
        Message.Operate undo = broker.next(Message.Operate.class);
        assertThat(undo.rule()).isEqualTo(SemaphoreRule.RELEASE.code());
        broker.say(new Message.Operated(undo.request(), 3), null);
        dynasty.settle();
    }
}
