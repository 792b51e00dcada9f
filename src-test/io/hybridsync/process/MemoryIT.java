package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
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
}
