package io.hybridsync.slab;

import io.hybridsync.kernel.Membarrier;
import java.lang.invoke.VarHandle;

/**
 * Two fences that belong together: whoever stores, then {@link #light}, then loads, and whoever stores, then {@link #heavy},
 * then loads, do not both miss what the other has stored. The light one is for what is done all the time, and is free: it
 * only keeps the compiler from turning the two accesses round, and the heavy one makes the processor of every thread of
 * this process pass a fence. Where the kernel cannot do that, both are full fences.
 */
public final class Barrier {

    private static final boolean ASYMMETRIC = Membarrier.register();

    private Barrier() {}

    /** Between a store and a load of a thread that comes here often. */
    public static void light() {
        if (ASYMMETRIC) {
            VarHandle.releaseFence();
            VarHandle.acquireFence();
        } else {
            VarHandle.fullFence();
        }
    }

    /** Between a store and a load of a thread that comes here once in a while: a system call. */
    public static void heavy() {
        VarHandle.fullFence();
        if (ASYMMETRIC) {
            Membarrier.fence();
        }
    }
}
