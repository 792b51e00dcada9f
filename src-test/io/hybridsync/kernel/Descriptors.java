package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Objects;

/** Descriptors that somebody might send who should send sealed memory. */
public final class Descriptors {

    private static final Path OWN = Path.of("/proc/self/fd");

    private Descriptors() {}

    /** The same memory, by a descriptor that lets nobody write. */
    public static Fd forReadingOnly(Memfd memfd) {
        return again(memfd.fd(), Linux.O_RDONLY);
    }

    /** The same memory, by a descriptor that lets nobody read. */
    public static Fd forWritingOnly(Memfd memfd) {
        return again(memfd.fd(), Linux.O_WRONLY);
    }

    private static Fd again(Fd fd, int access) {
        return open(OWN.resolve(Integer.toString(fd.value())), access);
    }

    /** What a link in /proc leads to, such as a pipe, or any other file. */
    public static Fd open(Path path, int access) {
        try (Directory directory = Directory.open(Objects.requireNonNull(path.getParent()));
                Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path.getFileName().toString()).address();
            long number = SystemCall.OPENAT.on(directory.fd(), name, access | Linux.O_CLOEXEC, 0);
            return new Fd((int) Failure.check(number, "openat", path));
        }
    }
}
