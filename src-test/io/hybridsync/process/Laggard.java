package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.SyncException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of {@link LateIT} that owns a mutex and holds leased permits. Told to go on, it says what its operations come to,
 * and what they come to in the same domain, opened anew. Arguments: directory, domain.
 */
public final class Laggard {

    /** What it holds of the permits. */
    private static final int HELD = 2;

    /** So many operations it tries, and says of each what it came to. */
    static final int OPERATIONS = 4;

    private Laggard() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SyncDomain domain = open(arguments)) {
            HybridMutex mutex = domain.openMutex(LateIT.MUTEX);
            HybridSemaphore permits = domain.openSemaphore(LateIT.PERMITS);
            mutex.lock();
            permits.acquireUninterruptibly(HELD);
            System.out.println("holds");
            in.readLine();
            List<Runnable> operations = List.of(
                    permits::release, permits::tryAcquire, mutex::unlock, () -> domain.openMutex(LateIT.MUTEX));
            operations.forEach(operation -> System.out.println(outcome(operation)));
        }
        try (SyncDomain anew = open(arguments);
                HybridMutex mutex = anew.openMutex(LateIT.MUTEX);
                HybridSemaphore permits = anew.openSemaphore(LateIT.PERMITS)) {
            System.out.println(mutex.tryLock() + " " + permits.tryAcquire());
            in.readLine();
        }
    }

    private static SyncDomain open(String[] arguments) {
        return SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .broker(BrokerMode.EXTERNAL)
                .open();
    }

    private static String outcome(Runnable operation) {
        try {
            operation.run();
            return "done";
        } catch (SyncException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }
}
