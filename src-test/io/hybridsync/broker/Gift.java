package io.hybridsync.broker;

import io.hybridsync.kernel.Descriptors;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Lingering;
import io.hybridsync.kernel.Linux;
import io.hybridsync.kernel.Memfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that a client hands over instead of a ledger, of the right size where it has one. */
final class Gift implements AutoCloseable {

    static final int BYTES = 4096;

    /** Ends something. */
    private interface End {
        void run() throws IOException;
    }

    private final Fd fd;
    private final End own;
    private final End other;

    private Gift(Fd fd, End own, End other) {
        this.fd = fd;
        this.own = own;
        this.other = other;
    }

    static Gift of(String what, Path place) throws IOException {
        return switch (what) {
            case "pipe" -> pipe();
            case "file" -> file(place.resolve("file"));
            case "memory that is not sealed" -> of(Memfd.createForOneWriter("gift", BYTES).fd());
            case "memory for one writer" -> of(forOneWriter().fd());
            case "read-only memory" -> readOnly();
            case "a socket that lingers" -> lingering();
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static Gift of(Fd fd) {
        return new Gift(fd, fd::close, () -> {});
    }

    private static Gift pipe() throws IOException {
        Process cat = new ProcessBuilder("cat").start();
        Fd fd = Descriptors.open(Path.of("/proc", "" + cat.pid(), "fd/0"), Linux.O_WRONLY);
        return new Gift(fd, fd::close, cat::destroyForcibly);
    }

    private static Gift file(Path file) throws IOException {
        Files.write(file, new byte[BYTES]);
        Fd fd = Descriptors.open(file, Linux.O_RDWR);
        Files.delete(file);
        return of(fd);
    }

    private static Memfd forOneWriter() {
        Memfd memfd = Memfd.createForOneWriter("gift", BYTES);
        if (!memfd.sealForOneWriter()) {
            throw new IllegalStateException("the kernel is too old");
        }
        return memfd;
    }

    private static Gift readOnly() {
        try (Memfd memfd = Memfd.create("gift", BYTES)) {
            return of(Descriptors.forReadingOnly(memfd));
        }
    }

    private static Gift lingering() {
        Lingering socket = Lingering.open();
        return new Gift(socket.give(), socket::letGo, socket::close);
    }

    Fd fd() {
        return fd;
    }

    /** Whoever has been sent it has it alone from here on. */
    void letGo() throws IOException {
        own.run();
    }

    @Override
    public void close() throws IOException {
        other.run();
        own.run();
    }
}
