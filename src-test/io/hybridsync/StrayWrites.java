package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes to the memory of objects, found through /proc/self/maps as any stray pointer might. */
final class StrayWrites {

    private static final Pattern SLAB = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) rw-s .*memfd:hybrid-sync-slab.*");
    private static final Pattern LOCATION =
            Pattern.compile("slab 0x(\\p{XDigit}+), offset (\\d+), generation (\\d+)");

    private StrayWrites() {}

    /** Changes bits of a word behind everybody's back. */
    static void flip(MemorySegment word, long bits) {
        word.set(ValueLayout.JAVA_LONG, 0, word.get(ValueLayout.JAVA_LONG, 0) ^ bits);
    }

    /** The word of an object, in whichever mapping of this process it verifies. */
    static MemorySegment word(HybridObject s) throws IOException {
        Location location = location(s);
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            Matcher slab = SLAB.matcher(line);
            if (slab.matches()) {
                long start = Long.parseUnsignedLong(slab.group(1), 16);
                MemorySegment word =
                        MemorySegment.ofAddress(start + location.offset()).reinterpret(Long.BYTES);
                if (Word.isValid(location.base(), word.get(ValueLayout.JAVA_LONG, 0))) {
                    return word;
                }
            }
        }
        throw new AssertionError("no slab with a valid word at " + location);
    }

    /** Where the broker says that the word is. */
    static Location location(HybridObject s) {
        Matcher place = LOCATION.matcher(s.snapshot().location());
        assertThat(place.matches()).isTrue();
        return new Location(
                Long.parseUnsignedLong(place.group(1), 16),
                Integer.parseInt(place.group(2)),
                Integer.parseInt(place.group(3)));
    }

    /** The memory that is so many bytes behind the word of an object. */
    static MemorySegment behind(HybridObject s, int bytes) throws IOException {
        return MemorySegment.ofAddress(word(s).address() + bytes).reinterpret(Long.BYTES);
    }

    /** Writes a word that verifies, with a value that the object does not have. */
    static void forge(HybridObject s, int data, int flags) throws IOException {
        word(s).set(ValueLayout.JAVA_LONG, 0, Word.pack(location(s).base(), data, flags));
    }
}
