package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker in the process of its first client starts on that client's thread, interrupted or not. */
class InterruptedTest {

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    @Test
    void theIncarnationIsKept() {
        Thread.currentThread().interrupt();
        try (Seat seat = Objects.requireNonNull(Seat.take(fixture.directory(), false))) {
            int first = seat.nextIncarnation(0);
            assertThat(seat.nextIncarnation(0)).isEqualTo(first + 1);
            seat.clear(false);
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @SuppressWarnings("try") // closed so that it is opened again
    void theLogIsWritten() {
        Thread.currentThread().interrupt();
        try (BrokerLog log = new BrokerLog(fixture.directory(), Clock.systemUTC())) {
            log.write(Effects.Level.INFO, "first");
            log.close();
            log.write(Effects.Level.INFO, "second");
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fixture.log()).contains("first").contains("second");
    }
}
