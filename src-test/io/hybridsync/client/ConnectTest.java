package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(client.createSemaphore("a", 1, 1, 0).isCreated()).isTrue();
        } finally {
            broker.end();
        }
    }
}
