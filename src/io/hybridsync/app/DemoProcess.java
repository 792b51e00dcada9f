package io.hybridsync.app;

import io.hybridsync.client.Jvm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of the demo: a small JVM that is told on standard input what to do and says lines on standard output. */
final class DemoProcess implements AutoCloseable {

    private static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx128m");

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    private DemoProcess(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
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

    /** Standard input stays open: {@link OrderReader}. */
    private void tell(List<String> lines) throws IOException {
        for (String line : lines) {
            in.write(line);
            in.newLine();
        }
        in.flush();
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

    /** Returns when it has ended. */
    void awaitEnd() {
        process.onExit().join();
    }
}
