package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that may have only so much memory. The kernel does not refuse them what they ask for, but kills one of them when it
 * touches it: so nothing but its death can be told, as that of any other.
 */
@Timeout(60)
class MemoryIT {

    private static final String DOMAIN = "memory";
    private static final String MUTEX = "mutex";
    private static final long BYTES = 64 << 20;
    private static final long LITTLE = 4 << 20;
    private static final int MANY = 100_000;
    private static final int KILLED = 128 + 9;

    @TempDir
    Path directory;

    @Test
    void whoIsKilledForWantOfMemoryLeavesWhatItOwnsToTheNext() throws Exception {
        try (ControlGroup group = ControlGroup.ofMemory(BYTES);
                SyncDomain domain = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                HybridMutex mutex =
                        domain.createMutex(MUTEX, MutexSpec.unlocked().abandonment(Abandonment.ADOPT));
                Child owner = Child.start(Owner.class, directory.toString(), DOMAIN, MUTEX)) {
            assertThat(owner.hear()).isEqualTo(Owner.LOCKED);
            group.add(owner.process().pid());
            owner.say("eat");
            mutex.lock();
            try {
                assertThat(mutex.acquiredAbandoned()).isTrue();
            } finally {
                mutex.unlock();
            }
            assertThat(owner.process().waitFor()).isEqualTo(KILLED);
        }
        Residue.assertNone(directory);
    }

    /** Whoever has asked it for what it died of is answered by the next one, as all others; what it had made is there. */
    @Test
    void aBrokerThatIsKilledForWantOfMemoryIsSucceeded() throws Exception {
        try (ControlGroup group = ControlGroup.ofMemory(LITTLE);
                SyncDomain domain = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                SyncDomain other = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                HybridMutex mutex = other.createMutex(MUTEX, MutexSpec.unlocked())) {
            assertThat(mutex.tryLock()).isTrue();
            ProcessHandle broker = Residue.brokers(directory).getFirst();
            group.add(broker.pid());
            List<HybridSemaphore> made = new ArrayList<>();
            while (broker.isAlive() && made.size() < MANY) {
                made.add(domain.createSemaphore(SemaphoreSpec.permits(made.size())));
            }
            assertThat(broker.isAlive()).as("it has as much as it needs for %d objects", made.size()).isFalse();
            assertThat(domain.objects()).hasSize(made.size() + 1);
            for (int i = 0; i < made.size(); i++) {
                assertThat(made.get(i).availablePermits()).isEqualTo(i);
            }
            assertThat(mutex.isHeldByCurrentThread()).isTrue();
            mutex.unlock();
        }
        Residue.assertNone(directory);
    }
}
