package io.hybridsync.app;

import io.hybridsync.client.Jvm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of the demo: a small JVM that is told on standard input what to do and says lines on standard output. */
final class DemoProcess implements AutoCloseable {

    private static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx128m");

    private final Process process;
    private final BufferedReader out;

    private DemoProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    static DemoProcess start(String command, List<String> orders) throws IOException {
        List<String> line = Jvm.command(JVM_OPTIONS, Main.class.getName());
        line.add(command);
        DemoProcess started = new DemoProcess(
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        try {
            started.tell(orders);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    private void tell(List<String> lines) throws IOException {
        try (BufferedWriter in =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
            for (String line : lines) {
                in.write(line);
                in.newLine();
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /** The next line it says; null after the last. */
    @Nullable String hear() throws IOException {
        return out.readLine();
    }

    /** Its exit code, once it has ended. */
    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Whether it ends within that time. */
    boolean endsWithin(int millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** SIGKILL, unless it has ended. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
