package io.hybridsync;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long it takes to open an object when that makes a new group, and when it finds a group that is there, with 10, 1,000
 * and 10,000 groups about: every open domain is a client, and each pair of clients that share an object is a group.
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@groups</pre>
 *
 * The broker, a process of its own, has a file for each slab, and each client one for each of its slabs: the clients of the
 * groups that are only there live in several processes, so that {@code ulimit -n} suffices. Those that are measured live in
 * this one.
 */
public final class GroupLookup {

    private static final int SAMPLES = 300;
    private static final int WARM_UP = 3_000;
    private static final int PROCESSES = 4;
    private static final int[] GROUPS = {10, 1_000, 10_000};
    private static final String DOMAIN = "groups";
    private static final String CROWD = "--crowd";

    private final Path directory;
    private final List<HybridSemaphore> open = new ArrayList<>();

    private GroupLookup(Path directory) {
        this.directory = directory;
    }

    /** Measures; as arguments other numbers of groups. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2 && arguments[0].equals(CROWD)) {
            new Crowd(Path.of(arguments[1])).serve();
            return;
        }
        int[] groups = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        for (int number : groups.length == 0 ? GROUPS : groups) {
            Path directory = Files.createTempDirectory("hybrid-sync-jmh");
            new GroupLookup(directory).measure(number);
            while (Files.exists(directory.resolve(DOMAIN))) {
                Thread.sleep(5);
            }
            Files.delete(directory);
        }
    }

    private void measure(int groups) throws IOException, InterruptedException {
        List<Helper> helpers = new ArrayList<>();
        try (SyncDomain one = client(directory);
                SyncDomain two = client(directory)) {
            for (int i = 0; i < PROCESSES; i++) {
                helpers.add(new Helper(directory));
            }
            int made = 0;
            for (int second = 1; made < groups; second++) {
                for (int first = 0; first < second && made < groups; first++, made++) {
                    helpers.get(first % PROCESSES).ask("create " + first + " " + made);
                    helpers.get(second % PROCESSES).ask("open " + second + " " + made);
                }
            }
            report(groups, one, two);
        } finally {
            for (Helper helper : helpers) {
                helper.end();
            }
        }
    }

    private void report(int groups, SyncDomain one, SyncDomain two) {
        double[] fresh = new double[SAMPLES];
        for (int i = -WARM_UP; i < SAMPLES; i++) {
            fresh[Math.max(i, 0)] = share(one, two, "fresh " + i);
            open.removeLast().close();
            open.removeLast().close();
        }
        share(one, two, "that keeps the group");
        double[] found = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            found[i] = share(one, two, "found " + i);
        }
        System.out.printf(Locale.ROOT, "%d groups: an open that makes one %.0f us, that finds one %.0f us (medians of %d)%n",
                groups, median(fresh), median(found), SAMPLES);
    }

    /** One creates a semaphore and another opens it; the time for the latter. */
    private double share(SyncDomain one, SyncDomain two, String name) {
        open.add(one.createSemaphore(name, SemaphoreSpec.permits(1)));
        long start = System.nanoTime();
        open.add(two.openSemaphore(name));
        return (System.nanoTime() - start) / 1e3;
    }

    private static SyncDomain client(Path directory) {
        return SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** A process with many clients, spoken to by lines. */
    private static final class Helper {

        private final Process process;
        private final BufferedWriter in;
        private final BufferedReader out;

        Helper(Path directory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                            "-cp", System.getProperty("java.class.path"),
                            GroupLookup.class.getName(), CROWD, directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = process.outputWriter(StandardCharsets.UTF_8);
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        void ask(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
            String answer = out.readLine();
            if (!"done".equals(answer)) {
                throw new IllegalStateException(line + ": " + answer);
            }
        }

        void end() throws IOException, InterruptedException {
            in.close();
            process.waitFor();
        }
    }

    /** What such a process does. */
    private static final class Crowd {

        private final Path directory;
        private final Map<String, SyncDomain> clients = new HashMap<>();
        private final List<HybridSemaphore> open = new ArrayList<>();

        Crowd(Path directory) {
            this.directory = directory;
        }

        void serve() throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 3);
                SyncDomain client = clients.computeIfAbsent(words[1], _ -> client(directory));
                String name = "group " + words[2];
                open.add(words[0].equals("create")
                        ? client.createSemaphore(name, SemaphoreSpec.permits(1))
                        : client.openSemaphore(name));
                System.out.println("done");
            }
            clients.values().forEach(SyncDomain::close);
        }
    }
}
