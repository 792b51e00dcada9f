package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * struct msghdr of a message in one piece, with its struct iovec behind it.
 *
 * <pre>
 *   0        8         16      24        32        40           48       56           64          72
 *  +--------+---------+-------+---------+---------+------------+--------+------------+-----------+
 *  | name 0 | len 0   | iov   | iovlen 1| control | controllen | flags  | iov.base   | iov.len   |
 *  +--------+---------+-------+---------+---------+------------+--------+------------+-----------+
 * </pre>
 *
 * @param segment 72 bytes
 */
record MsgHdr(MemorySegment segment) {

    static final int BYTES = 56;
    static final int IOV = 16;
    static final int IOVLEN = 24;
    static final int CONTROL = 32;
    static final int CONTROLLEN = 40;
    static final int FLAGS = 48;

    private static final int IOVEC_BASE = 56;
    private static final int IOVEC_LEN = 64;
    private static final int BYTES_WITH_IOVEC = 72;

    static MsgHdr of(SegmentAllocator memory, MemorySegment message) {
        MemorySegment segment = memory.allocate(BYTES_WITH_IOVEC, Long.BYTES);
        segment.set(JAVA_LONG, IOV, segment.address() + IOVEC_BASE);
        segment.set(JAVA_LONG, IOVLEN, 1);
        segment.set(JAVA_LONG, IOVEC_BASE, message.address());
        segment.set(JAVA_LONG, IOVEC_LEN, message.byteSize());
        return new MsgHdr(segment);
    }

    void control(Cmsg control) {
        segment.set(JAVA_LONG, CONTROL, control.segment().address());
        segment.set(JAVA_LONG, CONTROLLEN, control.segment().byteSize());
    }

    /** How much of the control buffer the kernel filled. */
    long controlLength() {
        return segment.get(JAVA_LONG, CONTROLLEN);
    }

    /** The message was longer than the buffer. */
    boolean isTruncated() {
        return (segment.get(JAVA_INT, FLAGS) & Linux.MSG_TRUNC) != 0;
    }

    /** Not all descriptors that came are there: the control buffer, or the process, has no room for more. */
    boolean isControlTruncated() {
        return (segment.get(JAVA_INT, FLAGS) & Linux.MSG_CTRUNC) != 0;
    }

    long address() {
        return segment.address();
    }
}
