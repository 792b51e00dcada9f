package io.hybridsync.slab;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * All memory of the process, and how words in it are accessed.
 *
 * <p>Where a word is is held as a position: its address, shifted such that a compiler sees from the two shifts of {@link #address}
 * alone that what comes of it is aligned, and within the segment. Else both would be checked at every access, which takes a tenth
 * of the time of an operation, and makes it too large to be inlined.
 */
final class Memory {

    /** Of a length that every address is less than. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    /**
     * Without the check of the alignment, which takes more levels of calls than are inlined. The address is aligned, and there one
     * plain store of 64 bits is one store on every CPU that is supported.
     */
    static final VarHandle PLAIN = ValueLayout.JAVA_LONG_UNALIGNED.varHandle().withInvokeExactBehavior();

    /** So many of the upper bits of an address are zero, at least. */
    private static final int SPARE = 2;

    /** And so many of the lower ones of a word's. */
    private static final int ALIGNED = 3;

    private Memory() {}

    static long position(long address) {
        return address << SPARE;
    }

    static long address(long position) {
        return position >>> (SPARE + ALIGNED) << ALIGNED;
    }
}
