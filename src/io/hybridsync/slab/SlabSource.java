package io.hybridsync.slab;

/** Where slabs come from: the kernel, or in tests the heap. */
@FunctionalInterface
public interface SlabSource {

    /**
     * A new slab, all zeroes.
     *
     * @param id its id
     * @param size bytes, a multiple of the page size
     * @throws io.hybridsync.error.LimitExceededException when memory, mappings or file descriptors have run out
     */
    Slab create(long id, int size);
}
