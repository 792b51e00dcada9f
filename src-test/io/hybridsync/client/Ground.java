package io.hybridsync.client;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
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

    /** The same; false when the condition does not hold and that has taken too long. */
    boolean awaitInTime(BooleanSupplier condition);

    /** The same for what the client has been, or is about to be told. */
    boolean awaitWord(BooleanSupplier condition);

    /** A connection to the broker that there is, or will be. */
    Line connect();

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
