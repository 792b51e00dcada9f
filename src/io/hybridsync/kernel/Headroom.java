package io.hybridsync.kernel;

/**
 * Looks whether the calling thread has the stack for what has to follow once it has begun.
 *
 * <p>A compare-and-set that signals is done; if its thread then has no stack left to wake who sleeps, he sleeps on beside what he
 * waits for. The Java platform has stack in reserve for such sections of its own locks, and for nobody else. So a thread that
 * will have to wake goes as far down before as that may take: if it fails there, nothing has been done.
 *
 * <p>What a frame takes depends on who runs it. The measure is that of the thriftiest: compiled, and every other level inlined, 16
 * bytes a level on x86-64. Interpreted code takes many times as much, here as in what follows; but what is called so often as this
 * is compiled first. The first time, which may have to load classes, goes down that much farther.
 */
public final class Headroom {

    private Headroom() {}

    /**
     * Returns if there is room.
     *
     * @param levels how far down to go
     * @throws StackOverflowError if there is none
     */
    public static void check(int levels) {
        if (levels > 0) {
            check(levels - 1);
        }
    }
}
