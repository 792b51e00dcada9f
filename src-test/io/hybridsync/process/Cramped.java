package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import io.hybridsync.broker.BrokerThread;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An application that begins the brokers of many domains on threads, with as much heap as there is left: none first, then a little
 * more each time, until there is enough. Says how often there was too little, and in which of these domains the place of the
 * broker was taken nevertheless. Arguments: directory.
 */
public final class Cramped {

    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 16;
    private static final int STEP_BYTES = 16 << 10;

    private final Path parent;
    private final StringBuilder taken = new StringBuilder();

    /** What fills the heap, and what of it is given up. */
    private final Object[] kept = new Object[2];

    private int failures;

    private Cramped(Path parent) {
        this.parent = parent;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Cramped cramped = new Cramped(Path.of(arguments[0]));
        cramped.warmUp();
        while (!cramped.begins("n" + cramped.failures, cramped.failures * STEP_BYTES)) {
            cramped.failures++;
        }
        System.out.println(cramped.failures + " without, taken:" + cramped.taken);
    }

    private void warmUp() {
        SyncDomain.builder("warm").directory(parent).broker(BrokerMode.IN_PROCESS).linger(Duration.ZERO).open().close();
        try (DomainDirectory directory = Domain.of("warm", parent).make()) {
            while (LockFile.isHeld(directory, LockFile.Role.BROKER)) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean begins(String name, int bytes) {
        List<String> arguments = List.of("--parent=" + parent, "--name=" + name);
        try {
            kept[1] = new byte[bytes];
            fill();
            kept[1] = "";
            return BrokerThread.start(arguments).isPresent();
        } catch (OutOfMemoryError e) {
            kept[0] = "";
            if (isTaken(name)) {
                taken.append(' ').append(name);
            }
            return false;
        } finally {
            kept[0] = "";
        }
    }

    private boolean isTaken(String name) {
        try (DomainDirectory directory = Domain.of(name, parent).make()) {
            return LockFile.isHeld(directory, LockFile.Role.BROKER);
        }
    }

    private void fill() {
        for (int size = LARGEST; size >= SMALLEST; size /= 4) {
            eat(size);
        }
    }

    /** Each is held by the next one. */
    private void eat(int size) {
        try {
            for (;;) {
                Object[] next = new Object[size / 4];
                next[0] = kept[0];
                kept[0] = next;
            }
        } catch (OutOfMemoryError e) {
            return;
        }
    }
}
