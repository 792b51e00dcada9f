package io.hybridsync.error;

/**
 * An object that had to exist does not. A name lives as long as the last handle; create the object, or open it while
 * somebody holds it.
 */
public final class NoSuchObjectException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public NoSuchObjectException(String message) {
        super(message);
    }
}
