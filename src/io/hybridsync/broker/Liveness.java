package io.hybridsync.broker;

/** Who is alive, as the locks on the file {@code clients} tell. */
@FunctionalInterface
interface Liveness {

    /** Whether a client holds the lock on its byte now. */
    boolean isHeld(int clientId);
}
