package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a thread that fails while it says something. */
@Timeout(20)
class OutboxTest {

    private static final int DIVES = 200;
    private static final long STACK_BYTES = 200_000;

    private final Requests requests = new Requests();
    private final List<Request> tried = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private volatile Delivery.Outcome outcome = Delivery.Outcome.SENT;
    private boolean failing;
    private int calls;
    private int failed;

    private final Outbox outbox = new Outbox(requests, () -> calls++);

    @BeforeEach
    void begin() {
        outbox.open(new Outbox.Way() {
            @Override
            public Delivery.Outcome send(Estate.Item item) {
                if (failing) {
                    throw new StackOverflowError("for a test");
                }
                if (outcome == Delivery.Outcome.SENT) {
                    sent.add(item.message());
                }
                return outcome;
            }

            @Override
            public void shutdown() {}
        });
    }

    private Request request() {
        long order = requests.nextOrder();
        return new Request(order, new Message.Operate(Request.number(order), 1, 0, 1), answer -> {}, answer -> {});
    }

    /** Down to where there is no room for one frame more; on the way up each frame asks until one has it. */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private boolean dive() {
        boolean done = false;
        try {
            done = dive();
        } catch (StackOverflowError e) {
            failed++;
        }
        if (!done) {
            Request request = request();
            tried.add(request);
            assertThat(outbox.ask(request) == null).isTrue();
        }
        return true;
    }

    private void dives() {
        assertThat(dive()).isTrue();
        for (int i = 0; i < DIVES; i++) {
            assertThat(dive()).isTrue();
        }
    }

    private void flushUntilInterrupted() {
        while (!Thread.interrupted()) {
            outbox.flush();
            LockSupport.parkNanos(1);
        }
    }

    /** Somebody else wants the lock all the time: who cannot leave it has him wait for ever. */
    @Test
    void whatHasBeenAskedAtTheEndOfAStackIsSentAndNothingElse() throws Exception {
        Thread other = Thread.ofPlatform().daemon().start(this::flushUntilInterrupted);
        outcome = Delivery.Outcome.NO_ROOM;
        assertThat(outbox.ask(request()) == null).isTrue();
        Message first = requests.all().getFirst().message();
        FutureTask<Void> task = new FutureTask<>(this::dives, null);
        new Thread(null, task, "short of stack", STACK_BYTES).start();
        task.get();
        other.interrupt();
        other.join();
        assertThat(failed).isGreaterThan(DIVES);
        outcome = Delivery.Outcome.SENT;
        outbox.flush();
        assertThat(sent.removeFirst()).isEqualTo(first);
        assertThat(sent)
                .isEqualTo(tried.stream()
                        .filter(request -> request.asked)
                        .map(Request::message)
                        .toList());
    }

    /** The broker may have nothing to say that would wake the connection's thread. */
    @Test
    void whoFailsToSendCallsForTheConnectionsThread() {
        failing = true;
        assertThatThrownBy(() -> outbox.say(new Message.Signaled(1))).isInstanceOf(StackOverflowError.class);
        failing = false;
        assertThat(calls).isOne();
        outbox.flush();
        assertThat(sent).containsExactly(new Message.Signaled(1));
        assertThat(calls).isOne();
    }

    @Test
    void whatThereIsNoRoomForIsCalledForOnce() {
        outcome = Delivery.Outcome.NO_ROOM;
        outbox.say(new Message.Signaled(1));
        outbox.say(new Message.Signaled(2));
        assertThat(calls).isOne();
    }
}
