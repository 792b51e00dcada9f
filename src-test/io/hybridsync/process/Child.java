package io.hybridsync.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with the test's class path, spoken to by lines. Killed when closed, if it has not ended by then. */
public final class Child implements AutoCloseable {

    private static final List<String> SMALL_JVM = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    private Child(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Runs a main class in a JVM of its own. */
    public static Child start(Class<?> main, String... arguments) {
        return start(List.of(), List.of(), main, arguments);
    }

    /**
     * Runs a main class in a JVM of its own.
     *
     * @param prefix what comes before the java command, such as strace
     * @param options of the JVM, after those that make it small
     */
    public static Child start(List<String> prefix, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(command(options, main, arguments));
        return new Child(command);
    }

    /** The same, on a jar of the library instead of what this process runs. */
    public static Child startOn(Path jar, List<String> options, Class<?> main, String... arguments) {
        return new Child(command(Build.classPath(jar), options, main, arguments));
    }

    /** The command that runs a main class in a JVM of its own. */
    static List<String> command(List<String> options, Class<?> main, String... arguments) {
        return command(System.getProperty("java.class.path"), options, main, arguments);
    }

    private static List<String> command(String classPath, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The process. */
    public Process process() {
        return process;
    }

    /** Says a line to it. */
    public void say(String line) {
        try {
            in.write(line);
            in.newLine();
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line it says; "(end)" after the last. */
    public String hear() {
        try {
            String line = out.readLine();
            return line == null ? "(end)" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says a line and hears the answer. */
    public String ask(String line) {
        say(line);
        return hear();
    }

    /** kill -9, and waits until it is dead. */
    public void kill() {
        process.destroyForcibly();
        waitFor();
    }

    /** Its exit code, once it has ended. */
    public int waitFor() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a child does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills it and what it started, but for a broker: that one is there for others too, and ends by itself. */
    @Override
    public void close() {
        process.descendants().filter(child -> !Residue.isBroker(child)).forEach(ProcessHandle::destroyForcibly);
        kill();
    }
}
