package io.hybridsync.chaos;

import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Several threads that work through a list of points, each with a victim of its own. */
final class Company {

    private final Theatre theatre;
    private final Queue<Point> points;
    private final int size;
    private final AtomicInteger missed = new AtomicInteger();

    /** What is done at a point. */
    @FunctionalInterface
    interface Work {

        /** Does it; false if it did not come to that point. */
        boolean at(Point point, Victim victim) throws Exception;
    }

    Company(Theatre theatre, List<Point> points, int size) {
        this.theatre = theatre;
        this.points = new ConcurrentLinkedQueue<>(points);
        this.size = size;
    }

    /** Does the work at each point. */
    void run(Work work) throws Exception {
        Collections.nCopies(Math.min(size, points.size()), 0).forEach(one -> theatre.prepare());
        try (ExecutorService executor = Executors.newFixedThreadPool(size)) {
            List<Callable<Void>> jobs = Collections.nCopies(size, () -> runSome(work));
            for (Future<Void> job : executor.invokeAll(jobs)) {
                job.get();
            }
        }
    }

    private Void runSome(Work work) throws Exception {
        for (Point point = points.poll(); point != null; point = points.poll()) {
            theatre.prepare();
            if (!work.at(point, theatre.next())) {
                missed.incrementAndGet();
            }
        }
        return null;
    }

    /** How often it did not come to the point. */
    int missed() {
        return missed.get();
    }
}
