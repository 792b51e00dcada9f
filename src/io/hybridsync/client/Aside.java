package io.hybridsync.client;

import io.hybridsync.error.SyncException;
import java.lang.System.Logger.Level;

/** What the connection's thread must not wait for: each on a short-lived thread of its own. */
final class Aside {

    private Aside() {}

    /**
     * Does something soon. That it cannot be done is told in the log.
     *
     * @param what it is, for the log
     */
    static void run(String what, Runnable task) {
        Thread.ofPlatform().daemon().name("hybrid-sync: " + what).start(() -> {
            try {
                task.run();
            } catch (SyncException e) {
                Log.write(Level.WARNING, () -> what + " failed: " + e.getMessage());
            }
        });
    }
}
