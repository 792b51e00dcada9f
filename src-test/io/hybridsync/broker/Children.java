package io.hybridsync.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Processes that a test starts; none outlives it. */
final class Children implements AfterEachCallback {

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    private final List<Process> processes = new ArrayList<>();

    /** @param prefix of the command line, such as a program that changes what the process may do */
    Process start(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        return start(prefix, String.join(":", classes()), main, arguments);
    }

    /**
     * Starts one of the user nobody.
     *
     * @param place an empty directory, for the classes: where they were built, that user may not read them
     */
    Process startAsNobody(Path place, Class<?> main, String... arguments) throws IOException {
        Path jar = place.resolve("classes.jar");
        List<String> packing = new ArrayList<>(List.of("--create", "--no-compress", "--file", jar.toString()));
        classes().forEach(directory -> packing.addAll(List.of("-C", directory, ".")));
        int result =
                ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, packing.toArray(String[]::new));
        if (result != 0) {
            throw new IOException("the classes cannot be packed: " + packing);
        }
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        return start(AS_NOBODY, jar.toString(), main, arguments);
    }

    private Process start(List<String> prefix, String classPath, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    /** The classes alone, so that a user who may not read the libraries can run them. */
    private static List<String> classes() {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .filter(entry -> Files.isDirectory(Path.of(entry)))
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
