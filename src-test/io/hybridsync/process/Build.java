package io.hybridsync.process;

import static java.util.Objects.requireNonNull;

import io.hybridsync.SyncDomain;
import io.hybridsync.object.model.Patch;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Builds of the library: the jar that is shipped, and others, compiled from the sources that are shipped, in which something
 * was changed. All sources are compiled again, for the compiler copies constants to where they are used.
 */
public final class Build {

    private static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String MANIFEST =
            """
            Main-Class: io.hybridsync.app.Launcher
            Enable-Native-Access: ALL-UNNAMED
            """;

    private Build() {}

    /** The jar that is shipped. */
    public static Path shipped() {
        return Path.of(requireNonNull(System.getProperty("hybridsync.jar"), "hybridsync.jar"));
    }

    /**
     * Another jar.
     *
     * @param directory where it is built: empty
     */
    public static Path of(Path directory, Patch... patches) throws IOException {
        Path sources = directory.resolve("src");
        Path classes = directory.resolve("classes");
        copy(sources);
        for (Patch patch : patches) {
            Path file = sources.resolve("io/hybridsync").resolve(patch.file() + ".java");
            Files.writeString(file, patch.apply(Files.readString(file)));
        }
        compile(sources, classes);
        return pack(directory, classes);
    }

    /** All but the descriptor: the class path does without. */
    private static void copy(Path to) throws IOException {
        Path from = BASE.resolve("src");
        for (Path file : sources(from)) {
            Path copy = to.resolve(from.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java")).toList();
        }
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"), "-d", classes.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources(sources));
            if (!compiler.getTask(messages, files, null, options, null, units).call()) {
                throw new IllegalStateException("the build does not compile: " + messages);
            }
        }
    }

    private static Path pack(Path directory, Path classes) throws IOException {
        Path jar = directory.resolve("hybrid-sync.jar");
        Path manifest = Files.writeString(directory.resolve("MANIFEST.MF"), MANIFEST);
        StringWriter messages = new StringWriter();
        int result = java.util.spi.ToolProvider.findFirst("jar").orElseThrow().run(
                new PrintWriter(messages), new PrintWriter(messages),
                "--create", "--file", jar.toString(), "--manifest", manifest.toString(), "-C", classes.toString(), ".",
                "-C", BASE.toString(), "arch");
        if (result != 0) {
            throw new IllegalStateException("the build cannot be packed: " + messages);
        }
        return jar;
    }

    /** This process's class path, with a jar of the library instead of what this process runs. */
    static String classPath(Path jar) {
        Path here = place();
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().equals(here) ? jar.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path place() {
        try {
            return Path.of(SyncDomain.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new AssertionError("the library's own place is no URI", e);
        }
    }
}
