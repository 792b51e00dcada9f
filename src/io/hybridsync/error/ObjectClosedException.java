package io.hybridsync.error;

/**
 * The handle or the domain is closed. Open it again. Threads that waited through a handle that is closed get this
 * exception too.
 */
public final class ObjectClosedException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public ObjectClosedException(String message) {
        super(message);
    }
}
