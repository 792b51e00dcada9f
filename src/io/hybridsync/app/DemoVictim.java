package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

    static int run(String[] arguments) {
        if (arguments.length != 0) {
            throw new IllegalArgumentException(COMMAND + " is for the demo itself, and takes its orders on standard input");
        }
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            List<String> orders = in.lines().toList();
            await(orders.get(0), ObjectToken.parse(orders.get(1)), Integer.parseInt(orders.get(2)));
            System.err.println(COMMAND + ": was given permits that are not there");
        } catch (InterruptedException e) {
            System.err.println(COMMAND + ": " + e);
        }
        return 1;
    }

    private static void await(String name, ObjectToken token, int permits) throws InterruptedException {
        try (SyncDomain domain = SyncDomain.open(name);
                HybridSemaphore semaphore = domain.openSemaphore(token)) {
            System.out.println(WAITING);
            semaphore.acquire(permits);
        }
    }
}
