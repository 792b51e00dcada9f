package io.hybridsync.wire;

import org.jspecify.annotations.Nullable;

/** Memory that a client can hand to the next broker. */
public enum Memory {
    /** A slab: words that the client operates on. */
    SLAB(1),
    /** A slab of the broker's own: words that only the broker before has written to. */
    OWN(2),
    /** What the broker before was about to do. */
    JOURNAL(3),
    /** How many permits of leased semaphores the client holds, and which of its operations are under way. */
    LEDGER(4);

    private final int code;

    Memory(int code) {
        this.code = code;
    }

    /** The number that stands for it in messages; never reused. */
    int code() {
        return code;
    }

    /** The memory with this number, or null when there is none. */
    static @Nullable Memory ofCode(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
