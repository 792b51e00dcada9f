package io.hybridsync.broker;

/**
 * How much of the heap clients may make the broker fill. Each may do little harm alone; together they must not be able
 * to end it, so whatever a request leaves behind is paid for here, by a generous estimate.
 */
final class Budget {

    /** An object, without its name. */
    static final long OBJECT_BYTES = 640;

    /** An object that a client has open. */
    static final long HANDLE_BYTES = 128;

    private long left;

    Budget(long bytes) {
        this.left = bytes;
    }

    /** What an object with this name costs. */
    static long ofObject(String name) {
        return OBJECT_BYTES + 2L * name.length();
    }

    /** Takes so much, or nothing. */
    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    void giveBack(long bytes) {
        left += bytes;
    }

    long left() {
        return left;
    }
}
