package io.hybridsync.slab;

/** The halves of a word that are futexes. */
public enum Half {
    /** Data: who waits for a signal sleeps here, with WAITERS set in the value it expects. */
    DATA(0),
    /** Hash and flags: who waits for the broker to end a transaction sleeps here. */
    FLAGS(4);

    private final int offset;

    Half(int offset) {
        this.offset = offset;
    }

    /** Bytes from the start of the word, on the little-endian machines that the library supports. */
    int offset() {
        return offset;
    }
}
