package io.hybridsync.kernel;

import io.hybridsync.error.ObjectClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor, owned by this object. Every one is close-on-exec. Safe for use by many threads.
 *
 * <p>The number of a closed descriptor is given to the next file that anybody in the process opens, so a call that is
 * about to use the number while another thread closes it would hit a stranger's file. Calls of this room therefore
 * enter and leave: {@link #close} forbids new entries at once, and the number is given back when the last call has
 * left.
 *
 * <pre>
 *   31       30                               0
 *  +--------+---------------------------------+
 *  | CLOSED | calls inside                    |
 *  +--------+---------------------------------+
 * </pre>
 */
public final class Fd implements AutoCloseable {

    private static final int CLOSED = 1 << 31;

    private final int number;
    private final boolean foreign;
    private final AtomicInteger state = new AtomicInteger();

    /** Takes over an open descriptor. */
    Fd(int number) {
        this(number, false);
    }

    private Fd(int number, boolean foreign) {
        this.number = number;
        this.foreign = foreign;
    }

    /** Takes over an open descriptor of which others decide how long it takes to close it: see {@link Closer}. */
    static Fd foreign(int number) {
        return new Fd(number, true);
    }

    /**
     * The number, for use where this object stays open meanwhile.
     *
     * @throws ObjectClosedException if it is closed
     */
    public int value() {
        if (isClosed()) {
            throw closed();
        }
        return number;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return state.get() < 0;
    }

    /** The number, which stays this file's until {@link #leave}. */
    int enter() {
        if (!tryEnter()) {
            throw closed();
        }
        return number;
    }

    /** As {@link #enter}; false if it is closed. */
    boolean tryEnter() {
        int seen = state.get();
        while (seen >= 0 && !state.compareAndSet(seen, seen + 1)) {
            seen = state.get();
        }
        return seen >= 0;
    }

    /** How many calls are inside now. */
    int calls() {
        return state.get() & ~CLOSED;
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            giveBack();
        }
    }

    /** Closes the descriptor, once; when calls are inside, the last one does it as it leaves. A foreign one is closed soon. */
    @Override
    public void close() {
        int before = state.get();
        while (!state.compareAndSet(before, before | CLOSED)) {
            before = state.get();
        }
        if (before == 0) {
            giveBack();
        }
    }

    /**
     * close(2) frees the number whatever it returns, so there is nothing to retry and nothing to report. Only if the heap has no
     * room for the call itself it is not closed, and may be once more.
     */
    private void giveBack() {
        try {
            if (foreign && !Memfd.closesAtOnce(number)) {
                Closer.ours().close(number);
            } else {
                SystemCall.CLOSE.call(number, 0);
            }
        } catch (OutOfMemoryError e) {
            state.set(0);
            throw e;
        }
    }

    private ObjectClosedException closed() {
        return new ObjectClosedException("File descriptor " + number + " is closed.");
    }

    @Override
    public String toString() {
        return "fd " + number + (isClosed() ? " (closed)" : "");
    }
}
