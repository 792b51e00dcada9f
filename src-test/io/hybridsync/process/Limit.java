package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A limit of a running process, lowered from outside as long as this is open. */
final class Limit implements AutoCloseable {

    private static final long KILOBYTE = 1024;

    private final long pid;
    private final String resource;
    private final String before;

    private Limit(long pid, String resource, long limit) {
        this.pid = pid;
        this.resource = resource;
        this.before =
                run("prlimit", "--pid", "" + pid, "--" + resource, "--noheadings", "--output", "SOFT").strip();
        set("" + limit);
    }

    /** It can open so many more files, sockets and the like. */
    static Limit ofDescriptors(long pid, int more) {
        Set<String> open = descriptors(pid);
        int number = 0;
        for (int left = more; left > 0 || open.contains("" + number); number++) {
            left -= open.contains("" + number) ? 0 : 1;
        }
        return new Limit(pid, "nofile", number);
    }

    /** It can map so many more bytes. */
    static Limit ofAddresses(long pid, long more) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "status"))) {
            String size = lines.filter(line -> line.startsWith("VmSize:")).findFirst().orElseThrow();
            return new Limit(pid, "as", Long.parseLong(size.replaceAll("\\D", "")) * KILOBYTE + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of the descriptors that a process has. */
    static Set<String> descriptors(long pid) {
        String[] open = Path.of("/proc", "" + pid, "fd").toFile().list();
        return open == null ? Set.of() : Stream.of(open).collect(Collectors.toSet());
    }

    private void set(String limit) {
        run("prlimit", "--pid", "" + pid, "--" + resource + "=" + limit + ":");
    }

    /** What a command says, which must succeed. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The limit is what it was. */
    @Override
    public void close() {
        set(before);
    }
}
