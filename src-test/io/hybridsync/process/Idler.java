package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process of {@link LateIT} that has had a mutex and a leased semaphore open, and has nothing open when it stands still. Told to
 * go on, it opens and takes both, in the domain that it had open all the time. Arguments: directory, domain.
 */
public final class Idler {

    private Idler() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .broker(BrokerMode.EXTERNAL)
                .open()) {
            use(domain, () -> {});
            System.out.println("has closed everything");
            in.readLine();
            use(domain, () -> {
                System.out.println("holds");
                in.readLine();
            });
            System.out.println("has given back");
        }
    }

    private interface Act {
        void run() throws IOException;
    }

    private static void use(SyncDomain domain, Act act) throws IOException {
        try (HybridMutex mutex = domain.openMutex(LateIT.MUTEX);
                HybridSemaphore permits = domain.openSemaphore(LateIT.PERMITS)) {
            mutex.lock();
            try {
                permits.acquireUninterruptibly();
                act.run();
                permits.release();
            } finally {
                mutex.unlock();
            }
        }
    }
}
