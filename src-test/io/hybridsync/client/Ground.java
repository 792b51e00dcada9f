package io.hybridsync.client;

import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Sleep;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.function.BooleanSupplier;

/** What a {@link Household} stands on: a schedule, memory, the way to brokers. */
public interface Ground {

    /** A deadline of a wait that passes when the schedule says so. */
    long DEADLINE = 1L << 60;

    /** A deadline that has passed. */
    long PAST = 1;

    /** A connection to a broker. */
    interface Line {

        /** Says something to the broker; false if that has ended. No step. */
        boolean say(Parcel parcel);

        /** Whether there is something to be read. */
        boolean hasNews();

        /** Whether the broker has ended, and all that it has said was read. */
        boolean isOver();

        /** What the broker has said first. */
        Parcel read();
    }

    /** Others may run first, or the client may be killed. */
    void step();

    /** Lets others run until the condition holds. */
    void await(BooleanSupplier condition);

    /** The same; CHANGED when the condition holds, else that it has taken too long, or that the thread was interrupted. */
    Sleep awaitInTime(BooleanSupplier condition, boolean interruptible);

    /** The same for what the client has been, or is about to be told. */
    boolean awaitWord(BooleanSupplier condition);

    /** Whether there is a broker just now. */
    boolean hasBroker();

    /** A connection to the broker that there is, or will be. */
    Line connect();

    /** The client may be killed here; nobody else runs. */
    void endanger();

    /** Another thread of the client does something, and ends. */
    void aside(Runnable task);

    /** The client was told the signal of a condition. */
    void signaled();

    /** The broker has taken everything from the client. */
    void lost(String why);

    /** The client, which has nothing, is a new one from now on. */
    void anew();

    /** Lets others run until all threads of the client but this have ended. */
    void awaitThreads();

    /** A thread of the client has seen a bad word. */
    void condemned(long object, Location place, long word);

    /** The client shows from now on that it lives, under this id; false if another one does. */
    boolean show(int id);

    /** It does not any more. */
    void hide(int id);

    /** Memory of this client's own, all zeroes. */
    Slab create(int size);

    /** A broker has taken permits for this client, or if negative has released them, and it has been told. */
    void granted(long object, int permits);

    /** What the broker says makes no sense here. */
    Error nonsense(Message message, String why);
}
