package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.nio.file.Path;

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
        try (Directory fds = Directory.open(OWN);
                Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(Integer.toString(fd.value())).address();
            long number = SystemCall.OPENAT.on(fds.fd(), path, access | Linux.O_CLOEXEC, 0);
            return new Fd((int) Failure.check(number, "openat", fd));
        }
    }
}
