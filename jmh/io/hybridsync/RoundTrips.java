package io.hybridsync;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A token goes to another process and comes back: two semaphores, of this library and of the C library by downcall, in
 * turns in one run. Both processes on different cores, then on the same one.
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@roundtrips</pre>
 */
public final class RoundTrips {

    private static final int ROUNDS = 7;
    private static final int TRIPS = 4000;
    private static final int SEM_T_BYTES = 64;

    /** The two ends of a rally. */
    private interface Rally {
        void send() throws Throwable;

        void receive() throws Throwable;
    }

    private RoundTrips() {}

    /** Without arguments the measurement; else the other process: directory and the cores of both. */
    public static void main(String[] arguments) throws Throwable {
        if (arguments.length > 0) {
            rallies(Path.of(arguments[0]), false);
            return;
        }
        for (String cores : List.of("0,1", "0,0")) {
            measure(cores.split(","));
        }
    }

    private static void measure(String[] cores) throws Throwable {
        Path directory = Files.createTempDirectory("hybrid-sync-jmh");
        Files.write(directory.resolve("posix"), new byte[2 * SEM_T_BYTES]);
        pin(ProcessHandle.current().pid(), cores[0]);
        List<String> command = new ArrayList<>(List.of("taskset", "-c", cores[1]));
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(RoundTrips.class.getName(), directory.toString()));
        Process other = new ProcessBuilder(command).inheritIO().start();
        try {
            double[][] micros = rallies(directory, true);
            System.out.printf(Locale.ROOT, "cores %s: hybrid-sync %.2f us, sem_t %.2f us, ratio %.2f (medians of %d x %d)%n",
                    String.join("+", cores), median(micros[0]), median(micros[1]),
                    median(micros[0]) / median(micros[1]), ROUNDS, TRIPS);
        } finally {
            other.waitFor();
            Files.delete(directory.resolve("posix"));
            pin(ProcessHandle.current().pid(), "0,1");
            while (Files.exists(directory.resolve("rally"))) {
                Thread.sleep(10);
            }
            Files.delete(directory);
        }
    }

    private static void pin(long pid, String cores) throws IOException, InterruptedException {
        new ProcessBuilder("taskset", "-apc", cores, "" + pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double[][] rallies(Path directory, boolean first) throws Throwable {
        try (SyncDomain domain =
                        SyncDomain.builder("rally").directory(directory).linger(Duration.ZERO).open();
                HybridSemaphore there = domain.semaphore(first ? "there" : "back", SemaphoreSpec.permits(0));
                HybridSemaphore back = domain.semaphore(first ? "back" : "there", SemaphoreSpec.permits(0));
                FileChannel file = FileChannel.open(
                        directory.resolve("posix"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment posix = file.map(FileChannel.MapMode.READ_WRITE, 0, 2 * SEM_T_BYTES, Arena.global());
            Rally hybrid = new Rally() {
                @Override
                public void send() {
                    there.release();
                }

                @Override
                public void receive() throws InterruptedException {
                    back.acquire();
                }
            };
            Rally c = posix(posix.asSlice(first ? 0 : SEM_T_BYTES), posix.asSlice(first ? SEM_T_BYTES : 0), first);
            double[][] micros = new double[2][ROUNDS];
            for (int round = -1; round < ROUNDS; round++) {
                double one = rally(hybrid, first);
                double two = rally(c, first);
                if (round >= 0) {
                    micros[0][round] = one;
                    micros[1][round] = two;
                }
            }
            return micros;
        }
    }

    private static Rally posix(MemorySegment there, MemorySegment back, boolean first) throws Throwable {
        MethodHandle init = libc("sem_init", ADDRESS, JAVA_INT, JAVA_INT);
        MethodHandle await = libc("sem_wait", ADDRESS);
        MethodHandle post = libc("sem_post", ADDRESS);
        if (first && ((int) init.invokeExact(there, 1, 0) != 0 || (int) init.invokeExact(back, 1, 0) != 0)) {
            throw new IllegalStateException("sem_init");
        }
        return new Rally() {
            @Override
            public void send() throws Throwable {
                int ignored = (int) post.invokeExact(there);
            }

            @Override
            public void receive() throws Throwable {
                int ignored = (int) await.invokeExact(back);
            }
        };
    }

    private static MethodHandle libc(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static double rally(Rally rally, boolean first) throws Throwable {
        long start = System.nanoTime();
        for (int i = 0; i < TRIPS; i++) {
            if (first) {
                rally.send();
                rally.receive();
            } else {
                rally.receive();
                rally.send();
            }
        }
        return (System.nanoTime() - start) / 1e3 / TRIPS;
    }
}
