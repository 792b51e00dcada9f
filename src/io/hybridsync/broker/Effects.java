package io.hybridsync.broker;

import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Registry} wants done outside of itself. The event loop does it; a test writes it down. None of these
 * calls comes back into the registry.
 */
interface Effects {

    /** Says something to a client. Messages to one connection arrive in the order of the calls. */
    void send(long connection, Message.FromBroker message);

    /**
     * Says something to a client now, or not at all.
     *
     * @return whether it is on its way; false when what was said before waits for room, or there is no room
     */
    boolean tell(long connection, Message.FromBroker message);

    /** Gives a client a slab now, or not at all; whether it is on its way. */
    boolean grantNow(long connection, Slab slab);

    /** Whether something said now may be on its way at once, as far as is known. */
    boolean hasRoom(long connection);

    /** Nobody has the slab mapped any more but the broker, or will not have in a moment: it is given back. */
    void retire(Slab slab);

    /** A client that may live has lost its connection by a rule: {@link Registry#died} is to be called when it is dead. */
    void expelled(int clientId);

    /** Gives a client a slab: a {@link Message.SlabGrant} and the descriptor. */
    void grant(long connection, Slab slab);

    /**
     * Gives a client memory of the broker to keep for the next one: a {@link Message.Keep} and the descriptor. Nothing, where
     * the kernel cannot keep clients from writing to it.
     */
    void keep(long connection, Memory memory, Slab slab);

    /** Tells a client why, and ends the connection. The registry has forgotten it already. */
    void refuse(long connection, Code code, String reason);

    /**
     * Maps the ledger of a client; closes the descriptor.
     *
     * @param fd null when this process had no room for it
     * @return null when there is no room for it
     * @throws io.hybridsync.error.ProtocolException when it is no memory of that size which nobody can cut
     */
    @Nullable Slab ledger(int size, @Nullable Fd fd);

    /** A ledger is of no use any more. */
    void forget(Slab ledger);

    /** Does something when so much time has passed, as an event of its own. */
    void after(long nanos, Runnable task);

    /** Writes a line to the log. */
    void log(Level level, String text);

    /** How much a line matters. */
    enum Level {
        /** Part of an ordinary life. */
        INFO,
        /** Somebody has broken a rule, or something has failed: worth keeping when the broker ends. */
        WARN
    }
}
