package io.hybridsync.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another process with the JVM and the classes of this one. */
public final class Jvm {

    private Jvm() {}

    /**
     * A command line.
     *
     * @param options of the JVM
     * @param mainClass a class of this library with a main method
     */
    public static List<String> command(List<String> options, String mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String place = classPath();
        if (place == null) {
            command.addAll(List.of("--enable-native-access=io.hybridsync", "-m", "io.hybridsync/" + mainClass));
        } else {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", place, mainClass));
        }
        return command;
    }

    /** Where this class came from: the jar, a directory of classes; null when it is linked into the JVM's own image. */
    private static @Nullable String classPath() {
        CodeSource source = Jvm.class.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        if (place == null || !place.getProtocol().equals("file")) {
            return null;
        }
        try {
            return Path.of(new URI(place.toString())).toAbsolutePath().toString();
        } catch (URISyntaxException e) {
            throw new AssertionError("the class's own place is no URI: " + place, e);
        }
    }
}
