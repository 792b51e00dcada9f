package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As long as it is open, this process cannot open a file, a socket or anything else that has a descriptor. */
public final class NoDescriptors implements AutoCloseable {

    private final Process limiter;

    private NoDescriptors(Process limiter) {
        this.limiter = limiter;
    }

    /** Classes are loaded from files: all of them before. */
    public static NoDescriptors begin() throws Exception {
        loadAll();
        String script = "set -e; was=$(prlimit --pid $1 --nofile --noheadings --output SOFT); read n;"
                + " prlimit --pid $1 --nofile=$n:; echo done; read n; prlimit --pid $1 --nofile=$was:; echo done";
        Process limiter = new ProcessBuilder(
                        "sh", "-c", script, "sh", Long.toString(ProcessHandle.current().pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        NoDescriptors none = new NoDescriptors(limiter);
        limiter.inputReader();
        none.say(Integer.toString(lowestFree()));
        return none;
    }

    private static void loadAll() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(Fd.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root.resolve("io/hybridsync"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String path = root.relativize(file).toString();
                if (!path.contains("/app/") && !path.endsWith("package-info.class")) {
                    Class.forName(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
    }

    private static int lowestFree() throws IOException {
        Set<String> open = numbers();
        int number = 0;
        while (open.contains(Integer.toString(number)) && Files.exists(Path.of("/proc/self/fd/" + number))) {
            number++;
        }
        return number;
    }

    private static Set<String> numbers() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private void say(String line) {
        try {
            limiter.outputWriter().write(line + "\n");
            limiter.outputWriter().flush();
            assertThat(limiter.inputReader().readLine()).isEqualTo("done");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        say("");
        limiter.destroyForcibly();
    }
}
