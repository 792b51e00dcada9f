package io.hybridsync.broker;

import io.hybridsync.wire.Message;

/**
 * How much of the heap clients may make the broker fill. Each may do little harm alone; together they must not be able
 * to end it, so whatever a request leaves behind is paid for here, by a generous estimate.
 *
 * <pre>
 *   when it is used up         by what clients ask for     by what waits for one to read    by what is handed over
 *   ------------------------   -------------------------   ------------------------------   ---------------------------------
 *   who comes then             is answered LIMIT, and      has a little of its own:         goes on: who has taken most gives
 *                              loses nothing               {@link Account}                          way, {@link TakeOver}
 * </pre>
 *
 * <p>A place that a word has left is paid for as long as somebody has not: {@link Retirements}. Nobody asks for that, so it is
 * taken whether it is there or not; but words move because somebody opens or closes something, and who opens asks.
 *
 * <p>So one client can use it up, which others notice by what they are refused; none is expelled but for what it has taken itself.
 * That little is each connection's, and is there for as many as an eighth of the budget is enough for: who makes so many of them
 * can use that up, too, and then who does not read just then is expelled for what others have taken.
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

    /** A place that a word has left and somebody has not, with what is kept of the memory there; without those who may be there. */
    static final long TOMBSTONE_BYTES = 384;

    /** One who may be there. */
    static final long VISITOR_BYTES = 192;

    /** Such a part of it is there besides, for what clients cannot help. */
    private static final int SPARE_PART = 8;

    private long left;
    private long reserve;
    private long spare;

    Budget(long bytes) {
        this.left = bytes;
        this.spare = bytes / SPARE_PART;
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

    /** What a place costs that a word has left, where so many clients may be. */
    static long ofTombstone(int clients) {
        return TOMBSTONE_BYTES + VISITOR_BYTES * clients;
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

    /**
     * Takes so much in any case: for what is not asked for, but comes of something that was. Where there is not so much, there is
     * nothing for anybody before as much has been given back.
     */
    void takeAnyway(long bytes) {
        left -= bytes;
    }

    void giveBack(long bytes) {
        left += bytes;
    }

    /** Takes so much, or nothing, of the part that nobody can take much of: for {@link Account}. */
    boolean takeSpare(long bytes) {
        boolean enough = bytes <= spare;
        spare -= enough ? bytes : 0;
        return enough;
    }

    void giveBackSpare(long bytes) {
        spare += bytes;
    }

    /** So much more than there is may be taken from now on: a part of the heap is kept for that. */
    void setReserve(long bytes) {
        reserve = bytes;
    }

    long left() {
        return left;
    }
}
