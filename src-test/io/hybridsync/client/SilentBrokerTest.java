package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client whose broker is stopped, or does not answer. */
@Timeout(30)
class SilentBrokerTest {

    private static final int MANY = 1000;
    private static final Duration ANSWER = Duration.ofMillis(200);

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

    @Test
    void onlyTheFirstCloseWaitsAndTheOthersFollowWhenTheBrokerGoesOn() throws Exception {
        List<Opening> openings = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            openings.add(client.create("s" + i, Blueprint.semaphore(1, 1)));
        }
        broker.turn.acquire();
        openings.forEach(Opening::close);
        broker.turn.release();
        List<Long> closed = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            closed.add(broker.next(Message.Close.class).object());
        }
        assertThat(closed).isEqualTo(openings.stream().map(Opening::object).toList());
        assertThat(client.create("again", Blueprint.semaphore(1, 1)).isCreated()).isTrue();
    }

    /** Signals are not answered: nothing that the broker says makes this side look again. */
    @Test
    void whatThereWasNoRoomForFollowsThoughTheBrokerSaysNothing() throws Exception {
        List<Opening> openings = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            openings.add(client.create("s" + i, Blueprint.semaphore(1, 1)));
        }
        broker.turn.acquire();
        openings.forEach(opening -> opening.residence().signaled(opening.handle().portion()));
        broker.turn.release();
        for (Opening opening : openings) {
            assertThat(broker.next(Message.Signaled.class).object()).isEqualTo(opening.object());
        }
    }

    @Test
    void anObjectThatWasOpenedTooLateIsClosedAgain() throws Exception {
        broker.script = (fake, message) -> {};
        assertThatThrownBy(() -> client.create("late", Blueprint.semaphore(1, 1)))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("did not answer");
        broker.script = FakeBroker::answer;
        Message.Open open = broker.next(Message.Open.class);
        broker.opened(open);
        assertThat(broker.next(Message.Close.class).object()).isEqualTo(FakeBroker.opened(open, 0).object());
        assertThat(client.create("next", Blueprint.semaphore(1, 1)).isCreated()).isTrue();
    }
}
