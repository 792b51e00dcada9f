package io.hybridsync.error;

/**
 * A system call failed in a way that the library has no better exception for. The message names the call, its arguments
 * and the error.
 */
public final class KernelException extends SyncException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param message the call, its arguments, the error and the remedy
     * @param errno the error number, positive, as errno(3) lists it for this CPU
     */
    public KernelException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** The error number that the kernel gave, positive, as errno(3) lists it. */
    public int errno() {
        return errno;
    }
}
