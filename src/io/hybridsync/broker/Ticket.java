package io.hybridsync.broker;

import java.util.List;

/**
 * A wait for a condition of a mutex, and after its signal, until the thread that was signaled owns the mutex again, the
 * memory of it.
 */
final class Ticket implements Pending {

    private final Session session;
    private final int request;
    private final long number;
    private final SharedObject object;
    private final String condition;
    private boolean signaled;
    private boolean alone;
    private int note;

    /** @param number its place among all waits */
    Ticket(Session session, int request, long number, SharedObject object, String condition) {
        this.session = session;
        this.request = request;
        this.number = number;
        this.object = object;
        this.condition = condition;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public int request() {
        return request;
    }

    @Override
    public List<SharedObject> objects() {
        return List.of(object);
    }

    @Override
    public long bytes() {
        return Budget.ofTicket(condition);
    }

    /** Its place among all waits. */
    long number() {
        return number;
    }

    SharedObject object() {
        return object;
    }

    /** The name of the condition. */
    String condition() {
        return condition;
    }

    /** All have been signaled. */
    void signalWithAll() {
        signaled = true;
    }

    /**
     * This one was signaled: the signal is somebody else's if the client ends.
     *
     * @param noted what the note of it is to be removed by
     */
    void signalAlone(int noted) {
        signaled = true;
        alone = true;
        note = noted;
    }

    boolean isSignaled() {
        return signaled;
    }

    boolean wasSignaledAlone() {
        return alone;
    }

    /** Of the signal that it alone was told. */
    int note() {
        return note;
    }
}
