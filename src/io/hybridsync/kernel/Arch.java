package io.hybridsync.kernel;

import io.hybridsync.error.UnsupportedPlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One CPU's table: the numbers of system calls, and each constant and struct size that is not the same on all supported
 * CPUs. The tables are the resources {@code /arch/<cpu>.properties}, all with the same keys, so a CPU is one more file
 * and nothing else in the library names a CPU. Immutable.
 */
public final class Arch {

    private static final String SUPPORTED = "Linux on x86_64, aarch64 or ppc64le (64 bit, little endian)";

    private static volatile @Nullable Arch current;

    private final String cpu;
    private final Properties table;

    private Arch(String cpu) {
        this.cpu = cpu;
        this.table = load("/arch/".concat(cpu).concat(".properties"));
    }

    /**
     * The table of the machine that this JVM runs on.
     *
     * @throws UnsupportedPlatformException if there is none; it names what is supported
     */
    public static Arch current() {
        Arch known = current;
        if (known == null) {
            known = of(System.getProperty("os.name"), System.getProperty("os.arch"));
            current = known;
        }
        return known;
    }

    /**
     * The table of a machine as the system properties {@code os.name} and {@code os.arch} describe it.
     *
     * @throws UnsupportedPlatformException if there is none; it names what is supported
     */
    public static Arch of(String osName, String osArch) {
        Objects.requireNonNull(osName, "osName");
        Objects.requireNonNull(osArch, "osArch");
        String cpu = cpu(osArch);
        if (!osName.equals("Linux") || cpu == null) {
            throw new UnsupportedPlatformException(
                    "Supported is " + SUPPORTED + "; this JVM runs on " + osName + " on " + osArch + '.');
        }
        return new Arch(cpu);
    }

    private static @Nullable String cpu(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch64";
            case "ppc64le" -> "ppc64le";
            default -> null;
        };
    }

    private static Properties load(String resource) {
        Properties table = new Properties();
        try (InputStream in = Arch.class.getResourceAsStream(resource)) {
            table.load(Objects.requireNonNull(in, resource));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
        return table;
    }

    /** The name of the CPU: the table's file name. */
    public String cpu() {
        return cpu;
    }

    /** All keys of the table. */
    public SortedSet<String> keys() {
        return new TreeSet<>(table.stringPropertyNames());
    }

    /**
     * One number of the table.
     *
     * @param key the C name, as the table writes it
     * @throws IllegalArgumentException if the table has no such key
     */
    public int get(String key) {
        String value = table.getProperty(Objects.requireNonNull(key, "key"));
        if (value == null) {
            throw new IllegalArgumentException("The table of " + cpu + " has no key " + key);
        }
        return Integer.decode(value);
    }

    @Override
    public String toString() {
        return "Linux on " + cpu;
    }
}
