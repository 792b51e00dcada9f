package io.hybridsync.client;

import java.util.function.LongConsumer;

/**
 * This client as its objects need to know it.
 *
 * @param id what words call it
 * @param claimTimeoutNanos how long a claim of the broker is waited for
 * @param parked whether waiting threads park while others sleep for them
 * @param unused is told the object that nothing keeps open any more, by any thread; does not wait
 */
record Party(int id, long claimTimeoutNanos, boolean parked, LongConsumer unused) {}
