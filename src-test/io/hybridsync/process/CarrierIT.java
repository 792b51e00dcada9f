package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many virtual threads with one carrier wait at one object, or at one each: all proceed, and none pins the carrier.
 *
 * <p>{@code -Dcarrier.threads=N} has so many of them at one object.
 */
class CarrierIT {

    private static final int AT_ONE = 65_536;
    private static final int AT_ONE_EACH = 10_000;
    private static final int SCENES = 4;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    @Test
    void allProceedAndNonePinsTheCarrier() {
        List<String> oneCarrier = List.of(
                "-Xmx512m",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-XX:FlightRecorderOptions:repository=" + files);
        try (Child child = Child.start(List.of(), oneCarrier, Carrier.class, directory.toString(), "carrier",
                "" + Integer.getInteger("carrier.threads", AT_ONE), "" + AT_ONE_EACH, files.toString())) {
            for (int i = 0; i < SCENES; i++) {
                String line = child.hear();
                System.out.println("carrier: " + line);
                assertThat(line).contains("through");
            }
            assertThat(child.hear()).as("events of pinned virtual threads").isEqualTo("0");
            assertThat(child.waitFor()).isZero();
        }
        Residue.assertNone(directory);
    }
}
