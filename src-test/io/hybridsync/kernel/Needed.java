package io.hybridsync.kernel;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine. Where it is missing the test is skipped; but where the environment variable CI is set
 * the test fails, for there nothing may be skipped unseen.
 */
public final class Needed {

    private static final boolean CI = System.getenv("CI") != null;

    private Needed() {}

    /** Goes on if it is there. */
    public static void that(boolean there, String otherwise) {
        that(there, otherwise, CI);
    }

    static void that(boolean there, String otherwise, boolean ci) {
        if (!there && ci) {
            throw new AssertionError(otherwise + "; in CI it must be there");
        }
        Assumptions.assumeTrue(there, otherwise);
    }

    /** Goes on as root. */
    public static void root(String what) {
        that(Processes.geteuid() == 0, what + ", so it needs root");
    }

    /** Goes on if there is a program. */
    public static void program(String name) {
        that(isThere(name), name + " is not installed");
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
