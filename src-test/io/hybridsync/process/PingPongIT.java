package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes pass a ball to and fro by signalAndAwait, through objects without names, which one tells the other. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PingPongIT {

    private static final int ROUNDS = 2000;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    @ParameterizedTest
    @ValueSource(strings = {"shared", "mixed"})
    void theBallIsAlwaysWithOne(String places) throws Exception {
        Path file = files.resolve("ball");
        Ledger ball = Ledger.open(file, 1);
        boolean mixed = places.equals("mixed");
        EventSpec event = EventSpec.autoReset();
        try (SyncDomain domain = SyncDomain.builder("pingpong")
                        .directory(directory)
                        .linger(Duration.ZERO)
                        .claimTimeout(Duration.ofHours(1))
                        .open();
                HybridEvent ping = domain.createEvent(event);
                HybridObject pong = mixed
                        ? domain.createSemaphore(SemaphoreSpec.permits(0).maximum(1).brokerOnly())
                        : domain.createEvent(event);
                Child child = Child.start(PingPong.class, directory.toString(), "pingpong", file.toString(), "" + ROUNDS)) {
            child.say("event " + ping.token());
            child.say((pong instanceof HybridSemaphore ? "semaphore " : "event ") + pong.token());
            long start = System.nanoTime();
            PingPong.play(domain, ball, 0, ROUNDS, ping, pong);
            System.out.printf("pingpong, %s: %d rounds, %.1f us each%n",
                    places, ROUNDS, (System.nanoTime() - start) / 1e3 / ROUNDS);
            ping.set();
            assertThat(child.hear()).isEqualTo("played");
            assertThat(child.waitFor()).isZero();
            assertThat(ball.get(0)).isEqualTo(2L * ROUNDS);
        }
        Residue.assertNone(directory);
    }
}
