package io.hybridsync.broker;

import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Unwinding;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is done when the heap is full. The budget bounds what clients may make the broker keep, but by estimate; what one event
 * takes for a while it does not bound; and a broker on a thread of a JVM that does other things has a heap that others fill.
 *
 * <p>Whatever was being done then is half done, wherever that was: a death that nobody tells of for a second time, a wait that
 * nobody looks at again. So the broker ends there as if it had been killed. That loses nothing, for nothing that a broker does
 * depends on its going on: the next one takes over, with a heap of its own.
 *
 * <p>A process that does nothing else ends then, and the kernel closes what it had. On a thread of another JVM that has to be
 * closed here, by somebody who has no room to do it with. So a part of the heap is kept for that, in pieces: each time that
 * there is no room one of them is given up, for others in this JVM may be quicker, and it is tried again until there is. What
 * others wait for comes first: the peers see that their connections have ended, then the seat is free.
 */
final class Shortage {

    private static final int PIECES = 64;
    private static final int PIECE_BYTES = 4 << 10;

    private static final String TEXT =
            "the heap is full: this broker ends, and the next one takes over. Give it more (-Xmx)";

    private final Consumer<String> warning;
    private final byte[] @Nullable [] reserve = new byte[PIECES][PIECE_BYTES];
    private int given;

    /** @param warning writes a line to the log */
    Shortage(Consumer<String> warning) {
        this.warning = warning;
    }

    /** The heap is full. */
    void occurred() {
        if (given < PIECES) {
            reserve[given] = null;
            given++;
        }
    }

    /** Whether it has been. */
    boolean hasOccurred() {
        return given > 0;
    }

    /** Says so, if there is room for that by now. */
    void tell() {
        for (int i = given; i < PIECES; i++) {
            occurred();
        }
        try {
            warning.accept(TEXT);
        } catch (OutOfMemoryError e) {
            // Then nobody is told. What has to be done does not depend on it.
        }
    }

    /**
     * Lets go of all that a broker has, in this order. What fails does not keep the rest from being closed.
     *
     * @param parts each may be closed twice
     * @throws SyncException the first that one of them threw
     */
    void close(AutoCloseable... parts) {
        RuntimeException first = null;
        Error worst = null;
        for (AutoCloseable part : parts) {
            try {
                closeInTheEnd(part);
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            } catch (Error e) {
                // A class that there was once no room to initialize cannot be used any more.
                worst = worst == null ? e : worst;
            }
        }
        if (worst != null) {
            throw worst;
        }
        if (first != null) {
            throw first;
        }
    }

    private void closeInTheEnd(AutoCloseable part) {
        while (!Unwinding.tryClose(part)) {
            occurred();
        }
    }
}
