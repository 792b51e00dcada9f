package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.BrokerMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process of {@link Prey}, seen from outside. It is started long before it is needed. */
final class Victim implements AutoCloseable {

    /** The exit code of a process that SIGKILL has ended. */
    static final int EXIT_KILLED = 128 + Order.SIGKILL;

    /** What is heard of a process that has ended. */
    static final String END = "(end)";

    private static final List<String> SMALL_JVM = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx48m", "-Xss512k",
            "-Djava.util.logging.config.file=/dev/null");

    /** What is heard of a process that stands still. */
    static final String STOPPED = "(stopped)";

    private static final int PATIENCE_SECONDS = 60;
    private static final int LOOK_MILLIS = 2;
    private static final int QUIET_LOOKS = 3;

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Writer in;
    private final Path file;
    private final BlackBox box;

    private Victim(Process process, Path file) {
        this.process = process;
        this.in = process.outputWriter();
        this.file = file;
        this.box = BlackBox.open(file);
        Thread.ofPlatform().daemon().name("ear").start(this::listen);
    }

    /**
     * Starts one.
     *
     * @param jar of {@link Instrumented} classes
     * @param options of the JVM
     * @param environment of it and the broker that it starts; without one it starts none
     * @param file for what it writes down
     */
    static Victim start(
            Path jar, List<String> options, Map<String, String> environment, Path directory, String domain, Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(options);
        BrokerMode mode = environment.isEmpty() ? BrokerMode.EXTERNAL : BrokerMode.SPAWN;
        command.addAll(List.of("-jar", jar.toString(), directory.toString(), domain, file.toString(), mode.name()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new Victim(builder.start(), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has written down. */
    BlackBox box() {
        return box;
    }

    /** What is known of its death. */
    Death death(int client, boolean done) {
        return new Death(client, done, box.changes(), box.own());
    }

    /** It opens the domain as soon as it can; it may have to start the broker. */
    void invite() {
        say("hello");
    }

    /** It has done so. */
    void awaitArrival() {
        assertThat(hear()).isEqualTo("here");
    }

    /** It opens what a scene needs; the number of its client. */
    int rehearse(Scene scene, String prefix) {
        say("rehearse " + scene.name() + " " + prefix);
        return Integer.parseInt(hear());
    }

    /** It begins. */
    void begin(Order order) {
        say("perform " + order);
    }

    /** It closes its domain. */
    void leave() {
        say("leave");
        assertThat(hear()).isEqualTo("left");
    }

    private void say(String line) {
        try {
            in.write(line);
            in.write('\n');
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that it says, or {@link #END}. */
    String hear() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the victim hangs: " + box.lines());
            }
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    /** The next line that it says; or {@link #STOPPED} if it stands still, and has nothing to say. */
    String hearOrSeeStopped() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
            assertThat(System.nanoTime() - end).as("the victim hangs: %s", box).isNegative();
            String line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (line != null) {
                return line;
            }
            if (!isStopped()) {
                quiet = -1;
            }
        }
        return STOPPED;
    }

    private void listen() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // The stream was closed under us, because the process has ended.
        } finally {
            lines.add(END);
        }
    }

    /** The signal that ends a stop. */
    void resume() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-CONT", "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    private boolean isStopped() {
        try {
            String status = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
            return status.charAt(status.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills it from outside, if it lives. */
    void kill() {
        process.destroyForcibly();
    }

    /** Its exit code, once it has ended. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    /** Its input ends, and so does it. */
    void dismiss() throws IOException, InterruptedException {
        in.close();
        assertThat(exitCode()).isZero();
    }

    /** Kills it if it lives. */
    @Override
    public void close() {
        kill();
        try {
            int _ = exitCode();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
