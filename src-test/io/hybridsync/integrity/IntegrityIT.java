package io.hybridsync.integrity;

import static org.assertj.core.api.Assertions.assertThat;

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
}
