package io.hybridsync.process;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.Snapshot;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;

/**
 * A process of {@link TakeOverIT} whose threads stand in queues, one more with each line: "semaphore N" or "condition N". It
 * answers when the broker has the thread in its queue; "through N" is what it says when that thread has come through. Ends with
 * its input. Arguments: directory, domain.
 */
public final class Queuer {

    /** The fair semaphore. */
    static final String SEMAPHORE = "fair";

    /** The mutex with the condition. */
    static final String MUTEX = "mutex";

    private final SyncDomain domain;
    private final HybridSemaphore semaphore;
    private final HybridMutex mutex;
    private final Condition condition;

    private Queuer(SyncDomain domain) {
        this.domain = domain;
        this.semaphore = domain.semaphore(SEMAPHORE, SemaphoreSpec.permits(0).fair());
        this.mutex = domain.mutex(MUTEX, MutexSpec.unlocked());
        this.condition = mutex.newCondition();
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            Queuer queuer = new Queuer(domain);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            say("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                queuer.enqueue(line);
            }
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
        }
    }

    /** The thread is parked after it has asked, and what the broker is asked next it answers later. */
    private void enqueue(String line) throws InterruptedException {
        List<String> words = List.of(line.split(" "));
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            if (words.getFirst().equals("semaphore")) {
                semaphore.acquireUninterruptibly();
            } else {
                awaitSignal();
            }
            say("through " + words.getLast());
        });
        while (thread.getState() != Thread.State.WAITING || mutex.isLocked()) {
            Thread.sleep(1);
        }
        List<Snapshot> _ = domain.objects();
        say("queued");
    }

    /** Each return is one signal. */
    @SuppressWarnings("WaitNotInLoop")
    private void awaitSignal() {
        mutex.lock();
        try {
            condition.awaitUninterruptibly();
        } finally {
            mutex.unlock();
        }
    }
}
