package io.hybridsync.process;

import static java.util.Objects.requireNonNull;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process of a pair: opens semaphores, follows its script step by step as the parent says, closes, and spawns its
 * successor, which speaks with the parent in its place. Arguments: directory, domain, seed, pairs, pair, first life, last
 * life.
 */
public final class StressChild implements StressSide.Opener {

    /** What it says first. */
    static final String READY = "ready";

    /** What it says after a step that went as the script says. */
    static final String DONE = "done";

    /** What it says last; the longest stall follows, in nanoseconds. */
    static final String LONGEST = "longest ";

    private static final int LIFE = 5;
    private static final int LAST_LIFE = 6;
    private static final int EXIT_HANGS = 3;

    private final SyncDomain domain;
    private final Map<Integer, HybridSemaphore> open = new HashMap<>();
    private final AtomicLong steps = new AtomicLong();

    private StressChild(SyncDomain domain) {
        this.domain = domain;
    }

    /** Lives, and then its successors do. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        live(arguments);
        if (!arguments[LIFE].equals(arguments[LAST_LIFE])) {
            System.exit(successor(arguments).waitFor());
        }
    }

    private static void live(String[] arguments) throws IOException, InterruptedException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .open()) {
            int pair = number(arguments[4]);
            List<StressStep> script =
                    StressScript.of(Long.parseLong(arguments[2]), number(arguments[3]), pair, number(arguments[LIFE]));
            new StressChild(domain).follow(script, pair);
        }
    }

    private static Process successor(String[] arguments) throws IOException {
        String[] next = arguments.clone();
        next[LIFE] = "" + (number(arguments[LIFE]) + 1);
        return new ProcessBuilder(Child.command(List.of(), StressChild.class, next)).inheritIO().start();
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private void follow(List<StressStep> script, int pair) throws IOException {
        StressSide side = new StressSide(false, semaphore -> requireNonNull(open.get(semaphore)), this);
        try (Watchdog _ =
                Watchdog.start("child of pair " + pair, steps::get, () -> Runtime.getRuntime().halt(EXIT_HANGS))) {
            open(pair);
            System.out.println(READY);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (StressStep step : script) {
                requireNonNull(in.readLine(), "the parent has gone");
                System.out.println(result(side, step));
                steps.incrementAndGet();
            }
            close(pair);
            System.out.println(LONGEST + side.stall().longestNanos());
        }
    }

    private static String result(StressSide side, StressStep step) {
        try {
            side.run(step);
            return DONE;
        } catch (RuntimeException | InterruptedException e) {
            e.printStackTrace();
            return e.toString();
        }
    }

    @Override
    public void open(int semaphore) {
        open.put(semaphore, domain.openSemaphore(StressScript.name(semaphore)));
    }

    @Override
    public void close(int semaphore) {
        requireNonNull(open.remove(semaphore)).close();
    }
}
