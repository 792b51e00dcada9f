package io.hybridsync.client;

/** A broker will not have this client, now or later: to try again is of no use. Never leaves this room. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient RuntimeException reason;

    private final boolean late;

    /**
     * @param reason what the user gets
     * @param late whether it is only that the broker does not know this client: as a new one it would have it
     */
    Refusal(RuntimeException reason, boolean late) {
        super(reason);
        this.reason = reason;
        this.late = late;
    }

    /** Whether the broker would have this client as a new one, which has nothing. */
    boolean isLate() {
        return late;
    }

    /** What the user gets. */
    RuntimeException reason() {
        return reason;
    }
}
