package io.hybridsync.error;

/** An object that had to be created exists already. Open it, or choose another name. */
public final class ObjectExistsException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public ObjectExistsException(String message) {
        super(message);
    }
}
