package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * struct flock: a record lock.
 *
 * <pre>
 *   0       2         4       8            16           24      28      32
 *  +-------+---------+-------+------------+------------+-------+-------+
 *  | type  | whence  |   -   | start      | len        | pid 0 |   -   |
 *  +-------+---------+-------+------------+------------+-------+-------+
 * </pre>
 *
 * @param segment 32 bytes
 */
record Flock(MemorySegment segment) {

    static final int BYTES = 32;
    static final int TYPE = 0;
    static final int WHENCE = 2;
    static final int START = 8;
    static final int LEN = 16;
    static final int PID = 24;

    static Flock of(SegmentAllocator memory, int type, long start, long length) {
        MemorySegment segment = memory.allocate(BYTES, Long.BYTES);
        segment.set(JAVA_SHORT, TYPE, (short) type);
        segment.set(JAVA_SHORT, WHENCE, (short) Linux.SEEK_SET);
        segment.set(JAVA_LONG, START, start);
        segment.set(JAVA_LONG, LEN, length);
        segment.set(JAVA_INT, PID, 0);
        return new Flock(segment);
    }

    int type() {
        return segment.get(JAVA_SHORT, TYPE);
    }

    long start() {
        return segment.get(JAVA_LONG, START);
    }

    /** 0: up to the end of all files. */
    long length() {
        return segment.get(JAVA_LONG, LEN);
    }

    long address() {
        return segment.address();
    }
}
