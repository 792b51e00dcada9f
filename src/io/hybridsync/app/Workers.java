package io.hybridsync.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * The demo's worker processes: a number of places, each filled by one process after the other until as many have lived as
 * were asked for. So processes join and leave while the others work.
 */
final class Workers implements AutoCloseable {

    private final int places;
    private final int lives;
    private final IntFunction<DemoWorker.Orders> orders;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final Map<Integer, Tally> tallies = new ConcurrentHashMap<>();
    private final Set<DemoProcess> processes = ConcurrentHashMap.newKeySet();
    private final Set<DemoProcess> members = ConcurrentHashMap.newKeySet();
    private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();

    /**
     * @param places how many work at a time
     * @param lives how many processes work in all
     * @param orders what the n-th process is told
     */
    Workers(int places, int lives, IntFunction<DemoWorker.Orders> orders) {
        this.places = places;
        this.lives = lives;
        this.orders = orders;
    }

    void start() {
        for (int i = 0; i < places; i++) {
            running.add(watchers.submit(this::fillPlace));
        }
    }

    boolean isDone() {
        return running.stream().allMatch(Future::isDone);
    }

    /** Waits for all; throws what went wrong with the first that failed. */
    void join() throws DemoFailure, InterruptedException {
        for (Future<?> place : running) {
            try {
                place.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof DemoFailure failure ? failure : new DemoFailure("a watcher: " + e.getCause());
            }
        }
    }

    int joined() {
        return joined.get();
    }

    int left() {
        return left.get();
    }

    /** The pids of those that have joined and not left. */
    Set<Long> members() {
        return pids(members);
    }

    /** The pids of all that run, members or not. */
    Set<Long> living() {
        return pids(processes);
    }

    private static Set<Long> pids(Set<DemoProcess> processes) {
        return processes.stream().map(DemoProcess::pid).collect(Collectors.toUnmodifiableSet());
    }

    /** What each did, by number. */
    Map<Integer, Tally> tallies() {
        return new TreeMap<>(tallies);
    }

    /** What all of them did. */
    Tally sum() {
        return tallies.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    private Void fillPlace() throws DemoFailure, IOException, InterruptedException {
        for (int life = started.incrementAndGet(); life <= lives; life = started.incrementAndGet()) {
            live(life);
        }
        return null;
    }

    private void live(int life) throws DemoFailure, IOException, InterruptedException {
        DemoProcess process = DemoProcess.start(DemoWorker.COMMAND, orders.apply(life).lines());
        processes.add(process);
        try {
            listen(process, life);
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new DemoFailure("worker %d ended with exit code %d".formatted(life, exitCode));
            }
        } finally {
            process.close();
            members.remove(process);
            processes.remove(process);
        }
    }

    private void listen(DemoProcess process, int life) throws IOException {
        for (String line = process.hear(); line != null; line = process.hear()) {
            if (line.equals(DemoWorker.JOINED)) {
                members.add(process);
                joined.incrementAndGet();
            } else if (Tally.isTally(line)) {
                members.remove(process);
                tallies.put(life, Tally.parse(line));
                left.incrementAndGet();
            }
        }
    }

    /** Kills those that are left. */
    @Override
    public void close() {
        started.addAndGet(lives);
        processes.forEach(DemoProcess::close);
        watchers.shutdownNow();
        watchers.close();
    }
}
