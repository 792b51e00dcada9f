package io.hybridsync;

import io.hybridsync.client.Opening;
import io.hybridsync.object.Handle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * An open object that the processes of one machine share. What an instance is, is a handle: the object itself lives until
 * the last handle of the last process is closed, or its process has died.
 *
 * <p>Handles are thread-safe. A handle that is not closed and not reachable any more is closed by a cleaner, some time
 * later; {@code close()} is better.
 */
public abstract sealed class HybridObject implements AutoCloseable permits HybridSemaphore, HybridMutex, HybridEvent {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Opening opening;
    private final Handle handle;
    private final Cleaner.Cleanable cleanable;

    HybridObject(Opening opening) {
        this.opening = opening;
        this.handle = opening.handle();
        this.cleanable = CLEANER.register(this, opening::abandon);
    }

    /** The fast way to the word. */
    final Handle handle() {
        return handle;
    }

    final Opening opening() {
        return opening;
    }

    /** What signalAndAwait does to it first. */
    abstract void signal();

    /** Throws what makes that impossible from the start, besides what is wrong with the handle or the object. */
    void checkSignal() {}

    /** The object's name; empty when it was created without one. */
    public Optional<String> name() {
        return opening.name();
    }

    /**
     * What opens this object in another process of the domain, as long as somebody holds it.
     *
     * @see ObjectToken
     */
    public ObjectToken token() {
        return new ObjectToken(opening.tokenHigh(), opening.tokenLow());
    }

    /** Whether the call that gave this handle created the object, rather than opened one that existed. */
    public boolean wasCreated() {
        return opening.isCreated();
    }

    /** What this handle may do. */
    public Access access() {
        return opening.isQuery() ? Access.QUERY : Access.FULL;
    }

    /**
     * The object's state at this moment, as the broker sees it.
     *
     * @throws io.hybridsync.error.ObjectClosedException when this handle is closed
     * @throws io.hybridsync.error.BrokerUnavailableException when the broker does not answer
     */
    public Snapshot snapshot() {
        try {
            return Snapshots.of(opening.describe());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Whether {@link #close} was called on this handle, or its domain was closed. */
    public boolean isClosed() {
        return handle.isClosed();
    }

    /**
     * Closes this handle. Threads that wait through it get {@link io.hybridsync.error.ObjectClosedException}; other handles
     * and other processes are not affected. When it returns and it was the last handle of all, the name is free. A second
     * call does nothing. Works whatever has become of the object and of the broker.
     *
     * @throws IllegalStateException when it was the domain's last handle to a mutex that a thread of it owns; it is closed
     *     all the same, and the mutex is abandoned
     */
    @Override
    public void close() {
        boolean held = opening.close();
        cleanable.clean();
        if (held) {
            throw new IllegalStateException(opening + " was closed while a thread of this process owned it. It is abandoned"
                    + " now, and its next owner is told; unlock it before it is closed.");
        }
    }

    /** Kind, name, and whether the handle is closed. */
    @Override
    public String toString() {
        return opening + (isClosed() ? " (closed)" : "");
    }
}
