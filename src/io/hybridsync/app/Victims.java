package io.hybridsync.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Processes that wait and are killed with SIGKILL, one after the other, while others work. */
final class Victims implements AutoCloseable {

    private static final int PLACES = 2;
    private static final int LONGEST_MILLIS = 150;

    private final Callable<DemoProcess> birth;
    private final Random random = new Random();
    private final AtomicInteger killed = new AtomicInteger();
    private final Set<DemoProcess> processes = ConcurrentHashMap.newKeySet();
    private final Set<DemoProcess> waiting = ConcurrentHashMap.newKeySet();
    private final CountDownLatch begun = new CountDownLatch(PLACES);
    private final ExecutorService killers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean ended;

    /** @param birth starts one */
    Victims(Callable<DemoProcess> birth) {
        this.birth = birth;
    }

    /** Starts, and returns when the first ones wait. */
    void start() throws DemoFailure, InterruptedException {
        for (int i = 0; i < PLACES; i++) {
            running.add(killers.submit(this::killOneByOne));
        }
        while (!begun.await(100, TimeUnit.MILLISECONDS)) {
            requireNoFailure();
        }
    }

    /** Kills those that are left; throws what went wrong with any. */
    void end() throws DemoFailure, InterruptedException {
        ended = true;
        for (Future<?> place : running) {
            outcome(place);
        }
    }

    /** The pids of those that wait. */
    Set<Long> waiting() {
        return waiting.stream().map(DemoProcess::pid).collect(Collectors.toUnmodifiableSet());
    }

    /** How many were killed. */
    int killed() {
        return killed.get();
    }

    private Void killOneByOne() throws Exception {
        while (!ended) {
            DemoProcess victim = birth.call();
            processes.add(victim);
            try {
                awaitWaiting(victim);
                kill(victim);
            } finally {
                victim.close();
                processes.remove(victim);
            }
        }
        return null;
    }

    private void awaitWaiting(DemoProcess victim) throws DemoFailure, IOException {
        if (!DemoVictim.WAITING.equals(victim.hear())) {
            throw new DemoFailure("a process that was to wait has ended");
        }
        waiting.add(victim);
        begun.countDown();
    }

    private void kill(DemoProcess victim) throws DemoFailure, InterruptedException {
        if (victim.endsWithin(random.nextInt(LONGEST_MILLIS))) {
            throw new DemoFailure("a process that waits for what is not there has ended");
        }
        waiting.remove(victim);
        victim.close();
        victim.waitFor();
        killed.incrementAndGet();
    }

    private void requireNoFailure() throws DemoFailure, InterruptedException {
        for (Future<?> place : running) {
            if (place.isDone()) {
                outcome(place);
            }
        }
    }

    private static void outcome(Future<?> place) throws DemoFailure, InterruptedException {
        try {
            place.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof DemoFailure failure ? failure : new DemoFailure("a killer: " + e.getCause());
        }
    }

    @Override
    public void close() {
        ended = true;
        processes.forEach(DemoProcess::close);
        killers.shutdownNow();
        killers.close();
    }
}
