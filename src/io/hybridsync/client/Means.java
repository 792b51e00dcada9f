package io.hybridsync.client;

/**
 * What a client needs of the machine and may lack for a while.
 *
 * @param aside threads, for what the connection's thread must not wait for
 * @param delivery room for messages
 */
record Means(Aside aside, Delivery delivery) {

    /** What there is. */
    static Means ofTheMachine() {
        return new Means(new Aside(), new Delivery());
    }
}
