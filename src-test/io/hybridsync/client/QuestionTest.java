package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.Ending;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.ClaimState;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads come across a claim of a broker that does not answer, or not soon. */
@Timeout(30)
class QuestionTest {

    private static final Duration CLAIM = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final long BRIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MANY = 8;
    private static final int MOVE = 4;

    @TempDir
    Path parent;

    private FakeBroker broker;
    private Client client;

    @BeforeEach
    void connect() {
        broker = new FakeBroker(parent);
        client = connect(LONG);
    }

    private Client connect(Duration answerTimeout) {
        return Client.connect(broker.settings(parent, CLAIM), answerTimeout);
    }

    @AfterEach
    void end() {
        broker.script = FakeBroker::answer;
        client.close();
        broker.end();
    }

    private Slot word(Opening opening) {
        return broker.word(Objects.requireNonNull(opening.handle().portion().location()));
    }

    private Opening claimed(int data, int flags) {
        Opening s = client.create("s", Blueprint.semaphore(1, 9));
        Slot word = word(s);
        assertThat(word.replace(word.load(), data, flags)).isTrue();
        return s;
    }

    private Opening locked() {
        return claimed(1, Word.LOCKED);
    }

    private void answer(Message.Claim claim, ClaimState state) {
        broker.say(new Message.ClaimAnswer(claim.request(), state, claim.location()), null);
    }

    /** Waits until that thread waits for the answer. */
    private static void waits(Thread thread) {
        while (Stream.of(thread.getStackTrace())
                .noneMatch(frame -> frame.getClassName().equals(Residence.class.getName())
                        && frame.getMethodName().equals("ask"))) {
            Thread.onSpinWait();
        }
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void threadsThatWaitForTheSameAnswerShareIt() throws Exception {
        Opening s = locked();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            FutureTask<Integer> task = new FutureTask<>(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 1));
            tasks.add(task);
            waits(Thread.ofPlatform().daemon().start(task));
        }
        answer(broker.next(Message.Claim.class), ClaimState.CONFIRMED);
        for (FutureTask<Integer> task : tasks) {
            assertThatThrownBy(task::get)
                    .hasCauseInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("locked by a transaction");
        }
        assertThat(broker.heard).noneMatch(Message.Claim.class::isInstance);
    }

    @Test
    void theNextQuestionIsANewOne() throws Exception {
        Opening s = locked();
        for (ClaimState state : List.of(ClaimState.CONFIRMED, ClaimState.CONFIRMED)) {
            FutureTask<Integer> task = start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 1));
            answer(broker.next(Message.Claim.class), state);
            assertThatThrownBy(task::get).hasCauseInstanceOf(BrokerUnavailableException.class);
        }
        FutureTask<Integer> task = start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 1));
        Message.Claim claim = broker.next(Message.Claim.class);
        Slot word = word(s);
        assertThat(word.replace(word.load(), 1, 0)).isTrue();
        answer(claim, ClaimState.GONE);
        assertThat(task.get()).isEqualTo(1);
    }

    /** Whoever of them notices first, all are told the same. */
    @Test
    void aBrokerThatDoesNotAnswerIsStoppedForAllOfThem() throws Exception {
        client.close();
        broker.end();
        broker = new FakeBroker(parent);
        client = connect(Duration.ofSeconds(1));
        Opening s = locked();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            FutureTask<Integer> task = new FutureTask<>(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 1));
            tasks.add(task);
            Thread.ofPlatform().daemon().start(task);
        }
        for (FutureTask<Integer> task : tasks) {
            assertThatThrownBy(task::get)
                    .hasCauseInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("did not answer within 1000 ms");
        }
    }

    @Test
    void whoHasADeadlineDoesNotWaitLongerForAnAnswer() throws Exception {
        Opening s = locked();
        long begin = System.nanoTime();
        assertThat(s.handle().await(SemaphoreRule.ACQUIRE, 1, begin + BRIEF_NANOS, s)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(BRIEF_NANOS);
        MultiWait any = client.waitFor(List.of(s), null, System.nanoTime() + BRIEF_NANOS, s);
        assertThat(any.any().ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(broker.heard).filteredOn(Message.Claim.class::isInstance).hasSize(1);
    }

    /** Nobody has said where it has moved. */
    @Test
    void whoHasADeadlineDoesNotWaitLongerForAMove() throws Exception {
        Opening s = claimed(MOVE, Word.MOVED);
        assertThat(s.handle().await(SemaphoreRule.ACQUIRE, 1, System.nanoTime() + BRIEF_NANOS, s)).isFalse();
        MultiWait any = client.waitFor(List.of(s), null, System.nanoTime() + BRIEF_NANOS, s);
        assertThat(any.any().ending()).isEqualTo(Ending.TIMED_OUT);
    }

    @Test
    void anInterruptEndsTheWaitForAnAnswerWhereItEndsWaits() throws Exception {
        Opening s = locked();
        FutureTask<Boolean> waiting = new FutureTask<>(() -> s.handle().await(SemaphoreRule.ACQUIRE, 1, Cell.FOREVER, s));
        Thread waiter = Thread.ofPlatform().daemon().start(waiting);
        FutureTask<Boolean> trying = new FutureTask<>(() -> {
            boolean taken = s.handle().attempt(SemaphoreRule.ACQUIRE, 1) == 1;
            return taken && Thread.interrupted();
        });
        Thread trier = Thread.ofPlatform().daemon().start(trying);
        waits(waiter);
        waits(trier);
        waiter.interrupt();
        trier.interrupt();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        Slot word = word(s);
        assertThat(word.replace(word.load(), 1, 0)).isTrue();
        answer(broker.next(Message.Claim.class), ClaimState.GONE);
        assertThat(trying.get()).as("and the interrupt is pending").isTrue();
    }

    /** Its value before the wait is of no use to who would have to wait for it: the broker decides when it hears of the wait. */
    @Test
    void whoHasADeadlineDoesNotWaitLongerForALookAtAnEvent() throws Exception {
        Opening e = client.create("e", Blueprint.event(false, false).brokerOnly(true));
        FutureTask<Boolean> waiting = start(() -> e.handle()
                .await(EventRule.AWAIT_MANUAL, EventRule.NOT_WAITING, System.nanoTime() + BRIEF_NANOS, e));
        Message.Operate look = broker.next(Message.Operate.class);
        Message.Await await = broker.next(Message.Await.class);
        assertThat(broker.next(Message.Withdraw.class).awaited()).isEqualTo(await.request());
        broker.say(new Message.Operated(look.request(), 0), null);
        broker.say(new Message.Awaited(await.request(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
        assertThat(waiting.get()).isFalse();
    }

    @Test
    void anInterruptEndsALookAtAnEvent() throws Exception {
        Opening e = client.create("e", Blueprint.event(false, false).brokerOnly(true));
        FutureTask<Boolean> waiting = new FutureTask<>(
                () -> e.handle().await(EventRule.AWAIT_MANUAL, EventRule.NOT_WAITING, Cell.FOREVER, e));
        Thread thread = Thread.ofPlatform().daemon().start(waiting);
        Message.Operate _ = broker.next(Message.Operate.class);
        thread.interrupt();
        Message.Withdraw withdraw = broker.next(Message.Withdraw.class);
        broker.say(new Message.Awaited(withdraw.awaited(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
    }
}
