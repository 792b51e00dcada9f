package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConnectTest {

    @TempDir
    Path parent;

    @Test
    void whoDoesNotWaitForClaimsWaitsForAnswers() throws Exception {
        FakeBroker broker = new FakeBroker(parent);
        try (Client client = Client.connect(broker.settings(parent, Duration.ZERO))) {
            assertThat(client.create("a", Blueprint.semaphore(1, 1)).isCreated()).isTrue();
        } finally {
            broker.end();
        }
    }

    /** The machine is busy: this process was too slow for the broker. */
    @Test
    void whoComesTooLateTriesAgain() throws Exception {
        FakeBroker broker = new FakeBroker(parent);
        broker.turnAway(2, Code.LATE);
        try (Client client = Client.connect(broker.settings(parent, Duration.ZERO))) {
            assertThat(broker.heard.stream().filter(Message.Hello.class::isInstance)).hasSize(3);
            assertThat(client.create("a", Blueprint.semaphore(1, 1)).isCreated()).isTrue();
        } finally {
            broker.end();
        }
    }

    @Test
    void whoIsRefusedForAnotherReasonDoesNot() throws Exception {
        FakeBroker broker = new FakeBroker(parent);
        broker.turnAway(1, Code.LIMIT);
        try {
            Settings settings = broker.settings(parent, Duration.ZERO);
            assertThatThrownBy(() -> Client.connect(settings))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("turned away");
            Client.connect(settings).close();
        } finally {
            broker.end();
        }
    }
}
