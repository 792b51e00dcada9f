package io.hybridsync.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Sockets for tests. */
public final class Sockets {

    private Sockets() {}

    /** Two sockets that are connected to each other. */
    public static SeqPacket[] pair() {
        try {
            Path temporary = Files.createTempDirectory("hybrid-sync-pair");
            try (Directory directory = Directory.open(temporary)) {
                return pair(directory);
            } finally {
                OpenFiles.awaitClosed();
                Files.delete(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static SeqPacket[] pair(Directory directory) {
        try (SeqPacket listener = SeqPacket.listen(directory, "socket", 1)) {
            SeqPacket connected = SeqPacket.open();
            if (connected.connect(directory, "socket") != 0) {
                throw new IllegalStateException("a socket that listens was not reached");
            }
            directory.unlink("socket");
            return new SeqPacket[] {connected, Objects.requireNonNull(listener.accept())};
        }
    }
}
