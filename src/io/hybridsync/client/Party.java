package io.hybridsync.client;

/**
 * This client as its objects need to know it.
 *
 * @param id what words call it
 * @param claimTimeoutNanos how long a claim of the broker is waited for
 * @param parked whether waiting threads park while others sleep for them
 * @param unused is told, by any thread, that nothing keeps an object open any more; does not wait
 */
record Party(int id, long claimTimeoutNanos, boolean parked, Runnable unused) {

    /** The same by another id. */
    Party as(int id) {
        return new Party(id, claimTimeoutNanos, parked, unused);
    }
}
