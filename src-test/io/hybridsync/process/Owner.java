package io.hybridsync.process;

import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that locks a mutex and holds it until it is killed; when it is told anything, it takes all the memory that it can
 * get. Arguments: directory, domain, mutex.
 */
public final class Owner {

    /** What it says when it owns the mutex. */
    static final String LOCKED = "locked";

    private static final long MEGABYTE = 1 << 20;

    private Owner() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .open()) {
            domain.openMutex(arguments[2]).lock();
            System.out.println(LOCKED);
            if (System.in.read() >= 0) {
                eat();
            }
        }
    }

    private static void eat() {
        for (;;) {
            Arena.global().allocate(MEGABYTE).fill((byte) 1);
        }
    }
}
