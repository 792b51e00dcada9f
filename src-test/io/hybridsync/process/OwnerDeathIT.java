package io.hybridsync.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.PidFd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The owner of a mutex is killed with SIGKILL while another process waits for it: how long until that one owns it, beside how
 * long until the kernel says that the process has ended. {@code -Downer.kills=N} kills more of them.
 */
@Timeout(600)
class OwnerDeathIT {

    private static final String DOMAIN = "owner";
    private static final String MUTEX = "mutex";
    private static final int KILLS = 5;

    @TempDir
    Path directory;

    private final List<Long> owned = new ArrayList<>();
    private final List<Long> noticed = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    @Test
    void theNextOwnerHasItSoonAfterTheKernelKnows() throws Exception {
        int kills = Integer.getInteger("owner.kills", KILLS);
        try (SyncDomain domain = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                HybridMutex mutex =
                        domain.createMutex(MUTEX, MutexSpec.unlocked().abandonment(Abandonment.ADOPT))) {
            for (int i = 0; i < kills; i++) {
                kill(mutex);
            }
        }
        System.out.printf("%d owners killed; from the kill to the next owner %s; to the kernel's notice of the death %s%n",
                kills, figures(owned), figures(noticed));
    }

    private void kill(HybridMutex mutex) throws Exception {
        try (Child owner = Child.start(Owner.class, directory.toString(), DOMAIN, MUTEX);
                PidFd process = requireNonNull(PidFd.open((int) owner.process().pid()))) {
            assertThat(owner.hear()).isEqualTo(Owner.LOCKED);
            FutureTask<Long> heir = start(() -> inherit(mutex));
            FutureTask<Long> kernel = start(() -> process.awaitEnd(Long.MAX_VALUE) ? System.nanoTime() : 0);
            while (!mutex.snapshot().waiters()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(heir).isNotDone();
            long killed = System.nanoTime();
            owner.process().destroyForcibly();
            owned.add(heir.get() - killed);
            noticed.add(kernel.get() - killed);
        }
    }

    /** When it had the mutex. */
    private static long inherit(HybridMutex mutex) {
        mutex.lock();
        try {
            long now = System.nanoTime();
            assertThat(mutex.acquiredAbandoned()).isTrue();
            return now;
        } finally {
            mutex.unlock();
        }
    }

    private static FutureTask<Long> start(Callable<Long> callable) {
        FutureTask<Long> task = new FutureTask<>(callable);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static String figures(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return "p50 %.1f ms, p99 %.1f ms"
                .formatted(sorted.get(sorted.size() / 2) / 1e6, sorted.get((sorted.size() - 1) * 99 / 100) / 1e6);
    }
}
