package io.hybridsync.client;

import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Message;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What threads say to the broker, whichever there is, and how they wait for what it says: {@link Connection}, or a model's. */
interface Correspondence {

    /** A wait at the broker: {@link BrokerWait}, or a model's. */
    interface Vigil {

        /** What is, or will be, asked: a thread is busy with it until it says otherwise. */
        Request request();

        /** Asks. */
        void begin();

        /** Throws if the broker has refused the wait already. */
        void checkAccepted();

        /** Whether what comes of it is taken back: nobody waits for it any more. */
        boolean isGivenUp();

        /** Gives the wait up: whatever comes of it the connection's thread takes back. */
        void abandon();

        /**
         * Waits for the answer.
         *
         * @return WITHDRAWN when the deadline passed first
         * @throws InterruptedException when the thread was interrupted first; the interrupt status is cleared
         */
        Message.Awaited await(Patience patience) throws InterruptedException;
    }

    /**
     * A wait at the broker, to be begun.
     *
     * @param request gives the message for a request number
     * @param checkOpen throws when what is waited for was closed
     * @param heard is told the answer first, by the connection's thread
     * @param undo takes back, by the connection's thread, what was taken when nobody waits any more
     */
    Vigil vigil(
            IntFunction<? extends Message> request,
            Runnable checkOpen,
            Consumer<Message.Answer> heard,
            Consumer<Message.Answer> undo);

    /** From now on the connection's thread sees to what is left of it if the thread fails, also before it has asked. */
    void watch(Request request);

    /** As {@link Connection#ask(IntFunction, Class)}. */
    <A extends Message.Answer> A ask(IntFunction<? extends Message> request, Class<A> type);

    /**
     * Sends a request that nobody waits for, again as long as it is answered that there is no room for it. Does nothing when the
     * connection has ended for good.
     *
     * @param what it is, for the log
     * @param done is run by the connection's thread when it is answered otherwise
     */
    void askAside(String what, IntFunction<? extends Message> message, Runnable done);

    /** By the connection's thread: a thread was told the signal of a condition. */
    void signaled(Message.HandSignal signal);

    /** The thread with that wait for a condition has made use of its signal. */
    void left(int wait);

    /**
     * Does soon what the connection's thread must not wait for, and again as long as a limit keeps it from being done.
     *
     * @param what it is, for the log
     * @param end is run after it, when it is done or has failed otherwise; not when the client is closed meanwhile
     */
    void aside(String what, Runnable task, Runnable end);
}
