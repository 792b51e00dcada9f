package io.hybridsync.broker;

import java.util.List;

/** Something that a client waits for at the broker. */
sealed interface Pending permits PendingWait, Ticket {

    /** Whose it is. */
    Session session();

    /** The number of the request that is to be answered. */
    int request();

    /** The objects that it is about; when the client closes one of them it is over. */
    List<SharedObject> objects();

    /** What it takes of the heap, by a generous estimate. */
    long bytes();
}
