package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.AbandonedMutexException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that stands still while one broker takes over from another, for longer than it is waited for. What it had is the
 * others' then, once; what it does with it when it goes on changes nothing, and it is told.
 */
@Timeout(60)
class LateIT {

    static final String MUTEX = "mutex";
    static final String PERMITS = "permits";

    private static final String DOMAIN = "late";
    private static final int TOTAL = 3;

    @TempDir
    Path directory;

    /** A broker that such a client starts waits for two seconds, which is as short as it gets. */
    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofSeconds(1))
                .open();
    }

    @Test
    void whoStandsStillOverATakeOverLosesWhatItHadToOthersAndIsTold() throws Exception {
        try (SyncDomain domain = open();
                SyncDomain second = open();
                HybridMutex mutex = domain.createMutex(MUTEX, MutexSpec.unlocked());
                HybridMutex elsewhere = second.openMutex(MUTEX);
                HybridSemaphore permits = domain.createSemaphore(PERMITS, SemaphoreSpec.permits(TOTAL).leased());
                Child laggard = Child.start(Laggard.class, directory.toString(), DOMAIN)) {
            assertThat(laggard.hear()).isEqualTo("holds");
            StopIT.signal("STOP", laggard);
            new BrokerKiller(domain, directory, new Random(1)).kill();

            assertThatThrownBy(mutex::lock).isInstanceOf(AbandonedMutexException.class);
            assertThat(mutex.recover()).isTrue();
            assertThat(elsewhere.recover()).as("again").isFalse();
            assertThat(permits.tryAcquire(TOTAL, 20, TimeUnit.SECONDS)).as("its permits have come back").isTrue();

            StopIT.signal("CONT", laggard);
            laggard.say("go on");
            for (int i = 0; i < Laggard.OPERATIONS; i++) {
                assertThat(laggard.hear()).startsWith("BrokerUnavailableException: ").endsWith("Open the domain anew.");
            }
            assertThat(laggard.hear()).as("what it finds anew").isEqualTo("false false");
            assertThat(mutex.isHeldByCurrentThread()).isTrue();
            assertThat(elsewhere.tryLock()).isFalse();
            mutex.unlock();
            permits.release(TOTAL);
            assertThat(permits.availablePermits()).isEqualTo(TOTAL);
            laggard.say("end");
            assertThat(laggard.waitFor()).isZero();
        }
        Residue.assertOnly(directory, DOMAIN + "/broker.log");
    }

    /** It has nothing that could be lost: it is a new client then, and its user does not notice. */
    @Test
    void whoHasNothingOpenStandsStillOverATakeOverAndGoesOn() throws Exception {
        try (SyncDomain domain = open();
                HybridMutex mutex = domain.createMutex(MUTEX, MutexSpec.unlocked());
                HybridSemaphore permits = domain.createSemaphore(PERMITS, SemaphoreSpec.permits(TOTAL).leased());
                Child idler = Child.start(Idler.class, directory.toString(), DOMAIN)) {
            assertThat(idler.hear()).isEqualTo("has closed everything");
            StopIT.signal("STOP", idler);
            BrokerKiller killer = new BrokerKiller(domain, directory, new Random(1));
            killer.kill();
            StopIT.signal("CONT", idler);
            idler.say("go on");
            assertThat(idler.hear()).isEqualTo("holds");
            assertThat(mutex.tryLock()).isFalse();
            assertThat(permits.availablePermits()).isEqualTo(TOTAL - 1);

            killer.kill();
            idler.say("and on");
            assertThat(idler.hear()).as("the next broker knows it").isEqualTo("has given back");
            assertThat(mutex.tryLock()).isTrue();
            mutex.unlock();
            assertThat(permits.tryAcquire(TOTAL, 20, TimeUnit.SECONDS)).isTrue();
            assertThat(idler.waitFor()).isZero();
        }
        Residue.assertNone(directory);
    }
}
