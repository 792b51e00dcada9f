package io.hybridsync.app;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * The demo's worker processes: a number of places, each filled by one process after the other until as many have lived as
 * were asked for. So processes join and leave while the others work.
 */
final class Workers implements AutoCloseable {

    private final DemoProcesses processes;
    private final int places;
    private final int lives;
    private final IntFunction<DemoWorker.Orders> orders;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final Map<Integer, Tally> tallies = new ConcurrentHashMap<>();
    private final Set<DemoProcess> living = ConcurrentHashMap.newKeySet();
    private final Map<Integer, DemoProcess> members = new ConcurrentHashMap<>();
    private final CountDownLatch firstJoined;
    private final Places watchers = new Places();

    /**
     * @param places how many work at a time
     * @param lives how many processes work in all
     * @param orders what the n-th process is told
     */
    Workers(DemoProcesses processes, int places, int lives, IntFunction<DemoWorker.Orders> orders) {
        this.processes = processes;
        this.places = places;
        this.lives = lives;
        this.orders = orders;
        this.firstJoined = new CountDownLatch(places);
    }

    void start() {
        watchers.start(places, this::fillPlace);
    }

    /** Returns when all that work at a time have joined. */
    void awaitFirst() throws DemoFailure, InterruptedException {
        watchers.await(firstJoined);
    }

    boolean isDone() {
        return watchers.isDone();
    }

    /** Waits for all; throws what went wrong with the first that failed. */
    void join() throws DemoFailure, InterruptedException {
        watchers.join();
    }

    int joined() {
        return joined.get();
    }

    int left() {
        return left.get();
    }

    /** The pids of those that have joined and not left. */
    Set<Long> members() {
        return pids(members.values());
    }

    /** The pid of the n-th, if it has joined and not left. */
    Set<Long> member(int life) {
        DemoProcess member = members.get(life);
        return member == null ? Set.of() : Set.of(member.pid());
    }

    /** The pids of all that run, members or not. */
    Set<Long> living() {
        return pids(living);
    }

    private static Set<Long> pids(Collection<DemoProcess> processes) {
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
        DemoProcess process = processes.start(DemoWorker.COMMAND, orders.apply(life).lines());
        living.add(process);
        try {
            listen(process, life);
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new DemoFailure("worker %d ended with exit code %d".formatted(life, exitCode));
            }
        } finally {
            members.remove(life);
            living.remove(process);
            processes.end(process);
        }
    }

    private void listen(DemoProcess process, int life) throws IOException {
        for (String line = process.hear(); line != null; line = process.hear()) {
            if (line.equals(DemoWorker.JOINED)) {
                members.put(life, process);
                joined.incrementAndGet();
                firstJoined.countDown();
            } else if (Tally.isTally(line)) {
                members.remove(life);
                tallies.put(life, Tally.parse(line));
                left.incrementAndGet();
            }
        }
    }

    /** Starts no more; those that are left have to end. */
    @Override
    public void close() {
        started.addAndGet(lives);
        watchers.close();
    }
}
