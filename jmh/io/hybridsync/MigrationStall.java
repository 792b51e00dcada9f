package io.hybridsync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a thread that acquires and releases one semaphore all the time sees of its migrations, while another process opens
 * and closes that semaphore; beside the same with nobody there, and with a process that opens and closes another semaphore
 * instead, which costs the machine as much.
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@stall</pre>
 *
 * A pair is one acquire and release. A slice is a millisecond; of each the longest pair is kept.
 */
public final class MigrationStall {

    private static final int OPENS = 5000;
    private static final long SLICE_NANOS = 1_000_000;
    private static final int MOST_SLICES = 600_000;
    private static final int FINE_NANOS = 1 << 16;
    private static final int WARM_UP_PAIRS = 5_000_000;
    private static final Duration QUIET = Duration.ofSeconds(4);

    private MigrationStall() {}

    /** Without arguments the measurement; else the other process: directory, semaphore. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            openAndClose(Path.of(arguments[0]), arguments[1]);
            return;
        }
        Path directory = Files.createTempDirectory("hybrid-sync-jmh");
        try (SyncDomain domain = open(directory);
                HybridSemaphore hammered = domain.semaphore("hammered", SemaphoreSpec.permits(1));
                HybridSemaphore other = domain.semaphore("other", SemaphoreSpec.permits(1))) {
            for (int i = 0; i < WARM_UP_PAIRS; i++) {
                hammered.acquire();
                hammered.release();
            }
            System.out.println(measure(hammered, "nobody else", () -> quiet()));
            System.out.println(measure(hammered, "another semaphore moves", () -> others(directory, other)));
            System.out.println(measure(hammered, "this semaphore moves", () -> others(directory, hammered)));
        }
        while (Files.exists(directory.resolve("stall"))) {
            Thread.sleep(5);
        }
        Files.delete(directory);
    }

    private static SyncDomain open(Path directory) {
        return SyncDomain.builder("stall").directory(directory).linger(Duration.ZERO).open();
    }

    /** Something that goes on while the thread hammers; what it says belongs to the result. */
    private interface Meanwhile {
        String run() throws IOException, InterruptedException;
    }

    private static String quiet() throws InterruptedException {
        Thread.sleep(QUIET);
        return "";
    }

    private static String others(Path directory, HybridSemaphore semaphore) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MigrationStall.class.getName(),
                        directory.toString(),
                        semaphore.name().orElseThrow()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            process.waitFor();
            return "; " + line;
        }
    }

    private static void openAndClose(Path directory, String name) {
        double[] opens = new double[OPENS];
        double[] closes = new double[OPENS];
        try (SyncDomain domain = open(directory)) {
            for (int round = -OPENS / 5; round < OPENS; round++) {
                long start = System.nanoTime();
                HybridSemaphore semaphore = domain.openSemaphore(name);
                long opened = System.nanoTime();
                semaphore.close();
                if (round >= 0) {
                    opens[round] = (opened - start) / 1e3;
                    closes[round] = (System.nanoTime() - opened) / 1e3;
                }
            }
        }
        System.out.printf(Locale.ROOT, "%d opens: p50 %.0f us, p99 %.0f us; closes: p50 %.0f us, p99 %.0f us%n",
                OPENS, percentile(opens, 50), percentile(opens, 99), percentile(closes, 50), percentile(closes, 99));
    }

    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) * percent / 100];
    }

    private static String measure(HybridSemaphore semaphore, String what, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        Hammer hammer = new Hammer(semaphore);
        Thread thread = Thread.ofPlatform().start(hammer);
        String result = meanwhile.run();
        hammer.stop.set(true);
        thread.join();
        return "%s: %s%s".formatted(what, hammer, result);
    }

    /** The thread that acquires and releases. */
    private static final class Hammer implements Runnable {

        private final HybridSemaphore semaphore;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final long[] histogram = new long[FINE_NANOS];
        private final double[] longest = new double[MOST_SLICES];
        private int slices;
        private long pairs;

        private Hammer(HybridSemaphore semaphore) {
            this.semaphore = semaphore;
        }

        @Override
        public void run() {
            while (!stop.get() && slices < MOST_SLICES) {
                longest[slices++] = slice() / 1e3;
            }
        }

        private long slice() {
            long most = 0;
            long before = System.nanoTime();
            for (long end = before + SLICE_NANOS; before < end; ) {
                semaphore.acquireUninterruptibly();
                semaphore.release();
                long now = System.nanoTime();
                most = Math.max(most, now - before);
                histogram[(int) Math.min(now - before, FINE_NANOS - 1)]++;
                pairs++;
                before = now;
            }
            return most;
        }

        private long pairPercentile(int percent) {
            long left = pairs * percent / 100;
            int nanos = 0;
            while (left >= histogram[nanos]) {
                left -= histogram[nanos++];
            }
            return nanos;
        }

        @Override
        public String toString() {
            double[] all = Arrays.copyOf(longest, slices);
            return String.format(
                    Locale.ROOT,
                    "%d pairs: p50 %d ns, p99 %d ns; longest in a slice: p50 %.1f us, p99 %.1f us, max %.0f us",
                    pairs, pairPercentile(50), pairPercentile(99),
                    percentile(all, 50), percentile(all, 99), percentile(all, 100));
        }
    }
}
