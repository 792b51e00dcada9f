package io.hybridsync.broker;

import io.hybridsync.wire.Message;

/**
 * How much of the heap clients may make the broker fill. Each may do little harm alone; together they must not be able
 * to end it, so whatever a request leaves behind is paid for here, by a generous estimate.
 */
final class Budget {

    /** An object, without its name. */
    static final long OBJECT_BYTES = 640;

    /** An object that a client has open. */
    static final long HANDLE_BYTES = 256;

    /** What is said of it while it is handed over, without the moves that the client was told of. */
    static final long STATEMENT_BYTES = 128;

    /** A move that a client was told of. */
    static final long TOLD_BYTES = 64;

    /** A request that a client will ask again. */
    static final long TICKET_BYTES = 256;

    /** A wait at the broker, without its objects. */
    static final long WAIT_BYTES = 512;

    /** An object that a client waits for. */
    static final long PART_BYTES = 384;

    private long left;
    private long reserve;

    Budget(long bytes) {
        this.left = bytes;
    }

    /** What an object with this name costs. */
    static long ofObject(String name) {
        return OBJECT_BYTES + 2L * name.length();
    }

    /** What a wait for so many objects costs. */
    static long ofWait(int objects) {
        return WAIT_BYTES + PART_BYTES * objects;
    }

    /** What a wait for a condition with this name costs. */
    static long ofTicket(String condition) {
        return WAIT_BYTES + PART_BYTES + 2L * condition.length();
    }

    /** What a message costs that is put off. */
    static long ofMessage(Message message) {
        return switch (message) {
            case Message.Await await -> ofWait(await.wanted().size() + await.alert().size());
            case Message.Open open -> ofObject(open.name());
            case Message.ConditionAwait await -> ofTicket(await.condition());
            case Message.ConditionSignal signal -> ofTicket(signal.condition());
            default -> WAIT_BYTES;
        };
    }

    /** Takes so much, or nothing. */
    boolean take(long bytes) {
        if (bytes > left + reserve) {
            return false;
        }
        left -= bytes;
        return true;
    }

    void giveBack(long bytes) {
        left += bytes;
    }

    /** So much more than there is may be taken from now on: a part of the heap is kept for that. */
    void setReserve(long bytes) {
        reserve = bytes;
    }

    long left() {
        return left;
    }
}
