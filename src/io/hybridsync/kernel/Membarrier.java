package io.hybridsync.kernel;

/**
 * Makes all running threads of this process pass a memory fence, at the moment when one of them needs it: so that the
 * others, who do the same thing over and over, need none of their own.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/membarrier.2.html">membarrier(2)</a>
 */
public final class Membarrier {

    private Membarrier() {}

    static boolean isKnown() {
        long commands = SystemCall.MEMBARRIER.call(Linux.MEMBARRIER_CMD_QUERY, 0);
        return commands > 0 && (commands & Linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
    }

    /** Announces that this process is going to use it, which takes a moment; false where it cannot. */
    public static boolean register() {
        return Features.current().membarrier()
                && SystemCall.MEMBARRIER.call(Linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0) == 0;
    }

    /** When it returns, every thread of this process has passed a full fence since it was called. After {@link #register}. */
    public static void fence() {
        Failure.check(SystemCall.MEMBARRIER.call(Linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0), "membarrier");
    }
}
