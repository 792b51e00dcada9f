package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * A process that opens and closes a few semaphores over and over: for each number that it reads, as many times, and then
 * answers with the bytes of heap in use. In between it has up to two of them open, after an answer none. Arguments:
 * directory, domain, seed.
 */
public final class Churn {

    private static final int NAMES = 3;
    private static final int MOST_OPEN = 2;

    private final SyncDomain domain;
    private final Random random;
    private final Deque<HybridSemaphore> open = new ArrayDeque<>();

    private Churn(SyncDomain domain, long seed) {
        this.domain = domain;
        this.random = new Random(seed);
    }

    /** Runs it on standard input and output. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            Churn churn = new Churn(domain, Long.parseLong(arguments[2]));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                churn.run(Integer.parseInt(line));
                System.out.println(heapInUse());
            }
        }
    }

    private void run(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            HybridSemaphore semaphore =
                    domain.semaphore("churn " + random.nextInt(NAMES), SemaphoreSpec.permits(1).maximum(1));
            semaphore.acquire();
            semaphore.release();
            open.add(semaphore);
            while (open.size() > random.nextInt(MOST_OPEN + 1)) {
                open.remove().close();
            }
        }
        open.forEach(HybridSemaphore::close);
        open.clear();
    }

    private static long heapInUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
