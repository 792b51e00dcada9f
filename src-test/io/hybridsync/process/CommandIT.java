package io.hybridsync.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar as a user runs it.
 *
 * <p>Most of the time goes to the processes of the demo, of which each has to load the same classes: so the first demo leaves an
 * archive of them behind, for the others.
 */
@Timeout(120)
class CommandIT {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path BUILT = Path.of(requireNonNull(System.getProperty("hybridsync.jar"), "hybridsync.jar"));

    /** What a command printed, and how it ended. */
    private record Outcome(int exitCode, String output) {

        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line);
        }
    }

    /** Who comes across a move asks the broker of it only when the machine keeps him from hearing of it for a tenth of a second. */
    private static final String WITHOUT_BROKER = "without a broker call: (100\\.00|99\\.[5-9][0-9]) %";

    @TempDir
    private static Path archives;

    private static Outcome first;

    @TempDir
    Path directory;

    /** Where the commands put domains and temporary files, instead of where the machine's other users do. */
    @TempDir
    Path home;

    /** Of no files: what it takes is the classes. */
    @BeforeAll
    static void leaveArchive() throws Exception {
        Files.copy(BUILT, jar());
        Files.setPosixFilePermissions(jar(), PosixFilePermissions.fromString("rw-r--r--"));
        Path nothing = Files.createDirectory(archives.resolve("nothing"));
        first = outcome(command(archives, List.of(), List.of(
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Xlog:disable",
                        "-XX:ArchiveClassesAtExit=" + archive()), List.of("demo", nothing.toString(), "--workers", "1"))
                .redirectErrorStream(true)
                .start());
        Files.setPosixFilePermissions(archives, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Where every user may read it, wherever it was built. */
    private static Path jar() {
        return archives.resolve("hybrid-sync.jar");
    }

    private static Path archive() {
        return archives.resolve("classes.jsa");
    }

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(home);
    }

    @Test
    void theDemoDigestsEveryFileAndSaysOk() throws Exception {
        files(300, 3000);
        Files.createSymbolicLink(directory.resolve("loop"), directory);
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        Outcome outcome = run("demo", directory.toString());
        assertThat(outcome.lastLine()).isEqualTo("demo: ok");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .contains("300 files below " + directory, "loop: a symbolic link, not followed")
                .containsPattern("workers: 14 joined, 14 left")
                .containsPattern("migrations of semaphore and mutex while threads waited for them: [2-9][0-9]")
                .contains("longest stall: ")
                .containsPattern("reading at a time: at most [12], permitted 2")
                .containsPattern(WITHOUT_BROKER);
    }

    /** Brokers too; and the processes are nobody's, who may trace none of them. */
    @Test
    void theDemoGoesOnWhenThoseWhoWaitOrOwnAreKilled() throws Exception {
        files(300, 3000);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(home, "unix:mode", 01777);
        Outcome outcome = unprivileged("demo", directory.toString(), "--kill");
        assertThat(outcome.lastLine()).isEqualTo("demo: ok");
        assertThat(outcome.output())
                .containsPattern("killed while they waited: ([2-9]|[1-9][0-9]+) processes")
                .containsPattern("killed while they owned the mutex: ([1-9][0-9]*) processes; repairs of the list: \\1\n")
                .containsPattern("brokers killed: [1-9]");
    }

    @Test
    void theDemoTakesItsProcessesWithItWhenItIsTerminated() throws Exception {
        files(300, 3000);
        Process demo = start(List.of(), List.of("demo", directory.toString(), "--workers", "2", "--kill"));
        try (var lines = demo.inputReader(StandardCharsets.UTF_8)) {
            while (!requireNonNull(lines.readLine(), "the demo's end").contains("files taken")) {
                // until there are workers
            }
            List<ProcessHandle> family = demo.descendants().toList();
            assertThat(family).isNotEmpty();
            demo.destroy();
            for (ProcessHandle member : family) {
                member.onExit().get(30, TimeUnit.SECONDS);
            }
            assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theDemoSaysWhoMapsWhatWhileOthersAreKilled() throws Exception {
        files(150, 3000);
        Outcome outcome = run("demo", directory.toString(), "--groups", "--kill");
        assertThat(outcome.lastLine()).isEqualTo("demo: ok");
        assertThat(outcome.output())
                .containsPattern("readers: slab 0x[0-9a-f]+, .*; [567] clients; held by (.*), mapped by \\1")
                .containsPattern("list: slab 0x[0-9a-f]+, .*; [56] clients; held by (.*), mapped by \\1")
                .containsPattern("start: slab 0x[0-9a-f]+, .*; 5 clients; held by (.*), mapped by \\1")
                .containsPattern("done [1-4]: slab 0x[0-9a-f]+, .*; 2 clients; held by (.*), mapped by \\1")
                .containsPattern("list: slab 0x[0-9a-f]+, .*; 1 clients; held by (.*), mapped by \\1");
    }

    @Test
    void theDemoFailsWhenTheAcquiresAreLeftOut() throws Exception {
        files(60, 10);
        Outcome outcome = run("demo", directory.toString(), "--workers", "3", "--permits", "1", "--sabotage");
        assertThat(outcome.lastLine()).startsWith("demo: FAILED: ").contains("were reading at a time");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void theDemoBearsEmptyDirectories() {
        assertThat(first.lastLine()).isEqualTo("demo: ok");
        assertThat(first.output()).contains("0 files below");
        assertThat(archive()).exists();
    }

    @Test
    void theDemoReportsWhatItCannotRead() throws Exception {
        files(3, 10);
        Path secret = Files.writeString(directory.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(home, "unix:mode", 01777);
        Outcome outcome = unprivileged("demo", directory.toString(), "--workers", "1");
        assertThat(outcome.lastLine()).isEqualTo("demo: ok");
        assertThat(outcome.output()).contains("4 files below").containsPattern("note: .*secret: .*AccessDenied")
                .containsPattern("note: .*closed: .*AccessDenied");
    }

    @Test
    void filesMayVanishWhileTheDemoRuns() throws Exception {
        files(200, 200_000);
        Process demo = start(List.of(), List.of("demo", directory.toString(), "--workers", "1"));
        try (var lines = demo.inputReader(StandardCharsets.UTF_8)) {
            List<String> output = new ArrayList<>();
            while (!requireNonNull(lines.readLine(), "the demo's first line").contains("files below")) {
                // the JVM has its say first
            }
            for (int i = 0; i < 200; i += 2) {
                Files.delete(directory.resolve("file " + i));
            }
            lines.lines().forEach(output::add);
            assertThat(output.getLast()).isEqualTo("demo: ok");
            assertThat(output).anyMatch(line -> line.contains("changed or vanished during the run"));
        }
        assertThat(demo.waitFor()).isZero();
    }

    @Test
    void namesMayHaveAnyBytesInAnyLocale() throws Exception {
        for (String name : List.of("plain", "caf%E9", "caf%C3%A9", "carriage%0Dreturn", "line%0Aend")) {
            Files.writeString(Path.of(URI.create(directory.toUri() + name)), name);
        }
        for (String locale : List.of("C", "C.UTF-8")) {
            ProcessBuilder demo = command(List.of(), List.of("demo", directory.toString(), "--workers", "1"));
            demo.environment().put("LC_ALL", locale);
            Outcome outcome = finish(demo);
            assertThat(outcome.lastLine()).as(locale).isEqualTo("demo: ok");
            assertThat(outcome.output()).contains("5 files below").doesNotContain("note:");
        }
    }

    @Test
    void aDomainThatCannotBeOpenedFailsTheDemoOnItsLastLine() throws Exception {
        ProcessBuilder demo = command(List.of(), List.of("demo", directory.toString()));
        demo.environment().put("HYBRID_SYNC_DIR", Files.createFile(directory.resolve("file")).toString());
        demo.redirectError(ProcessBuilder.Redirect.DISCARD);
        Outcome outcome = outcome(demo.start());
        assertThat(outcome.lastLine()).startsWith("demo: FAILED: ").contains("file");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void wrongArgumentsAreExplained() throws Exception {
        for (List<String> arguments : List.<List<String>>of(
                List.of(),
                List.of("dance"),
                List.of("demo", directory.resolve("nowhere").toString()),
                List.of("demo", "--workers"),
                List.of("demo", "--workers", "0"),
                List.of("demo", "--permits", "many"),
                List.of("demo", "--groups", "--sabotage"),
                List.of("demo", "--what"))) {
            Outcome outcome = run(arguments.toArray(String[]::new));
            assertThat(outcome.exitCode()).as("%s", arguments).isEqualTo(2);
            assertThat(outcome.output()).contains("usage: java -jar hybrid-sync.jar");
        }
        assertThat(run("help").exitCode()).isZero();
    }

    @Test
    void anExternalBrokerServesUntilItIsTerminated() throws Exception {
        Process broker = start(List.of(), List.of("broker", "--name=external", "--parent=" + directory));
        try {
            awaitFile(directory.resolve("external/socket"));
            try (Child client = Child.start(Interpreter.class, directory.toString(), "external")) {
                assertThat(client.hear()).isEqualTo("ready");
                assertThat(client.ask("semaphore s 1 1")).isEqualTo("created");
            }
        } finally {
            broker.destroy();
        }
        assertThat(broker.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Residue.assertNone(directory);
    }

    @Test
    void anOlderJavaStartsANewerOneOrSaysWhatIsMissing() throws Exception {
        Path old = Path.of("/usr/lib/jvm/java-17-openjdk-amd64/bin/java");
        Needed.that(Files.isExecutable(old), "no Java 17 here");
        Outcome found = finish(new ProcessBuilder(old.toString(), "-jar", jar().toString(), "help"));
        assertThat(found.exitCode()).isZero();
        assertThat(found.output()).contains("usage: java -jar hybrid-sync.jar");
        ProcessBuilder without =
                new ProcessBuilder(old.toString(), "-Dhybridsync.jvms=" + directory, "-jar", jar().toString(), "help");
        without.environment().remove("JAVA_HOME");
        Outcome missing = finish(without);
        assertThat(missing.exitCode()).isEqualTo(78);
        assertThat(missing.output()).contains("needs Java 22 or newer; this is Java 17");
    }

    private void files(int count, int bytes) throws IOException {
        Random random = new Random(7);
        byte[] content = new byte[bytes];
        for (int i = 0; i < count; i++) {
            random.nextBytes(content);
            Files.write(directory.resolve("file " + i), content);
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        return outcome(start(List.of(), List.of(arguments)));
    }

    /** As the user nobody, who may read the jar and the JDK. */
    private Outcome unprivileged(String... arguments) throws IOException, InterruptedException {
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        boolean root = System.getProperty("user.name").equals("root");
        return outcome(start(root ? nobody : List.of(), List.of(arguments)));
    }

    private Process start(List<String> prefix, List<String> arguments) throws IOException {
        return command(prefix, arguments).redirectErrorStream(true).start();
    }

    private ProcessBuilder command(List<String> prefix, List<String> arguments) {
        ProcessBuilder builder = command(home, prefix, List.of(), arguments);
        builder.environment().put("JDK_JAVA_OPTIONS",
                "-XX:SharedArchiveFile=" + archive() + " -Xlog:disable");
        return builder;
    }

    private static ProcessBuilder command(Path place, List<String> prefix, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(JAVA.toString(), "-Djava.io.tmpdir=" + place));
        command.addAll(options);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HYBRID_SYNC_DIR", place.toString());
        return builder;
    }

    private static Outcome finish(ProcessBuilder builder) throws IOException, InterruptedException {
        return outcome(builder.redirectErrorStream(true).start());
    }

    private static Outcome outcome(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
