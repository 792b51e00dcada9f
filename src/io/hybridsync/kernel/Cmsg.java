package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/**
 * The control data of a message: struct cmsghdr and the descriptors that travel with the message. The next header, if
 * there is one, begins at a multiple of 8.
 *
 * <pre>
 *   0                 8        12       16     20     24
 *  +-----------------+--------+--------+------+------+---
 *  | len             | level  | type   | fd   | fd   | ...
 *  +-----------------+--------+--------+------+------+---
 * </pre>
 *
 * @param segment room for the headers and descriptors
 */
record Cmsg(MemorySegment segment) {

    /** How many descriptors the kernel lets a message carry. For which there were no room it would close itself, in the call. */
    static final int MAX_FDS = 253;

    static final int LEN = 0;
    static final int LEVEL = 8;
    static final int TYPE = 12;
    static final int DATA = 16;

    private static final int ALIGNMENT = 8;

    static Cmsg empty(SegmentAllocator memory) {
        return new Cmsg(memory.allocate(DATA + MAX_FDS * Integer.BYTES, ALIGNMENT));
    }

    static Cmsg of(SegmentAllocator memory, int fd) {
        MemorySegment segment = memory.allocate(DATA + ALIGNMENT, ALIGNMENT);
        segment.set(JAVA_LONG, LEN, DATA + Integer.BYTES);
        segment.set(JAVA_INT, LEVEL, Linux.SOL_SOCKET);
        segment.set(JAVA_INT, TYPE, Linux.SCM_RIGHTS);
        segment.set(JAVA_INT, DATA, fd);
        return new Cmsg(segment);
    }

    /** Takes over every descriptor in the part that the kernel filled: whoever does not want them has to close them. */
    void takeFds(long filled, List<Fd> into) {
        for (long at = 0; at + DATA <= filled; at += next(at)) {
            if (segment.get(JAVA_INT, at + LEVEL) == Linux.SOL_SOCKET
                    && segment.get(JAVA_INT, at + TYPE) == Linux.SCM_RIGHTS) {
                takeFds(at, Math.min(filled, at + length(at)), into);
            }
        }
    }

    private void takeFds(long header, long end, List<Fd> into) {
        for (long at = header + DATA; at + Integer.BYTES <= end; at += Integer.BYTES) {
            into.add(Fd.foreign(segment.get(JAVA_INT, at)));
        }
    }

    private long length(long at) {
        return segment.get(JAVA_LONG, at + LEN);
    }

    private long next(long at) {
        return Math.max(DATA, (length(at) + ALIGNMENT - 1) & -ALIGNMENT);
    }
}
