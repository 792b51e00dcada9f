package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that has the broker of its domain on a thread. Says "ready"; at the next line how many objects there are, and
 * ends when the broker has tidied up. Arguments: directory, domain.
 */
public final class Host {

    private static final long LOOK_NANOS = 5_000_000;

    private Host() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(directory)
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open()) {
            System.out.println("ready");
            String asked = in.readLine();
            System.out.println(asked + " " + domain.objects().size());
        }
        while (Files.exists(directory.resolve(arguments[1]))) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
