package io.hybridsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long it takes to open an object when that makes a new group, and when it finds a group that is there, with 10, 1,000
 * and 10,000 groups about: every open domain is a client, and each pair of clients that share an object is a group.
 *
 * <pre>mvn -B -ntp -Pjmh test-compile exec:exec@groups</pre>
 *
 * The broker has a file for each slab and this process two or more: {@code ulimit -n} limits the number of groups.
 */
public final class GroupLookup {

    private static final int SAMPLES = 300;
    private static final int WARM_UP = 3_000;
    private static final int[] GROUPS = {10, 1_000, 10_000};

    private final Path directory;
    private final List<SyncDomain> clients = new ArrayList<>();
    private final List<HybridSemaphore> open = new ArrayList<>();

    private GroupLookup(Path directory) {
        this.directory = directory;
    }

    /** Measures; as arguments other numbers of groups. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int[] groups = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        for (int number : groups.length == 0 ? GROUPS : groups) {
            Path directory = Files.createTempDirectory("hybrid-sync-jmh");
            new GroupLookup(directory).measure(number);
            while (Files.exists(directory.resolve("groups"))) {
                Thread.sleep(5);
            }
            Files.delete(directory);
        }
    }

    private void measure(int groups) {
        try {
            int made = 0;
            for (int second = 1; made < groups; second++) {
                for (int first = 0; first < second && made < groups; first++, made++) {
                    share(client(first), client(second), "group " + made);
                }
            }
            report(groups);
        } finally {
            clients.forEach(SyncDomain::close);
        }
    }

    private void report(int groups) {
        SyncDomain one = client(clients.size());
        SyncDomain two = client(clients.size());
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

    private SyncDomain client(int index) {
        while (clients.size() <= index) {
            clients.add(SyncDomain.builder("groups").directory(directory).linger(Duration.ZERO).open());
        }
        return clients.get(index);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
