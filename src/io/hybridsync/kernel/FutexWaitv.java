package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * An array of struct futex_waitv: the words that futex_waitv(2) waits for.
 *
 * <pre>
 *   0                 8                 16       20       24
 *  +-----------------+-----------------+--------+--------+
 *  | val             | uaddr           | flags  | 0      |
 *  +-----------------+-----------------+--------+--------+
 * </pre>
 *
 * @param segment 24 bytes for each word
 */
record FutexWaitv(MemorySegment segment) {

    static final int BYTES = 24;

    private static final int VAL = 0;
    static final int UADDR = 8;
    static final int FLAGS = 16;
    private static final int RESERVED = 20;

    /** A shared word of 32 bits; the value is zero-extended, for the kernel refuses anything above bit 31. */
    void set(int index, long address, int expected) {
        long at = (long) index * BYTES;
        segment.set(JAVA_LONG, at + VAL, Integer.toUnsignedLong(expected));
        segment.set(JAVA_LONG, at + UADDR, address);
        segment.set(JAVA_INT, at + FLAGS, Linux.FUTEX_32);
        segment.set(JAVA_INT, at + RESERVED, 0);
    }

    long address() {
        return segment.address();
    }
}
