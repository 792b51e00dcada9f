package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that has very many objects open hands all of them over when its broker is killed, however short the time is that a
 * client with few has for that.
 *
 * <p>{@code -Dhandles=N} for more of them.
 */
@Timeout(300)
class ManyHandlesIT {

    private static final String DOMAIN = "many";
    private static final int HANDLES = 20_000;
    private static final int KILLS = 2;
    private static final int VALUES = 100;

    /** One of so many is open in another client, too. */
    private static final int SHARED = 20;

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofSeconds(1))
                .open();
    }

    @Test
    void allOfThemAreHandedOver() {
        int count = Integer.getInteger("handles", HANDLES);
        List<HybridSemaphore> all = new ArrayList<>(count);
        List<HybridSemaphore> shared = new ArrayList<>();
        try (SyncDomain domain = open();
                SyncDomain other = open()) {
            for (int i = 0; i < count; i++) {
                all.add(domain.createSemaphore(SemaphoreSpec.permits(i % VALUES).compact()));
                if (i % SHARED == 0) {
                    shared.add(other.openSemaphore(all.getLast().token()));
                }
            }
            BrokerKiller killer = new BrokerKiller(domain, directory, new Random(1));
            for (int kill = 1; kill <= KILLS; kill++) {
                killer.kill();
                assertThat(domain.objects()).hasSize(count);
                for (int i = 0; i < count; i++) {
                    assertThat(all.get(i).availablePermits()).isEqualTo(i % VALUES + kill - 1);
                    all.get(i).release();
                }
                for (int i = 0; i < shared.size(); i++) {
                    assertThat(shared.get(i).availablePermits()).isEqualTo(i * SHARED % VALUES + kill);
                }
            }
            System.out.println("many handles: " + count + ", " + killer);
        }
    }
}
