package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * An array of struct epoll_event. It is packed on x86_64 and nowhere else, so the table of the CPU knows its size.
 *
 * <pre>
 *   0        4                 12                  0        4        8                 16
 *  +--------+-----------------+                   +--------+--------+-----------------+
 *  | events | data            |  x86_64           | events |   -    | data            |  others
 *  +--------+-----------------+                   +--------+--------+-----------------+
 * </pre>
 *
 * @param segment the events
 */
record EpollEvent(MemorySegment segment) {

    static final int BYTES = Arch.current().get("sizeof.epoll_event");

    private static final int DATA = Arch.current().get("offsetof.epoll_event.data");

    void set(int index, int events, long data) {
        long at = (long) index * BYTES;
        segment.set(JAVA_INT_UNALIGNED, at, events);
        segment.set(JAVA_LONG_UNALIGNED, at + DATA, data);
    }

    int events(int index) {
        return segment.get(JAVA_INT_UNALIGNED, (long) index * BYTES);
    }

    long data(int index) {
        return segment.get(JAVA_LONG_UNALIGNED, (long) index * BYTES + DATA);
    }

    long address() {
        return segment.address();
    }
}
