package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What is in a file that is open already: nothing is opened for it, so it needs no descriptor; it has no position; and no
 * interrupt disturbs it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pread.2.html">pread(2)</a>
 */
public final class FileContents {

    private FileContents() {}

    /** So many bytes from an offset on; fewer where the file ends before. */
    public static byte[] read(Fd fd, long offset, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            long result = SystemCall.PREAD64.on(fd, bytes.address(), length, offset);
            Failure.check(result, "pread", fd, length, offset);
            return Arrays.copyOf(bytes.toArray(JAVA_BYTE), (int) result);
        }
    }

    /**
     * Writes bytes, in one call. Those that are within a page are all there, or none.
     *
     * @throws io.hybridsync.error.LimitExceededException when the file system is full
     */
    public static void write(Fd fd, long offset, byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, content);
            long result = SystemCall.PWRITE64.on(fd, bytes.address(), content.length, offset);
            boolean part = result >= 0 && result < content.length;
            Failure.check(part ? -Errno.ENOSPC : result, "pwrite", fd, content.length, offset);
        }
    }
}
