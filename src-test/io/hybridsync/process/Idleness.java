package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether threads sleep, by the kernel's own account: asleep now and a moment later, and not once on a processor in
 * between. Never true of a thread that spins, and unlike the processor time it takes, not a matter of the machine's load.
 */
public final class Idleness {

    private static final List<String> LINES =
            List.of("State:", "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:");

    private Idleness() {}

    /** The calling thread, to be watched by another one. */
    public static Path currentThread() {
        try {
            return Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a thread of this process has slept for so long without running. */
    public static void awaitThread(Path thread, Duration duration) {
        await(() -> status(thread), duration);
    }

    /** Waits until all threads of a process have slept for so long without running. */
    public static void awaitProcess(long pid, Duration duration) {
        await(() -> statusOfAll(Path.of("/proc", "" + pid, "task")), duration);
    }

    private static void await(Supplier<List<String>> status, Duration duration) {
        List<String> before = status.get();
        for (;;) {
            LockSupport.parkNanos(duration.toNanos());
            List<String> after = status.get();
            if (after.equals(before) && isAsleep(after)) {
                return;
            }
            before = after;
        }
    }

    private static boolean isAsleep(List<String> status) {
        List<String> states = status.stream().filter(line -> line.startsWith("State:")).toList();
        return !states.isEmpty() && states.stream().allMatch(line -> line.contains("S (sleeping)"));
    }

    private static List<String> statusOfAll(Path tasks) {
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.sorted().flatMap(thread -> status(thread).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> status(Path thread) {
        try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
            return lines.filter(line -> LINES.stream().anyMatch(line::startsWith)).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of("State: gone while it was looked at");
        }
    }
}
