package io.hybridsync.error;

/** The name belongs to an object of another kind. Objects of all kinds share one name space. */
public final class KindMismatchException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public KindMismatchException(String message) {
        super(message);
    }
}
