package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Unguessable numbers, from the kernel itself: it needs no descriptor, and none of the time that SecureRandom takes.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/getrandom.2.html">getrandom(2)</a>
 */
public final class Randomness {

    private Randomness() {}

    /** Two of them. */
    public static long[] two() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bits = arena.allocate(JAVA_LONG, 2);
            long result = SystemCall.GETRANDOM.call(bits.address(), bits.byteSize(), 0, 0);
            while (result == -Errno.EINTR) {
                result = SystemCall.GETRANDOM.call(bits.address(), bits.byteSize(), 0, 0);
            }
            Failure.check(result, "getrandom");
            return bits.toArray(JAVA_LONG);
        }
    }
}
