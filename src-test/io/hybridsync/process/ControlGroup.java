package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A group of processes that may have only so much memory together; of cgroup version 1 or 2. */
final class ControlGroup implements AutoCloseable {

    private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND = Path.of("/sys/fs/cgroup");

    private final Path folder;
    private final String limit;

    private ControlGroup(Path folder, String limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** A new one; the test is skipped where this process may not make any, as in many containers. */
    static ControlGroup ofMemory(long bytes) {
        boolean first = Files.isDirectory(FIRST);
        Path folder = (first ? FIRST : SECOND).resolve("hybrid-sync-test-" + ProcessHandle.current().pid());
        ControlGroup group = new ControlGroup(folder, first ? "memory.limit_in_bytes" : "memory.max");
        try {
            Files.createDirectory(folder);
            write(folder.resolve(group.limit), bytes);
        } catch (IOException e) {
            group.close();
            Assumptions.abort("no group of processes can be made here: " + e);
        }
        return group;
    }

    private static void write(Path file, long number) throws IOException {
        Files.writeString(file, Long.toString(number));
    }

    /** From now on what the process takes counts. */
    void add(long pid) throws IOException {
        write(folder.resolve("cgroup.procs"), pid);
    }

    /** Its processes have ended. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
