package io.hybridsync.error;

/**
 * A limit would have been exceeded: a quota of the broker, file descriptors, mappings, memory. Nothing was created.
 * The message names the limit and how to raise it.
 */
public final class LimitExceededException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public LimitExceededException(String message) {
        super(message);
    }

    /**
     * @param message what was asked, what was found, what to do
     * @param cause what the message rests on
     */
    public LimitExceededException(String message, Throwable cause) {
        super(message, cause);
    }
}
