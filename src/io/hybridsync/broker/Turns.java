package io.hybridsync.broker;

/**
 * Numbers the waits of all clients, in the order in which they come. A wait that had a number at the broker before keeps it,
 * so it is before those that have come since.
 */
final class Turns {

    private long last;

    /** The number of a wait. */
    long of(Session session, int request) {
        return session.takeTicket(request).orElseGet(() -> ++last);
    }

    /** All from now on come behind this one. */
    void goOnBehind(long ticket) {
        last = Math.max(last, ticket);
    }
}
