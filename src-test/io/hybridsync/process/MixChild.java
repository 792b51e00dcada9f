package io.hybridsync.process;

import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A process of {@link MultiWaitStressIT}: a few {@link MixWorker}s, interrupted now and then. Its number decides how its
 * threads wait. Arguments: directory, domain, ledger, seed, milliseconds, number.
 */
public final class MixChild {

    /** What it says when all went well. */
    static final String DONE = "done";

    private static final int THREADS = 3;
    private static final int EXIT_HANGS = 3;
    private static final int EXIT_WRONG = 4;

    private MixChild() {}

    /** Runs it. */
    public static void main(String[] arguments) throws InterruptedException {
        int number = Integer.parseInt(arguments[5]);
        MixLedger ledger = new MixLedger(Path.of(arguments[2]));
        Random random = new Random(Long.parseLong(arguments[3]));
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                        .directory(Path.of(arguments[0]))
                        .waiting(number % 2 == 0 ? Waiting.DIRECT : Waiting.PARKED)
                        .linger(Duration.ZERO).claimTimeout(Duration.ofHours(1))
                        .open();
                Watchdog _ = Watchdog.start("child " + number, ledger::progress, () -> hangs(domain))) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[4]));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long who = 0x100L * (number + 1) + i;
                threads.add(builder(number).unstarted(new MixWorker(
                        domain, ledger, who, new Random(random.nextLong()), () -> System.nanoTime() - end > 0)));
            }
            threads.forEach(Thread::start);
            interrupt(threads, random);
            System.out.println(DONE);
        }
    }

    private static Thread.Builder builder(int number) {
        Thread.Builder builder = number == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
        return builder.name("worker of " + number + " ", 0).uncaughtExceptionHandler((thread, e) -> {
            System.err.println(thread);
            e.printStackTrace();
            Runtime.getRuntime().halt(EXIT_WRONG);
        });
    }

    private static void interrupt(List<Thread> threads, Random random) throws InterruptedException {
        while (threads.stream().anyMatch(Thread::isAlive)) {
            Thread unlucky = threads.get(random.nextInt(THREADS));
            unlucky.join(random.nextInt(1, 50));
            unlucky.interrupt();
        }
    }

    private static void hangs(SyncDomain domain) {
        domain.objects().forEach(System.err::println);
        Runtime.getRuntime().halt(EXIT_HANGS);
    }
}
