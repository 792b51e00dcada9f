package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens and closes leave nothing behind, in the clients and in the broker: two JVMs open and close the same semaphores,
 * and at ten points their figures and the broker's are printed and compared. By hand, a million times:
 *
 * <pre>mvn -B -ntp verify -DskipTests -Dit.test=ChurnIT -Dchurn.count=1000000</pre>
 *
 * The {@link Watchdog} ends a hang, however long the run may take.
 */
class ChurnIT {

    private static final String DOMAIN = "churn";
    private static final int POINTS = 10;
    private static final int JVMS = 2;

    /** What may come and go meanwhile: a spare slab, a library's file. */
    private static final int SLACK = 4;

    private static final long HEAP_SLACK_BYTES = 4 << 20;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final List<Child> children = new ArrayList<>();

    /** The figures of a moment: the two clients' and the broker's. */
    private record Point(List<Figures> processes, List<Long> heaps) {

        boolean isFlat(Point first) {
            for (int i = 0; i < processes.size(); i++) {
                if (processes.get(i).slabs() > first.processes.get(i).slabs() + SLACK
                        || processes.get(i).files() > first.processes.get(i).files() + SLACK) {
                    return false;
                }
            }
            return true;
        }
    }

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void opensAndClosesLeaveNothingBehind() throws Exception {
        int count = Integer.getInteger("churn.count", 2000);
        AtomicLong progress = new AtomicLong();
        try (SyncDomain domain =
                        SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                Watchdog _ = Watchdog.start(DOMAIN, progress::get, () -> children.forEach(Child::close))) {
            for (int i = 0; i < JVMS; i++) {
                children.add(Child.start(Churn.class, directory.toString(), DOMAIN, "" + i));
            }
            children.forEach(child -> assertThat(child.hear()).isEqualTo("ready"));
            run(Math.max(1, count / POINTS / JVMS), progress);
            Point first = point(1, run(Math.max(1, count / POINTS / JVMS), progress));
            for (int i = 2; i <= POINTS; i++) {
                compare(first, i, run(Math.max(1, count / POINTS / JVMS), progress));
            }
            assertThat(domain.objects()).isEmpty();
        }
    }

    /** In small portions, so that the watchdog sees progress; the heap in use of each, in the end. */
    private List<Long> run(int times, AtomicLong progress) {
        List<Long> heaps = List.of();
        for (int left = times; left > 0; left -= Math.min(left, 5000)) {
            int portion = Math.min(left, 5000);
            children.forEach(child -> child.say("" + portion));
            heaps = children.stream().map(child -> Long.parseLong(child.hear())).toList();
            progress.incrementAndGet();
        }
        return heaps;
    }

    private Point point(int number, List<Long> heaps) {
        List<Figures> processes = new ArrayList<>();
        children.forEach(child -> processes.add(Figures.of(child.process().pid())));
        processes.add(Figures.of(Residue.brokers(directory).getFirst().pid()));
        System.out.printf("churn %2d: clients %s, heaps %s; broker %s%n",
                number, processes.subList(0, JVMS), heaps, processes.getLast());
        return new Point(processes, heaps);
    }

    private void compare(Point first, int number, List<Long> heaps) throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        Point now = point(number, heaps);
        while (!now.isFlat(first) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(200);
            now = point(number, heaps);
        }
        assertThat(now.isFlat(first)).as("%s as flat as %s", now, first).isTrue();
        for (int i = 0; i < JVMS; i++) {
            assertThat(heaps.get(i)).isLessThan(first.heaps().get(i) + HEAP_SLACK_BYTES);
        }
    }
}
