package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.object.Ledger;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Message;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects that are closed, and the broker has not heard of that, or has not answered. */
@Timeout(60)
class ClosingTest {

    private static final Duration ANSWER = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Blueprint LEASED = Blueprint.semaphore(9, 9).leased(true);

    @TempDir
    Path parent;

    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, LONG);
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private void impatient() {
        dynasty.close();
        dynasty = new Dynasty(parent, ANSWER);
    }

    private static void answerAll(FakeBroker fake, Message message) {
        if (message instanceof Message.Sync sync) {
            fake.say(new Message.Done(sync.request()), null);
        } else {
            fake.answer(message);
        }
    }

    private static void answerAllButClose(FakeBroker fake, Message message) {
        if (!(message instanceof Message.Close) && !(message instanceof Message.Leave)) {
            answerAll(fake, message);
        }
    }

    private static MemorySegment ledger(FakeBroker broker) throws InterruptedException {
        var handed = broker.handed.take();
        Message.Hand hand = (Message.Hand) handed.message();
        return Memfd.receive(Objects.requireNonNull(handed.takeFd()), hand.size()).map().segment();
    }

    private static long objectIn(MemorySegment ledger) {
        return ledger.get(ValueLayout.JAVA_LONG, Ledger.OBJECT);
    }

    /** What the broker adds to what it has taken itself for this client would be gone before it has read that it is closed. */
    @Test
    void whatIsHeldStaysInTheLedgerWhenTheDomainIsClosedBeforeTheBrokerHasHeard() throws Exception {
        impatient();
        FakeBroker broker = dynasty.broker();
        broker.script = ClosingTest::answerAllButClose;
        Opening s = dynasty.client.create("s", LEASED);
        MemorySegment ledger = ledger(broker);
        FutureTask<Boolean> closing = start(s::close);
        Message.Close _ = broker.next(Message.Close.class);
        closing.get();
        assertThat(objectIn(ledger)).isEqualTo(s.object());
        dynasty.client.close();
        assertThat(objectIn(ledger)).isEqualTo(s.object());
    }

    /** The broker might open it while the ledger still says what was held before, or half of it. */
    @Test
    void whatIsOpenedWhileTheBrokerDoesNotAnswerToTheEndIsNotAskedFor() throws Exception {
        impatient();
        FakeBroker broker = dynasty.broker();
        broker.script = ClosingTest::answerAllButClose;
        Opening s = dynasty.client.create("s", LEASED);
        start(s::close).get();
        Message.Close close = broker.next(Message.Close.class);
        FutureTask<Opening> opening = start(() -> dynasty.client.create("s", LEASED));
        assertThatThrownBy(opening::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        assertThat(broker.heard).noneMatch(Message.Open.class::isInstance);
        broker.say(new Message.Done(close.request()), null);
        assertThat(start(() -> dynasty.client.create("t", LEASED)).get().object()).isNotEqualTo(s.object());
    }

    @Test
    void whoWaitsThroughAHandleThatIsClosedAsksNothing() {
        FakeBroker broker = dynasty.broker();
        Opening s = dynasty.atBroker("s");
        MultiWait wait = dynasty.client.waitFor(List.of(s), null, Cell.FOREVER, this);
        s.close();
        dynasty.atBroker("s");
        assertThatThrownBy(wait::all).isInstanceOf(ObjectClosedException.class);
        assertThat(broker.heard).noneMatch(Message.Await.class::isInstance);
    }

    /** What has no name is not found by it. */
    @Test
    void whatIsKeptWithoutANameHoldsUpNobody() {
        impatient();
        List<Opening> kept = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            kept.add(dynasty.client.create(Blueprint.semaphore(0, 9).brokerOnly(true)));
        }
        List<FutureTask<Boolean>> asked = kept.stream()
                .map(s -> start(() -> s.handle().await(SemaphoreRule.ACQUIRE, 1, System.nanoTime(), s)))
                .toList();
        for (FutureTask<Boolean> question : asked) {
            assertThatThrownBy(question::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        }
        kept.forEach(Opening::close);
        long start = System.nanoTime();
        dynasty.client.create(Blueprint.semaphore(0, 9).brokerOnly(true));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ANSWER);
    }
}
