package io.hybridsync;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One uncontended acquire and release, or lock and unlock, of this library and of its peers, in one run. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(3)
public class PairBenchmark {

    private static final MethodHandle SEM_INIT = libc("sem_init", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SEM_WAIT = libc("sem_wait", ADDRESS);
    private static final MethodHandle SEM_POST = libc("sem_post", ADDRESS);
    private static final int SEM_T_BYTES = 32;

    private final Semaphore local = new Semaphore(5);
    private final ReentrantLock localLock = new ReentrantLock();
    private final MemorySegment posix = Arena.global().allocate(SEM_T_BYTES, 64);
    private Path directory;
    private SyncDomain domain;
    private HybridSemaphore hybrid;
    private HybridSemaphore leased;
    private HybridMutex hybridMutex;

    private static MethodHandle libc(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Opens one of each, with five permits. */
    @Setup
    public void open() throws Throwable {
        directory = Files.createTempDirectory("hybrid-sync-jmh");
        domain = SyncDomain.builder("jmh")
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open();
        hybrid = domain.createSemaphore(SemaphoreSpec.permits(5));
        leased = domain.createSemaphore(SemaphoreSpec.permits(5).leased());
        hybridMutex = domain.createMutex(MutexSpec.unlocked());
        int result = (int) SEM_INIT.invokeExact(posix, 1, 5);
        if (result != 0) {
            throw new IllegalStateException("sem_init");
        }
    }

    /** Closes what leaves traces. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        domain.close();
        while (Files.exists(directory.resolve("jmh"))) {
            Thread.sleep(1);
        }
        Files.deleteIfExists(directory);
    }

    /** This library: hashed, verified, in memory that other processes can map. */
    @Benchmark
    public void hybridSemaphore() throws InterruptedException {
        hybrid.acquire();
        hybrid.release();
    }

    /** The same, and its permits come back when this process dies. */
    @Benchmark
    public void leasedSemaphore() throws InterruptedException {
        leased.acquire();
        leased.release();
    }

    /** java.util.concurrent, in one process. */
    @Benchmark
    public void localSemaphore() throws InterruptedException {
        local.acquire();
        local.release();
    }

    private static void nothing() {}

    /** A mutex of this library. */
    @Benchmark
    public void hybridMutex() {
        hybridMutex.lock();
        try {
            nothing();
        } finally {
            hybridMutex.unlock();
        }
    }

    /** java.util.concurrent, in one process. */
    @Benchmark
    public void localLock() {
        localLock.lock();
        try {
            nothing();
        } finally {
            localLock.unlock();
        }
    }

    /** The C library's, shared between processes, by downcall. */
    @Benchmark
    public int posixSemaphore() throws Throwable {
        int waited = (int) SEM_WAIT.invokeExact(posix);
        return waited + (int) SEM_POST.invokeExact(posix);
    }
}
