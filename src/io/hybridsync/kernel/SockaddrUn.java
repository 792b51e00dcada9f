package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;

/**
 * struct sockaddr_un: the address of a Unix socket, a path of at most 107 bytes and a NUL.
 *
 * <pre>
 *   0        2                                110
 *  +--------+---------------------------------+
 *  | family | path                            |
 *  +--------+---------------------------------+
 * </pre>
 *
 * @param segment 110 bytes
 */
record SockaddrUn(MemorySegment segment) {

    static final int BYTES = 110;
    static final int FAMILY = 0;
    static final int PATH = 2;

    private static final int MAX_PATH = BYTES - PATH - 1;

    static SockaddrUn of(SegmentAllocator memory, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PATH) {
            throw new IllegalArgumentException(
                    "The socket path " + path + " has " + bytes.length + " bytes, more than " + MAX_PATH);
        }
        MemorySegment segment = memory.allocate(BYTES, Short.BYTES);
        segment.set(JAVA_SHORT, FAMILY, (short) Linux.AF_UNIX);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, PATH, bytes.length);
        return new SockaddrUn(segment);
    }

    long address() {
        return segment.address();
    }
}
