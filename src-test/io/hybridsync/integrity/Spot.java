package io.hybridsync.integrity;

import io.hybridsync.HybridObject;
import io.hybridsync.word.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the word of an object is in this process, found as any stray pointer might: in /proc/self/maps.
 *
 * @param address of the word
 * @param base of its hash
 */
public record Spot(long address, int base) {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int PAGE = 4096;
    private static final Pattern LOCATION =
            Pattern.compile("slab 0x(\\p{XDigit}+), offset (\\d+), generation (\\d+)");
    private static final Pattern SLAB =
            Pattern.compile("(\\p{XDigit}+)-\\p{XDigit}+ rw-s .*/memfd:hybrid-sync-slab-(\\p{XDigit}+)\\b.*");

    /** Where it is now. */
    public static Spot of(HybridObject object) {
        String location = object.snapshot().location();
        Matcher place = LOCATION.matcher(location);
        if (!place.matches()) {
            throw new IllegalStateException(object + " is at " + location);
        }
        int offset = Integer.parseInt(place.group(2));
        int generation = Integer.parseInt(place.group(3));
        int base = Word.base(Long.parseUnsignedLong(place.group(1), 16), offset, generation);
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
            return lines.map(SLAB::matcher)
                    .filter(Matcher::matches)
                    .filter(slab -> slab.group(2).equals(place.group(1)))
                    .map(slab -> new Spot(Long.parseUnsignedLong(slab.group(1), 16) + offset, base))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("not mapped here: " + location));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there. */
    public long load() {
        return (long) WORD.getVolatile(segment(), 0L);
    }

    /** Writes there. */
    public void store(long word) {
        WORD.setVolatile(segment(), 0L, word);
    }

    boolean isValid(long word) {
        return Word.isValid(base, word);
    }

    /** Whether another one is in the same page of memory. */
    boolean isInPageOf(Spot other) {
        return address / PAGE == other.address / PAGE;
    }

    /** Makes all of its page zero. */
    void zeroPage() {
        MemorySegment.ofAddress(address / PAGE * PAGE).reinterpret(PAGE).fill((byte) 0);
    }

    private MemorySegment segment() {
        return MemorySegment.ofAddress(address).reinterpret(Long.BYTES);
    }
}
