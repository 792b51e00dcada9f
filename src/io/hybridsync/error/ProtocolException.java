package io.hybridsync.error;

/**
 * A peer broke the rules of the wire, or speaks another version of it. The message says what was expected and what
 * came.
 */
public final class ProtocolException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public ProtocolException(String message) {
        super(message);
    }
}
