package io.hybridsync;

/**
 * Where a domain's broker comes from when none is running: when the domain is opened, and when the broker has ended before its
 * clients.
 */
public enum BrokerMode {
    /** The first client starts it as a process of its own, from the same jar; it ends after the last client has gone. */
    SPAWN,
    /** The first client runs it on a thread of its own JVM and it ends with that JVM: for tests, and for a single JVM. */
    IN_PROCESS,
    /**
     * Somebody runs {@code java -jar hybrid-sync.jar broker}; nothing is started. To open a domain without a broker fails;
     * clients whose broker has ended wait for the next one.
     */
    EXTERNAL
}
