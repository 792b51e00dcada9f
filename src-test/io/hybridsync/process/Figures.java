package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process has at a moment, read in /proc.
 *
 * @param slabs mappings of slabs
 * @param mappings all mappings
 * @param files open file descriptors
 * @param residentKilobytes memory
 */
record Figures(long slabs, long mappings, long files, long residentKilobytes) {

    static Figures of(long pid) {
        Path process = Path.of("/proc", "" + pid);
        try (Stream<Path> files = Files.list(process.resolve("fd"));
                Stream<String> mappings = Files.lines(process.resolve("maps"));
                Stream<String> status = Files.lines(process.resolve("status"))) {
            long resident = status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            return new Figures(SlabMappings.count(pid), mappings.count(), files.count(), resident);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "%d slabs in %d mappings, %d fds, %d MB".formatted(slabs, mappings, files, residentKilobytes / 1024);
    }
}
