package io.hybridsync.process;

import io.hybridsync.HybridObject;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that opens three objects and then writes random bytes over everything of the library that it has mapped, until
 * it is killed. Arguments: directory, domain, seed.
 */
public final class Scribbler {

    /** What it says when it has begun. */
    static final String BUSY = "busy";

    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) rw-s .*memfd:hybrid-sync.*");

    private Scribbler() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        SyncDomain domain = SyncDomain.builder(arguments[1]).directory(Path.of(arguments[0])).linger(Duration.ZERO).open();
        List<HybridObject> open = List.of(
                domain.openSemaphore("shared semaphore"), domain.openMutex("shared mutex"), domain.openEvent("shared event"));
        Random random = new Random(Long.parseLong(arguments[2]));
        List<MemorySegment> all = mappings();
        scribble(all, random);
        System.out.println(BUSY + " " + all.size() + " " + open.size());
        for (;;) {
            scribble(all, random);
        }
    }

    private static void scribble(List<MemorySegment> all, Random random) {
        for (MemorySegment memory : all) {
            for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
                memory.set(ValueLayout.JAVA_LONG, at, random.nextLong());
            }
        }
    }

    private static List<MemorySegment> mappings() throws IOException {
        List<MemorySegment> all = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
            Matcher found = MAPPING.matcher(line);
            if (found.matches()) {
                long start = Long.parseUnsignedLong(found.group(1), 16);
                long end = Long.parseUnsignedLong(found.group(2), 16);
                all.add(MemorySegment.ofAddress(start).reinterpret(end - start));
            }
        }
        return all;
    }
}
