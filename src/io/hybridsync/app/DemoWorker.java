package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * One process of the demo: takes files from the shared list, digests them, appends the results, and leaves after its share.
 * It is told on standard input what to do, for tokens do not belong on a command line, and says on standard output when it
 * has joined and what it did.
 */
final class DemoWorker {

    static final String COMMAND = "demo-worker";

    /** What a worker says when it has the semaphores open. */
    static final String JOINED = "joined";

    /**
     * What a worker is told.
     *
     * @param domain name of the domain
     * @param readers token of the semaphore that limits who reads
     * @param list token of the one-permit semaphore that protects the shared files
     * @param directory of the shared files
     * @param share how many files to do at most
     * @param sabotage whether to leave out the acquires
     */
    record Orders(String domain, String readers, String list, Path directory, int share, boolean sabotage) {

        List<String> lines() {
            return List.of(domain, readers, list, directory.toString(), "" + share, "" + sabotage);
        }

        static Orders read(BufferedReader in) throws IOException {
            return new Orders(
                    line(in), line(in), line(in), Path.of(line(in)), Integer.parseInt(line(in)), Boolean.parseBoolean(line(in)));
        }

        private static String line(BufferedReader in) throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the orders end too early");
            }
            return line;
        }
    }

    private final Orders orders;
    private final SharedWork work;
    private final Gauge gauge;
    private final Meter readers;
    private final Meter list;
    private int files;
    private long bytes;

    private DemoWorker(Orders orders, SharedWork work, Meter readers, Meter list) {
        this.orders = orders;
        this.work = work;
        this.gauge = work.gauge();
        this.readers = readers;
        this.list = list;
    }

    static int run(String[] arguments) {
        if (arguments.length != 0) {
            throw new IllegalArgumentException(COMMAND + " is for the demo itself, and takes its orders on standard input");
        }
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            work(Orders.read(in));
            return 0;
        } catch (IOException | InterruptedException e) {
            System.err.println(COMMAND + ": " + e);
            return 1;
        }
    }

    private static void work(Orders orders) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.open(orders.domain())) {
            DemoWorker worker = workIn(domain, orders);
            System.out.println(worker.tally(domain.brokerCalls()).line());
        }
    }

    private static DemoWorker workIn(SyncDomain domain, Orders orders) throws IOException, InterruptedException {
        try (HybridSemaphore readers = domain.openSemaphore(ObjectToken.parse(orders.readers()));
                HybridSemaphore list = domain.openSemaphore(ObjectToken.parse(orders.list()));
                SharedWork work = new SharedWork(orders.directory())) {
            System.out.println(JOINED);
            DemoWorker worker = new DemoWorker(
                    orders,
                    work,
                    new Meter(domain, readers, orders.sabotage()),
                    new Meter(domain, list, orders.sabotage()));
            worker.workThrough();
            return worker;
        }
    }

    private void workThrough() throws IOException, InterruptedException {
        while (files < orders.share()) {
            int index = take();
            if (index < 0) {
                return;
            }
            String result = digest(work.file(index));
            append(index, result);
            files++;
        }
    }

    private int take() throws IOException, InterruptedException {
        list.acquire();
        try {
            return work.take();
        } finally {
            list.release();
        }
    }

    private void append(int index, String result) throws IOException, InterruptedException {
        list.acquire();
        try {
            work.append(index, result);
        } finally {
            list.release();
        }
    }

    /** The digest, or a minus sign and why there is none. */
    private String digest(Path file) throws InterruptedException {
        readers.acquire();
        gauge.enter();
        try {
            readers.linger();
            Digests.Digest digest = Digests.of(file);
            bytes += digest.bytes();
            return digest.sha256();
        } catch (IOException e) {
            return "-" + e;
        } finally {
            gauge.leave();
            readers.release();
        }
    }

    private Tally tally(long brokerCalls) {
        return new Tally(
                files,
                bytes,
                readers.acquires() + list.acquires(),
                readers.waits() + list.waits(),
                Math.max(readers.longestNanos(), list.longestNanos()),
                Math.max(readers.stallNanos(), list.stallNanos()),
                brokerCalls,
                readers.operationsWithCalls() + list.operationsWithCalls());
    }
}
