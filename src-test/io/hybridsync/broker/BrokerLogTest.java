package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.broker.Effects.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class BrokerLogTest {

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678901Z"), ZoneOffset.UTC);

    @Test
    void aLineHasTimeLevelAndText() throws IOException {
        try (BrokerLog log = open()) {
            log.write(Level.INFO, "started");
            assertThat(log.isWorthKeeping()).isFalse();
            log.write(Level.WARN, "a name\nwith\u001b[31m controls");
            assertThat(log.isWorthKeeping()).isTrue();
        }
        assertThat(Files.readAllLines(path("broker.log")))
                .containsExactly(
                        "2026-01-02T03:04:05.678Z INFO started",
                        "2026-01-02T03:04:05.678Z WARN a name?with?[31m controls");
    }

    @Test
    void itGoesOnInTheFileThatIsThere() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (BrokerLog log = open()) {
                log.write(Level.INFO, "line");
            }
        }
        assertThat(Files.readAllLines(path("broker.log"))).hasSize(2);
    }

    @Test
    void itIsBounded() throws IOException {
        try (BrokerLog log = open()) {
            for (int i = 0; i < 3000; i++) {
                log.write(Level.INFO, i + " " + "x".repeat(5000));
            }
        }
        assertThat(Files.size(path("broker.log"))).isBetween(1L, (long) BrokerLog.FILE_BYTES);
        assertThat(Files.size(path("broker.log.old"))).isBetween(1L, (long) BrokerLog.FILE_BYTES);
        assertThat(Files.readString(path("broker.log"))).contains(" 2999 x");
        Files.delete(path("broker.log.old"));
    }

    @Test
    void whatCannotBeWrittenIsLostAndNothingElse() throws IOException {
        Files.createDirectory(path("broker.log"));
        try (BrokerLog log = open()) {
            log.write(Level.INFO, "lost");
            Files.delete(path("broker.log"));
            log.write(Level.INFO, "kept");
        }
        assertThat(Files.readAllLines(path("broker.log"))).hasSize(1);
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.createFile(fixture.parent().resolve("precious"));
        Files.createSymbolicLink(path("broker.log"), elsewhere);
        try (BrokerLog log = open()) {
            log.write(Level.WARN, "not there");
        }
        assertThat(elsewhere).isEmptyFile();
        Files.delete(elsewhere);
    }

    private BrokerLog open() {
        return new BrokerLog(fixture.directory(), clock);
    }

    private Path path(String file) {
        return fixture.directory().path().resolve(file);
    }
}
