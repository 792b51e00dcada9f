package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.SyncException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The library at work: processes that come and go digest the files below a directory. One semaphore lets so many of them
 * read at a time, another, with one permit, protects the list of work and the file of results, which are plain files.
 *
 * <p>What it claims is checked without the library: that the list and the results were protected, by every file being done
 * exactly once, with the digest that this process computes anew; that no more than permitted were reading, by a counter in
 * a mapped file ({@link Gauge}).
 *
 * <p>All the time somebody is asleep on both semaphores ({@link StandingWaiters}), so that whenever one of them moves, it
 * is contended. Asked to, the demo also starts processes that wait, and kills them ({@link Victims}), and compares who has
 * the semaphores' memory mapped with who holds them ({@link RollCall}).
 */
final class Demo {

    /** Processes that join after the first ones; so at least as many leave while others work. */
    private static final int CHANGES = 10;

    private static final long PROGRESS_NANOS = 500_000_000;
    private static final long STUCK_NANOS = 300_000_000_000L;

    private final DemoOptions options;
    private final Scan scan;
    private final Path shared;
    private final DemoReport report = new DemoReport(System.out);

    private Demo(DemoOptions options, Scan scan, Path shared) {
        this.options = options;
        this.scan = scan;
        this.shared = shared;
    }

    static int run(DemoOptions options) {
        Path shared = null;
        try {
            shared = Files.createTempDirectory("hybrid-sync-demo");
            Path directory = shared;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            new Demo(options, Scan.of(options.directory()), shared).run();
            System.out.println("demo: ok");
            return 0;
        } catch (DemoFailure | SyncException e) {
            return failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            return failed(e.toString());
        }
    }

    private static int failed(String reason) {
        System.out.println("demo: FAILED: " + DemoReport.printable(reason));
        return 1;
    }

    private void run() throws DemoFailure, IOException, InterruptedException {
        report.start(options, scan);
        String name = "demo-" + UUID.randomUUID();
        try (SyncDomain domain = SyncDomain.builder(name).linger(Duration.ZERO).open();
                HybridSemaphore readers = semaphore(domain, options.permits());
                HybridSemaphore list = semaphore(domain, 1);
                SharedWork work = SharedWork.create(shared, scan.files().stream().map(Scan.Found::path).toList());
                Workers workers = new Workers(
                        options.workers(), options.workers() + CHANGES, life -> orders(life, name, readers, list));
                Victims victims = new Victims(() -> DemoProcess.start(
                        DemoVictim.COMMAND, DemoVictim.orders(domain, readers, options.permits() + 1)))) {
            try (StandingWaiters waiters = StandingWaiters.of(readers, list)) {
                work(workers, victims, work, new RollCall(domain, list, workers, victims));
                waiters.requireWaiting();
            }
            report.table(workers, work.gauge(), options);
            report.kills(victims.killed(), options);
            report.migrations(domain.migrations(), workers.sum());
            DemoCheck check = new DemoCheck(options, scan, work, report);
            check.check(workers, victims);
            check.checkMigrations(domain.migrations());
            requireBack(readers, options.permits());
            requireBack(list, 1);
        }
    }

    /** One more than there are is the maximum, so that it can be waited for and never comes. */
    private static HybridSemaphore semaphore(SyncDomain domain, int permits) {
        return domain.createSemaphore(SemaphoreSpec.permits(permits).maximum(permits + 1));
    }

    private void work(Workers workers, Victims victims, SharedWork work, RollCall rollCall)
            throws DemoFailure, IOException, InterruptedException {
        if (options.kill()) {
            victims.start();
        }
        workers.start();
        callRoll(rollCall, options.workers());
        watch(workers, work, rollCall);
        workers.join();
        victims.end();
        callRoll(rollCall, 0);
    }

    private void callRoll(RollCall rollCall, int least) throws DemoFailure, InterruptedException {
        if (options.groups()) {
            report.groups(rollCall.call(least));
        }
    }

    /** Each but the last ones does its share and leaves; the last ones do what is left. */
    private DemoWorker.Orders orders(int life, String domain, HybridSemaphore readers, HybridSemaphore list) {
        int lives = options.workers() + CHANGES;
        int share = life > CHANGES ? Integer.MAX_VALUE : 1 + scan.files().size() / lives;
        return new DemoWorker.Orders(
                domain, readers.token().toString(), list.token().toString(), shared, share, options.sabotage());
    }

    private void watch(Workers workers, SharedWork work, RollCall rollCall)
            throws DemoFailure, IOException, InterruptedException {
        String last = "";
        long since = System.nanoTime();
        while (!workers.isDone()) {
            Thread.sleep(Duration.ofNanos(PROGRESS_NANOS));
            String now = "%d of %d files taken, %d workers joined, %d left"
                    .formatted(work.taken(), work.size(), workers.joined(), workers.left());
            if (!now.equals(last)) {
                report.progress(now);
                callRoll(rollCall, 0);
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STUCK_NANOS) {
                throw new DemoFailure("nothing has moved for %d s: %s".formatted(STUCK_NANOS / 1_000_000_000, now));
            }
        }
    }

    private static void requireBack(HybridSemaphore semaphore, int permits) throws DemoFailure {
        if (semaphore.availablePermits() != permits) {
            throw new DemoFailure("at the end %s has %d permits, not %d"
                    .formatted(semaphore, semaphore.availablePermits(), permits));
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
