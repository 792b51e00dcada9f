package io.hybridsync.app;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Processes that are killed with SIGKILL when they are in a certain state, one after the other, while others work. */
final class Victims implements AutoCloseable {

    private final DemoProcesses processes;
    private final int places;
    private final int longestMillis;
    private final List<String> sayings;
    private final Callable<DemoProcess> birth;
    private final Random random = new Random();
    private final AtomicInteger killed = new AtomicInteger();
    private final Set<DemoProcess> present = ConcurrentHashMap.newKeySet();
    private final CountDownLatch begun;
    private final Places killers = new Places();
    private volatile boolean ended;

    /**
     * @param places how many there are at a time
     * @param longestMillis how long one is left in that state at most
     * @param sayings what one says, first that it has its object open, last that it may be killed
     * @param birth starts one
     */
    Victims(
            DemoProcesses processes,
            int places,
            int longestMillis,
            List<String> sayings,
            Callable<DemoProcess> birth) {
        this.processes = processes;
        this.places = places;
        this.longestMillis = longestMillis;
        this.sayings = sayings;
        this.birth = birth;
        this.begun = new CountDownLatch(places);
    }

    void start() {
        killers.start(places, this::killOneByOne);
    }

    /** Returns when the first ones may be killed. */
    void awaitFirst() throws DemoFailure, InterruptedException {
        killers.await(begun);
    }

    /** Kills those that are left; throws what went wrong with any. */
    void end() throws DemoFailure, InterruptedException {
        ended = true;
        killers.join();
    }

    /** The pids of those that have their object open. */
    Set<Long> present() {
        return present.stream().map(DemoProcess::pid).collect(Collectors.toUnmodifiableSet());
    }

    /** How many were killed. */
    int killed() {
        return killed.get();
    }

    private Void killOneByOne() throws Exception {
        while (!ended) {
            DemoProcess victim = birth.call();
            try {
                listen(victim);
                kill(victim);
            } finally {
                present.remove(victim);
                processes.end(victim);
            }
        }
        return null;
    }

    private void listen(DemoProcess victim) throws DemoFailure, IOException {
        for (String saying : sayings) {
            if (!saying.equals(victim.hear())) {
                throw new DemoFailure("a process that was to be killed has ended before it was " + saying);
            }
            present.add(victim);
        }
        begun.countDown();
    }

    private void kill(DemoProcess victim) throws DemoFailure, InterruptedException {
        if (victim.endsWithin(random.nextInt(longestMillis))) {
            throw new DemoFailure("a process that waits for what is not there has ended");
        }
        present.remove(victim);
        victim.close();
        victim.awaitEnd();
        killed.incrementAndGet();
    }

    @Override
    public void close() {
        ended = true;
        killers.close();
    }
}
