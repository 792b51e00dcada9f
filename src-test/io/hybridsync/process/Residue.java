package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a domain leaves behind when all its clients have gone: nothing. */
public final class Residue {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int MOST_LINES = 20;

    private Residue() {}

    /** Waits until no broker works in the directory any more and nothing is left in it. */
    public static void assertNone(Path parent) {
        assertOnly(parent);
    }

    /** Waits until no broker works in the directory any more, whatever is left in it. */
    public static void awaitEndOfBrokers(Path parent) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!brokers(parent).isEmpty() && System.nanoTime() < end) {
            pause();
        }
        require(brokers(parent).isEmpty(), "brokers are left for " + parent);
    }

    /** Waits until no broker works in the directory any more and these files, by their names, are all that is left in it. */
    public static void assertOnly(Path parent, String... names) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!(files(parent).equals(List.of(names)) && brokers(parent).isEmpty()) && System.nanoTime() < end) {
            pause();
        }
        require(files(parent).equals(List.of(names)),
                "%s is left in %s %s".formatted(files(parent), parent, warnings(parent)));
        require(brokers(parent).isEmpty(), "brokers are left for " + parent);
    }

    /** Without a library of assertions: who runs a proof by hand has none. */
    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** The names of the files below a directory, and of the empty directories. */
    private static List<String> files(Path parent) {
        try (Stream<Path> files = Files.walk(parent)) {
            return files.filter(path -> !path.equals(parent) && isLeaf(path))
                    .map(path -> parent.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of("(changing: " + e + ")");
        }
    }

    /** What brokers found worth leaving behind. */
    private static List<String> warnings(Path parent) {
        try (Stream<Path> files = Files.find(parent, 2, (path, _) -> path.endsWith("broker.log"))) {
            List<String> lines = new ArrayList<>();
            for (Path log : files.toList()) {
                lines.addAll(Files.readAllLines(log));
            }
            return lines.stream().filter(line -> line.contains("WARN")).limit(MOST_LINES).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of("(changing: " + e + ")");
        }
    }

    private static boolean isLeaf(Path path) {
        String[] children = path.toFile().list();
        return children == null || children.length == 0;
    }

    /** The processes whose command line names the directory. */
    public static List<ProcessHandle> brokers(Path parent) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains("--directory=" + parent))
                .toList();
    }

    /** Whether a process is a broker that a client has started. */
    static boolean isBroker(ProcessHandle process) {
        return commandLine(process).contains("BrokerProcess");
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
