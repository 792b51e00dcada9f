package io.hybridsync.process;

import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A group of processes that may have only so much memory, or so many threads, together; of cgroup version 1 or 2. */
final class ControlGroup implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String UNLIMITED = "max";
    private static final Duration LONGEST_END = Duration.ofSeconds(20);

    private final Path folder;
    private final String limit;

    private ControlGroup(Path folder, String limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** A new one; the test is skipped where this process may not make any, as in many containers. */
    static ControlGroup ofMemory(long bytes) {
        return make("memory", "memory.limit_in_bytes", "memory.max", Long.toString(bytes));
    }

    /** The same for one whose threads are counted, and not limited yet. */
    static ControlGroup ofThreads() {
        return make("pids", "pids.max", "pids.max", UNLIMITED);
    }

    private static ControlGroup make(String kind, String first, String second, String limit) {
        boolean isFirst = Files.isDirectory(ROOT.resolve(kind));
        Path folder = (isFirst ? ROOT.resolve(kind) : ROOT).resolve("hybrid-sync-test-" + ProcessHandle.current().pid());
        ControlGroup group = new ControlGroup(folder, isFirst ? first : second);
        try {
            Files.createDirectory(folder);
            group.limit(limit);
        } catch (IOException e) {
            group.close();
            Needed.that(false, "no group of processes can be made here: " + e);
        }
        return group;
    }

    private void limit(String to) throws IOException {
        Files.writeString(folder.resolve(limit), to);
    }

    /** No more threads than there are. */
    void noMoreThreads() throws IOException {
        limit("0");
    }

    /** As many threads as they like. */
    void anyThreads() throws IOException {
        limit(UNLIMITED);
    }

    /** From now on what the process takes counts. */
    void add(long pid) throws IOException {
        Files.writeString(folder.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Its processes have ended, or are about to: as long as one has not left, the group cannot be removed. */
    @Override
    public void close() {
        long end = System.nanoTime() + LONGEST_END.toNanos();
        while (!isRemoved(end)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean isRemoved(long end) {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (IOException e) {
            if (System.nanoTime() - end >= 0) {
                throw new UncheckedIOException(e);
            }
            return false;
        }
    }
}
