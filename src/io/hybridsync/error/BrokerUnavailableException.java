package io.hybridsync.error;

/**
 * The domain's broker could not be reached, started or heard from in time. Objects that are open go on working; what
 * needs the broker may be tried again.
 */
public final class BrokerUnavailableException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public BrokerUnavailableException(String message) {
        super(message);
    }

    /**
     * @param message what was asked, what was found, what to do
     * @param cause what the message rests on
     */
    public BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
