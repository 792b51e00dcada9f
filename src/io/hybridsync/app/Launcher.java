package io.hybridsync.app;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The jar's main class, compiled for Java 17: runs the command line on this JVM if it is new enough, else on the newest JDK
 * that it finds in JAVA_HOME or in the folder where the system keeps its JVMs. Where there is none it says what is missing
 * and ends with exit code 78, EX_CONFIG of sysexits.h.
 */
public final class Launcher {

    private static final int NEEDED = 22;
    private static final int EXIT_CONFIG = 78;
    /** Where the system keeps its JVMs; the property names another folder. */
    private static final Path JVM_FOLDER = Path.of(System.getProperty("hybridsync.jvms", "/usr/lib/jvm"));

    private Launcher() {}

    /**
     * Runs a command.
     *
     * @param arguments the command and its arguments
     */
    public static void main(String[] arguments) throws Exception {
        if (Runtime.version().feature() >= NEEDED) {
            runHere(arguments);
        } else {
            System.exit(runOn(newestJdk(), arguments));
        }
    }

    private static void runHere(String[] arguments) throws Exception {
        try {
            Class.forName("io.hybridsync.app.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static int runOn(Optional<Path> jdk, String[] arguments)
            throws IOException, InterruptedException, URISyntaxException {
        if (jdk.isEmpty()) {
            System.err.printf(
                    "hybrid-sync needs Java %d or newer; this is Java %s, and there is no newer one in JAVA_HOME or in %s.%n"
                            + "Install a JDK %d or newer, or set JAVA_HOME to one.%n",
                    NEEDED, Runtime.version(), JVM_FOLDER, NEEDED);
            return EXIT_CONFIG;
        }
        List<String> command = new ArrayList<>();
        command.add(java(jdk.get()).toString());
        command.add("-jar");
        command.add(new File(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    private static Optional<Path> newestJdk() throws IOException {
        List<Path> candidates = new ArrayList<>();
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            candidates.add(Path.of(home));
        }
        if (Files.isDirectory(JVM_FOLDER)) {
            try (Stream<Path> jvms = Files.list(JVM_FOLDER)) {
                jvms.forEach(candidates::add);
            }
        }
        return candidates.stream()
                .filter(jdk -> feature(jdk) >= NEEDED && Files.isExecutable(java(jdk)))
                .max(Comparator.comparingInt(Launcher::feature));
    }

    /** The feature release of a JDK by its file {@code release}, 0 when it has none. */
    private static int feature(Path jdk) {
        Properties release = new Properties();
        try (var text = Files.newBufferedReader(jdk.resolve("release"))) {
            release.load(text);
            String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
            return Runtime.Version.parse(version).feature();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }

    private static Path java(Path jdk) {
        return jdk.resolve("bin").resolve("java");
    }
}
