package io.hybridsync.error;

/**
 * The operating system, the domain's directory or the handle's access does not permit the operation. The message names
 * the file, its owner and its mode, or the handle.
 */
public final class AccessDeniedException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public AccessDeniedException(String message) {
        super(message);
    }

    /**
     * @param message what was asked, what was found, what to do
     * @param cause what the message rests on
     */
    public AccessDeniedException(String message, Throwable cause) {
        super(message, cause);
    }
}
