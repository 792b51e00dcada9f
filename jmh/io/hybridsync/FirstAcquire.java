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

/**
 * How long it takes a fresh JVM from the first line of its main method to its first acquire, with the broker up and with
 * the broker to be started.
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@first</pre>
 */
public final class FirstAcquire {

    private static final int ROUNDS = 11;

    private FirstAcquire() {}

    /** Without arguments the measurement; else one probe in the directory. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            probe(Path.of(arguments[0]));
            return;
        }
        Path directory = Files.createTempDirectory("hybrid-sync-jmh");
        double[] cold = new double[ROUNDS];
        double[] warm = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            cold[i] = millis(directory);
            while (Files.exists(directory.resolve("first"))) {
                Thread.sleep(5);
            }
        }
        try (SyncDomain _ = open(directory)) {
            for (int i = 0; i < ROUNDS; i++) {
                warm[i] = millis(directory);
            }
        }
        System.out.printf(Locale.ROOT, "first acquire: broker to be started %.0f ms, broker up %.0f ms (medians of %d)%n",
                median(cold), median(warm), ROUNDS);
        while (Files.exists(directory.resolve("first"))) {
            Thread.sleep(5);
        }
        Files.delete(directory);
    }

    private static SyncDomain open(Path directory) {
        return SyncDomain.builder("first").directory(directory).linger(Duration.ZERO).open();
    }

    private static void probe(Path directory) throws InterruptedException {
        long start = System.nanoTime();
        try (SyncDomain domain = open(directory);
                HybridSemaphore semaphore = domain.semaphore("s", SemaphoreSpec.permits(1))) {
            semaphore.acquire();
            System.out.println((System.nanoTime() - start) / 1e6);
            semaphore.release();
        }
    }

    private static double millis(Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstAcquire.class.getName(),
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            double millis = Double.parseDouble(out.readLine());
            process.waitFor();
            return millis;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
