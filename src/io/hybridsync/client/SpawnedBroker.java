package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a process of its own, from the same jar and the same JVM as this one.
 *
 * <p>It inherits no file descriptor but its three standard streams, and makes itself the leader of a new session, so that
 * neither Ctrl-C nor the end of whoever started it reaches it. Its output comes here through a pipe until it is ready: what
 * it says when it cannot start belongs into the exception. Options for all JVMs in the environment are kept from it: an
 * agent or a debugger's port that is meant for the application would hurt it.
 */
final class SpawnedBroker implements Starter.Started {

    private static final String MAIN = "io.hybridsync.broker.BrokerProcess";
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xms8m",
            "-Xmx512m",
            "-Xss512k");
    private static final List<String> VARIABLES_OF_ALL_JVMS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    /** As the JVM counts it: 128 and the number of SIGKILL. */
    private static final int EXIT_KILLED = 137;

    private static final int LONGEST_REPORT = 4096;

    private final Process process;

    private SpawnedBroker(Process process) {
        this.process = process;
    }

    static Starter.Started start(List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).redirectErrorStream(true);
        builder.directory(Path.of("/").toFile());
        VARIABLES_OF_ALL_JVMS.forEach(builder.environment()::remove);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new SpawnedBroker(process);
        } catch (IOException e) {
            throw new BrokerUnavailableException(
                    "the broker could not be started with %s: %s".formatted(builder.command(), e.getMessage()), e);
        }
    }

    @Override
    public @Nullable String failure() {
        if (process.isAlive()) {
            return null;
        }
        return "it ended with exit code %d and said: %s".formatted(process.exitValue(), output());
    }

    @Override
    public boolean wasKilled() {
        return !process.isAlive() && process.exitValue() == EXIT_KILLED;
    }

    @Override
    public void close() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new AssertionError("closing a pipe's reading end", e);
        }
    }

    private String output() {
        try (InputStream stream = process.getInputStream()) {
            String said = new String(stream.readNBytes(LONGEST_REPORT), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? "nothing" : said;
        } catch (IOException e) {
            return "nothing that could be read (" + e.getMessage() + ")";
        }
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = Jvm.command(JVM_OPTIONS, MAIN);
        command.addAll(arguments);
        return command;
    }
}
