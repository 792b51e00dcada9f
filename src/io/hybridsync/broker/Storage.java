package io.hybridsync.broker;

import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import org.jspecify.annotations.Nullable;

/** Where the registry has its memory from: the kernel, or in tests the heap. */
interface Storage {

    /** A new slab, all zeroes, to be shared with clients. */
    Slab create(long id, int size);

    /** A new slab, all zeroes, that nobody but this broker ever writes to: clients keep it for the next one. */
    Slab createOwn(long id, int size);

    /**
     * What file a client hands over: equal for the same file.
     *
     * @param fd what came along; null when this process had no room for it
     */
    Object identity(@Nullable Fd fd, Message.Hand hand);

    /** The same of a journal that this broker has made. */
    Object identity(Slab journal);

    /** What brokers before have written down. */
    Chronicle chronicle();

    /** Writes that down for the brokers that come later, instead of what was there. */
    void write(Chronicle chronicle);

    /** The last id that brokers before may have given to a client; 0 if nothing tells. */
    int lastClient();

    /** Brokers that come later are to give others than those up to this one. */
    void reserveClients(int last);

    /**
     * Takes over memory that a client hands.
     *
     * @param fd what came along, closed if that fails; null when this process had no room for it
     * @throws io.hybridsync.error.ProtocolException when it is not what it is said to be
     */
    Slab adopt(@Nullable Fd fd, Message.Hand hand);
}
