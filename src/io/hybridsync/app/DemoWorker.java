package io.hybridsync.app;

import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One process of the demo: takes files from the shared list, digests them, appends the results, and leaves after its share.
 * It is told on standard input what to do, and says on standard output when it has joined and what it did.
 */
final class DemoWorker {

    static final String COMMAND = "demo-worker";

    /** What a worker says when it has the objects open. */
    static final String JOINED = "joined";

    /**
     * What a worker is told.
     *
     * @param domain name of the domain
     * @param readers token of the semaphore that limits who reads
     * @param list token of the mutex that protects the shared files
     * @param start token of the event to wait for before the work begins
     * @param done token of the event to set when it is done
     * @param directory of the shared files
     * @param share how many files to do at most
     * @param sabotage whether to leave out the acquires and locks
     */
    record Orders(
            String domain,
            ObjectToken readers,
            ObjectToken list,
            ObjectToken start,
            ObjectToken done,
            Path directory,
            int share,
            boolean sabotage) {

        List<String> lines() {
            return Stream.of(domain, readers, list, start, done, directory, share, sabotage)
                    .map(Object::toString)
                    .toList();
        }

        static Orders read(OrderReader in) throws IOException {
            return new Orders(
                    in.line(),
                    ObjectToken.parse(in.line()),
                    ObjectToken.parse(in.line()),
                    ObjectToken.parse(in.line()),
                    ObjectToken.parse(in.line()),
                    Path.of(in.line()),
                    Integer.parseInt(in.line()),
                    Boolean.parseBoolean(in.line()));
        }
    }

    private final Orders orders;
    private final SharedWork work;
    private final Gauge gauge;
    private final Meter readers;
    private final ListMutex mutex;
    private final Meter list;
    private int files;
    private long bytes;

    private DemoWorker(Orders orders, SharedWork work, SyncDomain domain, HybridSemaphore readers, HybridMutex list) {
        this.orders = orders;
        this.work = work;
        this.gauge = work.gauge();
        this.readers = new Meter(domain, Gate.of(readers), orders.sabotage());
        this.mutex = new ListMutex(list, work);
        this.list = new Meter(domain, mutex, orders.sabotage());
    }

    static int run(OrderReader in) throws IOException, InterruptedException {
        Orders orders = Orders.read(in);
        in.endWithParent();
        work(orders);
        return 0;
    }

    private static void work(Orders orders) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.open(orders.domain())) {
            DemoWorker worker = workIn(domain, orders);
            System.out.println(worker.tally(domain.brokerCalls()).line());
        }
    }

    private static DemoWorker workIn(SyncDomain domain, Orders orders) throws IOException, InterruptedException {
        try (HybridSemaphore readers = domain.openSemaphore(orders.readers());
                HybridMutex list = domain.openMutex(orders.list());
                HybridEvent start = domain.openEvent(orders.start());
                HybridEvent done = domain.openEvent(orders.done());
                SharedWork work = new SharedWork(orders.directory())) {
            System.out.println(JOINED);
            DemoWorker worker = new DemoWorker(orders, work, domain, readers, list);
            start.await();
            worker.workThrough();
            done.set();
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

    private void lock() throws IOException, InterruptedException {
        list.acquire();
        if (!orders.sabotage()) {
            mutex.mend();
        }
    }

    private int take() throws IOException, InterruptedException {
        lock();
        try {
            return work.take();
        } finally {
            list.release();
        }
    }

    private void append(int index, String result) throws IOException, InterruptedException {
        lock();
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
