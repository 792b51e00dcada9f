package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.BrokerUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A broker from the shipped jar that a test has started itself, to take something away from it. Not on the test's class path, for
 * whoever has no descriptor cannot load a class from a directory.
 *
 * <p>Its JVM does not need what is short: it has its whole heap, does not compile, and has room of its own for what its native
 * parts ask for.
 */
final class ShippedBroker implements AutoCloseable {

    private static final List<String> FRUGAL = List.of(
            "-XX:+UseSerialGC", "-Xint", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED");
    private static final String NATIVE_ROOM_BYTES = "" + (16 << 20);

    private final Process process;
    private final Path directory;
    private final String domain;

    private ShippedBroker(Process process, Path directory, String domain) {
        this.process = process;
        this.directory = directory;
        this.domain = domain;
    }

    /** Starts one, which ends with its last client. */
    static ShippedBroker start(Path directory, String domain) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FRUGAL);
        command.addAll(List.of("-cp", Build.shipped().toString(), "io.hybridsync.broker.BrokerProcess", "--name=" + domain,
                "--directory=" + directory.resolve(domain), "--linger-millis=0"));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        builder.environment().put("MALLOC_TOP_PAD_", NATIVE_ROOM_BYTES);
        try {
            return new ShippedBroker(builder.start(), directory, domain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Its domain, opened as soon as it serves. */
    SyncDomain open() {
        for (;;) {
            try {
                return SyncDomain.builder(domain).directory(directory).broker(BrokerMode.EXTERNAL).open();
            } catch (BrokerUnavailableException e) {
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /** Its exit code, when it has ended by itself. */
    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills it, if it has not ended. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
