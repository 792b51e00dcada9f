package io.hybridsync.error;

/**
 * A mutex's owner died while it held the mutex; the caller does not own it. Call {@code recover()} to own the mutex,
 * repair what it protects, and unlock it.
 */
public final class AbandonedMutexException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public AbandonedMutexException(String message) {
        super(message);
    }
}
