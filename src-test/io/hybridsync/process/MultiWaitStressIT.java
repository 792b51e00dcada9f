package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridObject;
import io.hybridsync.SyncDomain;
import io.hybridsync.process.MixLedger.Count;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes wait for any, all and one of 64 objects, in opposite orders and in circles, while they open and close them:
 * nothing is taken twice or lost, everything is there in the end, and nobody waits for ever.
 *
 * <p>{@code -Dmultiwait.seed=N} gives the same choices again, {@code -Dmultiwait.minutes=N} makes it longer. The
 * {@link Watchdog} of each process ends a hang.
 */
class MultiWaitStressIT {

    private static final String DOMAIN = "multiwait";
    private static final int PROCESSES = 4;
    private static final int SECONDS = 4;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void everythingThatIsTakenIsTakenOnceAndComesBack() {
        long seed = Long.getLong("multiwait.seed", System.nanoTime());
        System.out.println("multiwait.seed=" + seed);
        Path file = files.resolve("ledger");
        MixLedger ledger = new MixLedger(file);
        try (SyncDomain domain =
                SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).claimTimeout(Duration.ofHours(1)).open()) {
            List<HybridObject> objects =
                    IntStream.range(0, Mix.OBJECTS).mapToObj(i -> Mix.create(domain, i)).toList();
            Random random = new Random(seed);
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Child.start(MixChild.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + duration().toMillis(), "" + i));
            }
            assertThat(children).allSatisfy(child -> assertThat(child.hear()).isEqualTo(MixChild.DONE));
            assertThat(children).allSatisfy(child -> assertThat(child.waitFor()).isZero());
            report(ledger, domain);
            assertThat(objects).allSatisfy(object -> assertThat(Mix.isComplete(object)).isTrue());
            assertThat(IntStream.range(0, Mix.OBJECTS)).allSatisfy(i -> assertThat(ledger.error(i)).isEmpty());
        }
        assertThat(Count.values()).allSatisfy(count -> assertThat(ledger.counted(count)).isPositive());
    }

    private static void report(MixLedger ledger, SyncDomain domain) {
        System.out.println("multiwait: " + Arrays.stream(Count.values())
                .map(count -> count + "=" + ledger.counted(count))
                .collect(Collectors.joining(", ")) + ", moves seen by the parent: " + domain.migrations());
        System.out.println("multiwait: longest wait until all were there, by how many: " + ledger.longest());
    }

    private static Duration duration() {
        int minutes = Integer.getInteger("multiwait.minutes", 0);
        return minutes > 0 ? Duration.ofMinutes(minutes) : Duration.ofSeconds(SECONDS);
    }
}
