package io.hybridsync.chaos;

import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What those who live have of one performance: their objects, and their threads that wait. Their process is in the domain
 * twice, once with threads that sleep in the kernel and once with parked ones.
 */
final class Stage implements AutoCloseable {

    /** The name of the badge, after the prefix: as long as the broker counts a process among its holders, it counts as alive. */
    static final String BADGE = "badge";

    /** The name of the object that it is about, after the prefix. */
    static final String OBJECT = "object";

    /** The name of a second one. */
    static final String SECOND = "second";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MICROS = 300;

    private final SyncDomain domain;
    private final SyncDomain parked;
    private final String prefix;
    private final List<HybridObject> objects = new CopyOnWriteArrayList<>();
    private final List<Standing<?>> threads = new CopyOnWriteArrayList<>();
    private final HybridSemaphore badge;

    Stage(SyncDomain domain, SyncDomain parked, String prefix) {
        this.domain = domain;
        this.parked = parked;
        this.prefix = prefix;
        this.badge = keep(domain.createSemaphore(prefix + BADGE, SemaphoreSpec.permits(0)));
    }

    /** Where threads sleep in the kernel. */
    SyncDomain domain() {
        return domain;
    }

    /** Where threads park. */
    SyncDomain parked() {
        return parked;
    }

    /** One or the other. */
    SyncDomain domain(int index) {
        return index % 2 == 0 ? domain : parked;
    }

    /** The full name of an object. */
    String name(String object) {
        return prefix + object;
    }

    /** Closes it at the end. */
    <T extends HybridObject> T keep(T object) {
        objects.add(object);
        return object;
    }

    /** A handle of the other domain to the same object. */
    HybridSemaphore other(HybridSemaphore semaphore) {
        return keep(parked.openSemaphore(semaphore.token()));
    }

    /** A handle of the other domain to the same object. */
    HybridMutex other(HybridMutex mutex) {
        return keep(parked.openMutex(mutex.token()));
    }

    /** A handle of the other domain to the same object. */
    HybridEvent other(HybridEvent event) {
        return keep(parked.openEvent(event.token()));
    }

    /** A thread of those who live. */
    <T> Standing<T> start(String what, Callable<T> does) {
        Standing<T> standing = new Standing<>(what, does);
        threads.add(standing);
        return standing;
    }

    /** A thread that waits at an object where nobody has waited before; returns when it is seen there. */
    <T> Standing<T> startFirst(String what, HybridObject at, Callable<T> does) {
        Standing<T> standing = start(what, does);
        eventually(what + " waits", () -> at.snapshot().waiters()
                || at.snapshot().flags().contains("WAKE_BROKER")
                || (at.snapshot().location().contains("broker") && standing.isParked()));
        return standing;
    }

    /** A thread that parks; returns when it does so. */
    <T> Standing<T> startParked(String what, Callable<T> does) {
        Standing<T> standing = start(what, does);
        eventually(what + " waits", standing::isParked);
        return standing;
    }

    /** The one, or the other for all that come later, whose threads have to park. */
    <T> Standing<T> startWaiting(int index, HybridObject at, Callable<T> does) {
        return index == 0 ? startFirst("waiter 0", at, does) : startParked("waiter " + index, does);
    }

    /** The broker has dealt with the end of a client. */
    void awaitEndOf(int client) {
        eventually("client " + client + " is gone", () -> !badge.snapshot().group().contains(client));
    }

    /** Waits until something is so; a survivor who failed meanwhile fails it. */
    void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            threads.forEach(Standing::check);
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within a minute: %s; %s; %s".formatted(what, threads, objects()));
            }
            pause();
        }
    }

    /** Whether all threads that were started have ended. */
    boolean threadsHaveEnded() {
        return threads.stream().allMatch(Standing::hasEnded);
    }

    /** The objects of this performance, as the broker knows them. */
    List<String> objects() {
        return domain.objects().stream()
                .filter(object -> object.name().orElse("").startsWith(prefix))
                .map(String::valueOf)
                .toList();
    }

    /** For so long, objects are made, opened and closed, so that they move, and operated on by both clients. */
    void goOnFor(long nanos) {
        long end = System.nanoTime() + nanos;
        do {
            for (SemaphoreSpec spec : List.of(SemaphoreSpec.permits(0), SemaphoreSpec.permits(0).global())) {
                try (HybridSemaphore mine = domain.createSemaphore(spec);
                        HybridSemaphore other = parked.openSemaphore(mine.token())) {
                    Standing<Boolean> waiter = startFirst("bystander", mine, () -> {
                        other.acquireUninterruptibly();
                        return true;
                    });
                    mine.release();
                    eventually("a bystander passes", waiter::hasEnded);
                }
            }
        } while (System.nanoTime() - end < 0);
    }

    private static void pause() {
        try {
            TimeUnit.MICROSECONDS.sleep(LOOK_MICROS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    /** All threads have ended; nothing is left of the objects once they are closed. */
    @Override
    public void close() {
        for (Standing<?> one : threads) {
            eventually(one + " ends", one::hasEnded);
        }
        threads.forEach(Standing::check);
        objects.forEach(HybridObject::close);
        eventually("nothing is left", () -> objects().isEmpty());
    }

    /** A thread of those who live, and what it comes to. */
    static final class Standing<T> {

        private final String what;
        private final FutureTask<T> task;
        private final Thread thread;

        Standing(String what, Callable<T> does) {
            this.what = what;
            this.task = new FutureTask<>(does);
            this.thread = Thread.ofPlatform().daemon().name(what).start(task);
        }

        boolean isParked() {
            return thread.getState() == Thread.State.WAITING;
        }

        boolean hasEnded() {
            return task.isDone();
        }

        T result() {
            return task.resultNow();
        }

        void check() {
            if (task.state() == FutureTask.State.FAILED) {
                throw new AssertionError(what + " failed", task.exceptionNow());
            }
        }

        @Override
        public String toString() {
            return what + " (" + task.state() + ", " + List.of(thread.getStackTrace()) + ")";
        }
    }
}
