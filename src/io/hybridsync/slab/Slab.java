package io.hybridsync.slab;

/** A piece of memory that is divided in slots, where this process has it mapped. */
public abstract class Slab {

    private final long id;
    private final int size;

    /**
     * @param id 64 bits, never reused
     * @param size bytes
     */
    protected Slab(long id, int size) {
        this.id = id;
        this.size = size;
    }

    /** The id: 64 bits, never reused; the upper half is the incarnation of the broker that made it. */
    public final long id() {
        return id;
    }

    /** Bytes. */
    public final int size() {
        return size;
    }

    /**
     * The cell of the word at an offset. It keeps the slab mapped as long as it is reachable.
     *
     * @throws IndexOutOfBoundsException when no whole, aligned word of the slab is there
     */
    public final Cell cell(int offset) {
        if (offset < 0 || offset > size - Long.BYTES || offset % Long.BYTES != 0) {
            throw new IndexOutOfBoundsException("offset %d of slab 0x%x with %d bytes".formatted(offset, id, size));
        }
        return newCell(offset);
    }

    /** A cell at a valid offset. */
    protected abstract Cell newCell(int offset);
}
