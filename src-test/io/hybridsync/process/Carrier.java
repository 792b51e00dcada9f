package io.hybridsync.process;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * A process with very many virtual threads that wait, and one carrier for them. The flight recorder tells whether one of
 * them kept it. Arguments: directory, domain, threads at one object, threads at an object each, directory for files.
 */
public final class Carrier {

    private static final int EXIT_HANGS = 3;

    private final SyncDomain domain;
    private final AtomicLong progress = new AtomicLong();

    private Carrier(SyncDomain domain) {
        this.domain = domain;
    }

    /** Runs it; a line for each way to wait, and the number of events at last. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int many = Integer.parseInt(arguments[2]);
        Path file = Files.createTempFile(Path.of(arguments[4]), "carrier", ".jfr");
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                        .directory(Path.of(arguments[0]))
                        .linger(Duration.ZERO)
                        .claimTimeout(Duration.ofHours(1))
                        .open();
                Recording recording = new Recording()) {
            Carrier carrier = new Carrier(domain);
            try (Watchdog _ = Watchdog.start(
                    "carrier", carrier.progress::get, () -> Runtime.getRuntime().halt(EXIT_HANGS))) {
                recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
                recording.start();
                carrier.semaphore(many, 1);
                carrier.semaphore(many, 8);
                carrier.mutex(many);
                carrier.semaphores(Integer.parseInt(arguments[3]));
                recording.stop();
                recording.dump(file);
            }
            List<RecordedEvent> pinned = RecordingFile.readAllEvents(file);
            pinned.forEach(System.err::println);
            System.out.println(pinned.size());
        } finally {
            Files.delete(file);
        }
    }

    private void semaphore(int many, int maximum) throws InterruptedException {
        HybridSemaphore semaphore = domain.createSemaphore(SemaphoreSpec.permits(0).maximum(maximum));
        run(many + " virtual threads at a semaphore of " + maximum, many, i -> {
            semaphore.acquireUninterruptibly();
            semaphore.release();
        }, () -> semaphore.release(maximum));
        require(semaphore.availablePermits() == maximum);
        semaphore.close();
    }

    private void mutex(int many) throws InterruptedException {
        HybridMutex mutex = domain.createMutex(MutexSpec.locked());
        long[] inside = new long[1];
        run(many + " virtual threads at a mutex", many, i -> {
            mutex.lock();
            try {
                inside[0]++;
            } finally {
                mutex.unlock();
            }
        }, mutex::unlock);
        require(inside[0] == many && !mutex.isLocked());
        mutex.close();
    }

    private void semaphores(int many) throws InterruptedException {
        List<HybridSemaphore> semaphores = IntStream.range(0, many)
                .mapToObj(i -> domain.createSemaphore(SemaphoreSpec.permits(0).compact()))
                .toList();
        run(many + " virtual threads at a semaphore each", many,
                i -> semaphores.get(i).acquireUninterruptibly(), () -> semaphores.forEach(HybridSemaphore::release));
        require(semaphores.stream().allMatch(semaphore -> semaphore.availablePermits() == 0));
        semaphores.forEach(HybridSemaphore::close);
    }

    private void run(String title, int many, IntConsumer wait, Runnable signal) throws InterruptedException {
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>(many);
        for (int i = 0; i < many; i++) {
            int index = i;
            threads.add(Thread.ofVirtual().start(() -> {
                wait.accept(index);
                progress.incrementAndGet();
            }));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                LockSupport.parkNanos(100_000);
            }
        }
        long asleep = System.nanoTime();
        signal.run();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("%s: asleep within %d ms, through within %d ms%n",
                title, (asleep - start) / 1_000_000, (System.nanoTime() - asleep) / 1_000_000);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the sums are wrong");
        }
    }
}
