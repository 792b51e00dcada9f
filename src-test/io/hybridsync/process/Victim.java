package io.hybridsync.process;

import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of {@link KillIT} that locks, gives and takes like the others, and is killed; or is left in peace until all is
 * over. Arguments: directory, domain, ledger, seed, number.
 */
public final class Victim {

    /** What it says when all its threads run. */
    static final String BUSY = "busy";

    /** What it says at the end, if it comes to that. */
    static final String DONE = "done";

    private static final int HEIRS = 2;
    private static final int LONGEST_HOLD_NANOS = 3_000_000;
    private static final int EXIT_WRONG = 4;

    private Victim() {}

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        KillLedger ledger = new KillLedger(Path.of(arguments[2]));
        Random random = new Random(Long.parseLong(arguments[3]));
        int number = Integer.parseInt(arguments[4]);
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .waiting(number % 2 == 0 ? Waiting.DIRECT : Waiting.PARKED)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            List<Runnable> all = new ArrayList<>();
            for (int i = 0; i < HEIRS; i++) {
                all.add(new Heir(domain, ledger, 0x100L * number + i + 1, new Random(random.nextLong()), LONGEST_HOLD_NANOS));
            }
            Items items = new Items(domain, ledger);
            all.addAll(List.of(new Gifts(domain, ledger)::give, items::take, items::take));
            List<Thread> threads = new ArrayList<>();
            for (Runnable one : all) {
                threads.add(builder(number).start(one));
            }
            long seen = ledger.entries();
            while (ledger.entries() < seen + HEIRS) {
                LockSupport.parkNanos(100_000);
            }
            System.out.println(BUSY);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        System.out.println(DONE);
    }

    private static Thread.Builder builder(int number) {
        Thread.Builder builder = number % 3 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
        return builder.uncaughtExceptionHandler((thread, e) -> {
            System.err.println("process " + number + ", " + thread);
            e.printStackTrace();
            Runtime.getRuntime().halt(EXIT_WRONG);
        });
    }
}
