package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The memory that this JVM has besides its heap: how much of the heap is in use says nothing of how much of it was ever
 * touched, and that is most of what a process has.
 */
final class NativeMemory {

    private static final Pattern ADDRESS = Pattern.compile("0x(\\p{XDigit}+)");
    private static final Pattern RANGE = Pattern.compile("(\\p{XDigit}+)-\\p{XDigit}+ .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

    private NativeMemory() {}

    /** What of it is in memory now. */
    static long residentKilobytes() {
        long[] heap = heap();
        long sum = 0;
        long start = 0;
        for (String line : smaps()) {
            Matcher range = RANGE.matcher(line);
            Matcher resident = RESIDENT.matcher(line);
            if (range.matches()) {
                start = Long.parseUnsignedLong(range.group(1), 16);
            } else if (resident.matches() && (start < heap[0] || start >= heap[1])) {
                sum += Long.parseLong(resident.group(1));
            }
        }
        return sum;
    }

    private static Iterable<String> smaps() {
        try {
            return Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is: of all the addresses that the JVM tells of it, the first and the last one. */
    private static long[] heap() {
        try {
            String info = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcHeapInfo", null, null);
            long[] addresses = ADDRESS.matcher(info)
                    .results()
                    .mapToLong(address -> Long.parseLong(address.group(1), 16))
                    .sorted()
                    .toArray();
            return new long[] {addresses[0], addresses[addresses.length - 1]};
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
