package io.hybridsync.process;

import io.hybridsync.HybridObject;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The other player: hears the tokens of two objects on its standard input, "semaphore" or "event" before each, and plays.
 * Arguments: directory, domain, ledger, rounds.
 */
public final class PingPong {

    private PingPong() {}

    /** Plays. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Ledger ball = Ledger.open(Path.of(arguments[2]), 1);
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            HybridObject ping = open(domain, in.readLine());
            HybridObject pong = open(domain, in.readLine());
            require(domain.awaitAny(ping).acquired());
            play(domain, ball, 1, Integer.parseInt(arguments[3]), pong, ping);
            System.out.println("played");
        }
    }

    private static HybridObject open(SyncDomain domain, String line) {
        ObjectToken token = ObjectToken.parse(line.substring(line.indexOf(' ') + 1));
        return line.startsWith("semaphore") ? domain.openSemaphore(token) : domain.openEvent(token);
    }

    /**
     * Finds the ball at an even number of strokes, or an odd one, and returns it, so many times.
     *
     * @param there what the other waits for
     * @param here what this one waits for
     */
    static void play(SyncDomain domain, Ledger ball, int side, int rounds, HybridObject there, HybridObject here)
            throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            require(ball.get(0) == 2L * i + side);
            ball.increment(0);
            require(domain.signalAndAwait(there, here).acquired());
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the ball is elsewhere");
        }
    }
}
