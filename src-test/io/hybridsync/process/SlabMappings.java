package io.hybridsync.process;

import io.hybridsync.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process has of the library, seen from outside: in /proc. */
public final class SlabMappings {

    private static final Pattern SLAB = Pattern.compile("\\s(\\d+)\\s+/memfd:hybrid-sync-slab(?:-([0-9a-f]+))?\\b");
    private static final Pattern LOCATION = Pattern.compile("slab 0x([0-9a-f]+), .*");

    private SlabMappings() {}

    /**
     * A slab that a process has mapped.
     *
     * @param id the slab's, in hexadecimal
     * @param inode of its memory
     */
    record Mapped(String id, long inode) {}

    /** The slabs that a process has mapped; none when it has ended. */
    static Set<Mapped> of(long pid) {
        return lines(pid).map(SLAB::matcher)
                .filter(Matcher::find)
                .map(found -> new Mapped(found.group(2) == null ? "" : found.group(2), Long.parseLong(found.group(1))))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many mappings of slabs a process has. */
    public static long count(long pid) {
        return lines(pid).filter(line -> SLAB.matcher(line).find()).count();
    }

    /** The size of the largest mapping of a slab that a process has, in bytes; 0 without any. */
    static long largest(long pid) {
        return lines(pid)
                .filter(line -> SLAB.matcher(line).find())
                .mapToLong(line -> bytes(line.substring(0, line.indexOf(' '))))
                .max()
                .orElse(0);
    }

    private static long bytes(String range) {
        int dash = range.indexOf('-');
        return Long.parseUnsignedLong(range.substring(dash + 1), 16) - Long.parseUnsignedLong(range.substring(0, dash), 16);
    }

    /** The id of the slab that an object is in, in hexadecimal. */
    static String slab(Snapshot object) {
        Matcher location = LOCATION.matcher(object.location());
        if (!location.matches()) {
            throw new IllegalStateException("not in a slab: " + object);
        }
        return location.group(1);
    }

    private static Stream<String> lines(long pid) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc", "" + pid, "maps"), StandardCharsets.ISO_8859_1);
            return lines.stream();
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return Stream.empty();
            }
            throw new UncheckedIOException(e);
        }
    }
}
