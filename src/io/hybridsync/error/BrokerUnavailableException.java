package io.hybridsync.error;

/**
 * The domain's broker could not be reached, started or heard from in time. Objects that are open go on working; what
 * needs the broker may be tried again. Where the message says that the domain has to be opened anew, the broker has taken
 * everything away from this client, and nothing that it had open works any more.
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
