package io.hybridsync.slab;

import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;

/**
 * A slab in a sealed memfd. Its addresses stay this process's as long as anything reaches the slab: cells hold it, slots
 * hold their cells, and a thread in an operation holds the slot. {@link MappedSlabs} makes and retires it.
 */
public final class MappedSlab extends Slab {

    private final Memfd memfd;
    private final Mapping mapping;
    private final boolean forOneWriter;

    MappedSlab(long id, Memfd memfd, Mapping mapping, boolean forOneWriter) {
        super(id, Math.toIntExact(memfd.size()));
        this.memfd = memfd;
        this.mapping = mapping;
        this.forOneWriter = forOneWriter;
    }

    /** Whether nobody who gets the file can write to it. */
    public boolean isForOneWriter() {
        return forOneWriter;
    }

    /** The slab's file; kept open so that it can be passed on. */
    public Memfd memfd() {
        return memfd;
    }

    Mapping mapping() {
        return mapping;
    }

    @Override
    protected Cell newCell(int offset) {
        return new MappedCell(mapping, offset);
    }
}
