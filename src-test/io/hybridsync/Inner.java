package io.hybridsync;

import io.hybridsync.client.Opening;

/** What only this package can make, for the tests of others. */
public final class Inner {

    private Inner() {}

    /** A mutex of a client that no domain has made. */
    public static HybridMutex mutex(Opening opening) {
        return new HybridMutex(opening);
    }
}
