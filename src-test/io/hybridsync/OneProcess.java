package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.process.Residue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A domain in a directory of its own, with its broker in this process; nothing may be left of it. */
@Timeout(60)
abstract class OneProcess {

    /** A call on a thread of its own. */
    record Call<T>(Thread thread, FutureTask<T> result) {

        T get() throws Exception {
            return result.get();
        }

        void interrupt() {
            thread.interrupt();
        }

        /** Waits until the thread is parked for that. */
        @SuppressWarnings("ReferenceEquality") // that very object
        void awaitParkedFor(Object blocker) {
            while (LockSupport.getBlocker(thread) != blocker) {
                assertThat(result.isDone()).as("it waits").isFalse();
                Thread.onSpinWait();
            }
        }
    }

    @TempDir
    Path directory;

    SyncDomain domain;

    @BeforeEach
    void open() {
        domain = open(Waiting.DIRECT);
    }

    /** The domain, with a broker if there is none. */
    final SyncDomain open(Waiting waiting) {
        return SyncDomain.builder("test")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .waiting(waiting)
                .linger(Duration.ZERO)
                .open();
    }

    @AfterEach
    void close() {
        domain.close();
        Residue.assertNone(directory);
    }

    /** The same domain once more: another client of the broker, as another process would be. */
    SyncDomain another() {
        return SyncDomain.builder("test").directory(directory).broker(BrokerMode.EXTERNAL).open();
    }

    static <T> Call<T> call(Callable<T> callable) {
        FutureTask<T> result = new FutureTask<>(callable);
        return new Call<>(Thread.ofPlatform().daemon().start(result), result);
    }

    /** Waits until somebody waits on the object's word, in this process or at the broker. */
    static void awaitWaiters(HybridObject object) {
        Snapshot now = object.snapshot();
        while (!now.waiters() && !now.flags().contains("WAKE_BROKER")) {
            Thread.onSpinWait();
            now = object.snapshot();
        }
    }
}
