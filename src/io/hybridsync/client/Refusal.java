package io.hybridsync.client;

/** A broker will not have this client, now or later: to try again is of no use. Never leaves this room. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient RuntimeException reason;

    /** @param reason what the user gets */
    Refusal(RuntimeException reason) {
        super(reason);
        this.reason = reason;
    }

    /** What the user gets. */
    RuntimeException reason() {
        return reason;
    }
}
