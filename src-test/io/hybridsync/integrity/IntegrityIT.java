package io.hybridsync.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof of integrity with other processes, and deaths. {@code -Dintegrity.seconds=N} for longer, {@code
 * -Dintegrity.seed=N} for the same choices again.
 */
class IntegrityIT {

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 365, unit = TimeUnit.DAYS)
    void everyWrongWordIsFoundAndNothingElseIsHarmedByItNorByDeath() {
        long seed = Long.getLong("integrity.seed", System.nanoTime());
        assertThat(Integrity.run(directory, Long.getLong("integrity.seconds", 8), seed)).isTrue();
    }

    @Test
    @Timeout(60)
    void whereNothingWasTriedNothingIsProved() {
        assertThat(Integrity.run(directory, 0, 1)).isFalse();
    }

    /** As its users run it: with nothing but the two jars; in less time than it takes to start them all. */
    @Test
    @Timeout(120)
    void theJarsAreEnough() throws Exception {
        Path jar = Path.of(System.getProperty("hybridsync.jar"));
        Path tests = jar.resolveSibling("hybrid-sync-tests.jar");
        assertThat(tests).exists();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "--enable-native-access=ALL-UNNAMED", "-cp", jar + ":" + tests, Integrity.class.getName(), "1")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(report).isZero();
        assertThat(report).contains("planted").contains("detected").contains("replayed").contains("in all: ");
    }
}
