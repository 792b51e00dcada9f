package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.util.List;

/**
 * A process of the demo that waits for more permits than there are, and holds none, until it is killed: nothing may be
 * lost by that.
 */
final class DemoVictim {

    static final String COMMAND = "demo-victim";

    /** What a victim says when it is about to wait. */
    static final String WAITING = "waiting";

    private DemoVictim() {}

    /** What a victim is told: the domain, the semaphore, and for how many permits to wait. */
    static List<String> orders(SyncDomain domain, HybridSemaphore semaphore, int permits) {
        return List.of(domain.name(), semaphore.token().toString(), "" + permits);
    }

    static int run(OrderReader in) throws IOException, InterruptedException {
        String name = in.line();
        ObjectToken token = ObjectToken.parse(in.line());
        int permits = Integer.parseInt(in.line());
        in.endWithParent();
        try (SyncDomain domain = SyncDomain.open(name);
                HybridSemaphore semaphore = domain.openSemaphore(token)) {
            System.out.println(WAITING);
            semaphore.acquire(permits);
        }
        System.err.println(COMMAND + ": was given permits that are not there");
        return 1;
    }
}
