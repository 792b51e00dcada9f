package io.hybridsync.error;

/**
 * A release would have raised a semaphore's permits over its maximum; the semaphore is unchanged. A release without an
 * acquire is an error of the caller, or the maximum is too small.
 */
public final class PermitLimitException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public PermitLimitException(String message) {
        super(message);
    }
}
