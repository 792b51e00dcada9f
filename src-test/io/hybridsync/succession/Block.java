package io.hybridsync.succession;

import io.hybridsync.wire.Memory;
import org.jspecify.annotations.Nullable;

/** A piece of memory. It outlives whoever made it. */
final class Block {

    private static final int PAGE = 512;

    final Memory kind;
    final long id;
    private final long[] @Nullable [] pages;

    /** All zeroes. */
    Block(Memory kind, long id, int size) {
        this.kind = kind;
        this.id = id;
        this.pages = new long[(size / Long.BYTES + PAGE - 1) / PAGE][];
    }

    long get(int offset) {
        long[] page = pages[offset / Long.BYTES / PAGE];
        return page == null ? 0 : page[offset / Long.BYTES % PAGE];
    }

    void set(int offset, long word) {
        int number = offset / Long.BYTES / PAGE;
        long[] page = pages[number];
        if (page == null) {
            page = new long[PAGE];
            pages[number] = page;
        }
        page[offset / Long.BYTES % PAGE] = word;
    }

    @Override
    public String toString() {
        return "%s 0x%x".formatted(kind, id);
    }
}
