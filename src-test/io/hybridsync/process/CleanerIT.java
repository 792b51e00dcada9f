package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody deletes files of the domain, and the broker dies: those who have objects open do not lose them by that. */
@Timeout(60)
class CleanerIT {

    private static final String DOMAIN = "cleaner";

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    private SyncDomain open(Duration claimTimeout) {
        return SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(claimTimeout)
                .open();
    }

    /** What is under way when the broker is killed, or before it, or not at all. */
    private interface Trouble {
        void make(Path place) throws IOException, InterruptedException;
    }

    /** Two clients have the same open; all of it works when the next broker is there, and is the same. */
    private void survive(Duration claimTimeout, Trouble trouble) throws Exception {
        try (SyncDomain one = open(claimTimeout);
                SyncDomain two = open(claimTimeout)) {
            HybridSemaphore ours = one.semaphore("s", SemaphoreSpec.permits(2));
            HybridSemaphore theirs = two.openSemaphore("s");
            HybridSemaphore fair = one.semaphore("fair", SemaphoreSpec.permits(2).fair());
            HybridSemaphore fairToo = two.openSemaphore("fair");
            HybridMutex mutex = two.mutex("m", MutexSpec.locked());
            assertThat(ours.tryAcquire()).isTrue();
            assertThat(fair.tryAcquire()).isTrue();
            trouble.make(directory.resolve(DOMAIN));
            new BrokerKiller(one, directory, new Random()).kill();
            assertThat(theirs.availablePermits()).isEqualTo(1);
            assertThat(fairToo.availablePermits()).isEqualTo(1);
            assertThat(mutex.isHeldByCurrentThread()).isTrue();
            mutex.unlock();
            try (HybridMutex again = one.openMutex("m")) {
                assertThat(again.isAbandoned()).isFalse();
                assertThat(again.tryLock()).isTrue();
                again.unlock();
            }
        }
    }

    /** The broker makes it again, and everybody shows himself there. */
    @Test
    void whoWasToldToShowHimselfAgainIsKnownToTheNextBroker() throws Exception {
        survive(Duration.ofSeconds(10), place -> {
            Path clients = place.resolve("clients");
            Files.delete(clients);
            while (!Files.exists(clients) || locks(clients) < 2) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        });
    }

    @Test
    void whoFindsTheFileGoneWhenTheBrokerDiesShowsHimselfBeforeTheNextOneLooks() throws Exception {
        survive(Duration.ofSeconds(10), place -> Files.delete(place.resolve("clients")));
    }

    /** How many locks there are on the file, of all processes. */
    private static long locks(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        try (var lines = Files.lines(Path.of("/proc/locks"))) {
            return lines.filter(line -> line.contains(inode)).count();
        }
    }

    /** How long a word may be locked has nothing to do with how long it takes to find the next broker. */
    @ParameterizedTest
    @ValueSource(ints = {0, 200})
    void whoDoesNotWaitForClaimsLosesNothingEither(int millis) throws Exception {
        survive(Duration.ofMillis(millis), place -> {});
    }
}
