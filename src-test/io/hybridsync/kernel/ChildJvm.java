package io.hybridsync.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small JVM that does one thing in a process of its own, says so in a line, and lives until its input ends. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static ChildJvm start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    static ChildJvm start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), ChildJvm.class.getName()));
        command.addAll(1, options);
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    Process process() {
        return process;
    }

    String line() throws IOException {
        return String.valueOf(output.readLine());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
        process.getOutputStream().close();
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(
                switch (arguments[0]) {
                    case "lock" -> lock(Path.of(arguments[1]), arguments[2]);
                    case "setsid" -> setsid();
                    case "one-carrier" -> OneCarrier.run();
                    case "mappings" -> Mappings.run();
                    default -> "unknown";
                });
        while (System.in.read() >= 0) {
            System.out.flush();
        }
    }

    private static String lock(Path path, String file) {
        try (Directory directory = Directory.open(path)) {
            Fd fd = directory.openFile(file, Linux.O_RDWR, 0);
            return "locked " + FileLock.tryLock(fd, 7, 1);
        }
    }

    private static String setsid() throws IOException {
        int session = Processes.setsid();
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return session + " " + fields[3] + " " + Errno.name(Processes.setsid());
    }
}
