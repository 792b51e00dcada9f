package io.hybridsync.app;

import io.hybridsync.error.SyncException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The library at work: processes that come and go digest the files below a directory. A semaphore lets so many of them read
 * at a time; a mutex protects the list of work and the file of results, which are plain files; an event starts the first
 * workers all at once; and each worker has an event that it sets when it is done, so that the demo ends by waiting for
 * those of the last workers, all at once.
 *
 * <p>What it claims is checked without the library: that the list and the results were protected, by every file being done
 * exactly once, with the digest that this process computes anew; that no more than permitted were reading, by a counter in
 * a mapped file ({@link Gauge}).
 *
 * <p>All the time threads wait for semaphore and mutex ({@link StandingWaiters}), so that whenever one of them moves, it is
 * contended. Only their moves are counted: the events are another client's. Asked to, the demo also starts processes that
 * wait, and kills them ({@link Victims}), and such that own the mutex and have half changed the list ({@link DemoHolder}),
 * after which the mutex's next owner repairs it ({@link ListMutex}); and it kills the broker, one after the other
 * ({@link BrokerVictims}), of which nobody else may notice anything. It also compares who has the objects' memory mapped
 * with who holds them ({@link RollCall}).
 */
final class Demo {

    /** Processes that join after the first ones; so at least as many leave while others work. */
    private static final int CHANGES = 10;

    private static final int WAITERS_TO_KILL = 2;
    private static final int WAITERS_MILLIS = 500;
    private static final int HOLDERS_TO_KILL = 1;
    private static final int HOLDERS_MILLIS = 30;
    private static final Duration PROGRESS = Duration.ofMillis(500);
    private static final long STUCK_NANOS = 300_000_000_000L;

    private final DemoOptions options;
    private final Scan scan;
    private final Path shared;
    private final DemoProcesses processes;
    private final DemoReport report = new DemoReport(System.out);

    private Demo(DemoOptions options, Scan scan, Path shared, DemoProcesses processes) {
        this.options = options;
        this.scan = scan;
        this.shared = shared;
        this.processes = processes;
    }

    static int run(DemoOptions options) {
        DemoProcesses processes = new DemoProcesses();
        try {
            Path shared = Files.createTempDirectory("hybrid-sync-demo");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                processes.close();
                delete(shared);
            }));
            new Demo(options, Scan.of(options.directory()), shared, processes).run();
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
        int lives = options.workers() + CHANGES;
        try (DemoObjects objects =
                        new DemoObjects("demo-" + UUID.randomUUID(), options.permits(), lives, options.workers());
                SharedWork work = SharedWork.create(shared, scan.files().stream().map(Scan.Found::path).toList());
                Workers workers = new Workers(processes, options.workers(), lives, life -> objects.orders(
                        life, shared, share(life), options.sabotage()));
                Victims waiters = waiters(objects);
                Victims holders = holders(objects);
                BrokerVictims brokers = new BrokerVictims(objects.domain());
                processes) {
            try (StandingWaiters standing = StandingWaiters.of(objects.readers(), objects.mutex())) {
                work(objects, work, workers, waiters, holders, brokers);
                standing.requireWaiting();
                standing.end();
            }
            report.table(workers, work.gauge(), options);
            report.kills(waiters.killed(), holders.killed(), work.repairs(), brokers.killed(), options);
            report.migrations(objects.domain().migrations(), workers.sum());
            DemoCheck check = new DemoCheck(options, scan, work, report);
            check.check(workers);
            check.checkKills(waiters.killed(), holders.killed(), brokers.killed());
            check.checkMigrations(objects.domain().migrations());
            objects.requireFree();
        }
    }

    private Victims waiters(DemoObjects objects) {
        List<String> sayings = List.of(DemoVictim.WAITING);
        return new Victims(processes, WAITERS_TO_KILL, WAITERS_MILLIS, sayings, () -> processes.start(
                DemoVictim.COMMAND, DemoVictim.orders(objects.domain(), objects.readers(), options.permits() + 1)));
    }

    private Victims holders(DemoObjects objects) {
        List<String> sayings = List.of(DemoVictim.WAITING, DemoHolder.HALF_DONE);
        return new Victims(processes, HOLDERS_TO_KILL, HOLDERS_MILLIS, sayings, () ->
                processes.start(DemoHolder.COMMAND, DemoHolder.orders(objects.domain(), objects.mutex(), shared)));
    }

    private void work(
            DemoObjects objects,
            SharedWork work,
            Workers workers,
            Victims waiters,
            Victims holders,
            BrokerVictims brokers)
            throws DemoFailure, IOException, InterruptedException {
        ListMutex list = new ListMutex(objects.mutex(), work);
        RollCall rollCall = new RollCall(objects, list, workers, waiters, holders);
        if (options.kill()) {
            start(waiters, holders);
        }
        workers.start();
        workers.awaitFirst();
        callRoll(rollCall, options.workers());
        if (options.kill()) {
            brokers.start();
            brokers.awaitFirst();
        }
        objects.start().set();
        watch(objects.done(), workers, work, rollCall);
        workers.join();
        requireDone(objects.done());
        waiters.end();
        holders.end();
        brokers.end();
        repairAfterLast(list);
        callRoll(rollCall, 0);
    }

    /** Starts them, and returns when the first ones are in the state in which they are killed. */
    private static void start(Victims... victims) throws DemoFailure, InterruptedException {
        for (Victims kind : victims) {
            kind.start();
        }
        for (Victims kind : victims) {
            kind.awaitFirst();
        }
    }

    private void callRoll(RollCall rollCall, int least) throws DemoFailure, IOException, InterruptedException {
        if (options.groups()) {
            report.groups(rollCall.call(least));
        }
    }

    /** Each but the last ones does its share and leaves; the last ones do what is left. */
    private int share(int life) {
        return life > CHANGES ? Integer.MAX_VALUE : 1 + scan.files().size() / (options.workers() + CHANGES);
    }

    /** Reports, until those that are there at the end are done, or nobody is there any more. */
    private void watch(DoneEvents done, Workers workers, SharedWork work, RollCall rollCall)
            throws DemoFailure, IOException, InterruptedException {
        String last = "";
        long since = System.nanoTime();
        while (!done.awaitLast(PROGRESS) && !workers.isDone()) {
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

    private static void requireDone(DoneEvents done) throws DemoFailure, InterruptedException {
        if (!done.awaitLast(Duration.ZERO)) {
            throw new DemoFailure("all workers have left, and not all of the last have said that they are done");
        }
    }

    /** The mutex's next owner is this process, when nobody else comes after the last that was killed. */
    private static void repairAfterLast(ListMutex list) throws IOException, InterruptedException {
        list.lock();
        list.leave();
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
