package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Acquires and releases many times between two marks that strace shows: looks for a file that is not there. Arguments:
 * directory, pairs, "quiet" or "waiters" (then the first release finds WAITERS, so that there is a system call to count).
 */
public final class UncontendedPairs {

    /** The mark before the pairs. */
    public static final String BEGIN = "/mark-of-the-beginning";

    /** The mark after the pairs. */
    public static final String END = "/mark-of-the-end";

    private UncontendedPairs() {}

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        int pairs = Integer.parseInt(arguments[1]);
        try (SyncDomain domain = SyncDomain.builder("pairs")
                        .directory(Path.of(arguments[0]))
                        .broker(BrokerMode.IN_PROCESS)
                        .linger(Duration.ZERO)
                        .open();
                HybridSemaphore semaphore = domain.createSemaphore(SemaphoreSpec.permits(3))) {
            work(semaphore, 1);
            if (arguments[2].equals("waiters")) {
                semaphore.drainPermits();
                semaphore.tryAcquire(1, java.util.concurrent.TimeUnit.MILLISECONDS);
                semaphore.release(3);
            }
            mark(BEGIN);
            work(semaphore, pairs);
            mark(END);
        }
    }

    private static void work(HybridSemaphore semaphore, int pairs) throws InterruptedException {
        for (int i = 0; i < pairs; i++) {
            semaphore.acquire();
            semaphore.release();
        }
    }

    private static void mark(String file) throws IOException {
        if (Files.exists(Path.of(file))) {
            throw new IOException(file + " is there");
        }
    }
}
