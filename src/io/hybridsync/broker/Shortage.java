package io.hybridsync.broker;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is done when the heap is full. The budget bounds what clients may make the broker keep, but by estimate, and what one event
 * takes for a while it does not bound. Then there is no room for a line in the log either, nor for what is said to the one who
 * has asked for too much: so a part of the heap is kept for that, and given back first. What has happened is told when there is
 * room again.
 */
final class Shortage {

    private static final int RESERVE_BYTES = 256 << 10;

    private static final String TEXT = "the heap was full: what was being done failed, and whoever had asked for it was"
            + " disconnected. Give the broker more (-Xmx)";

    private final Consumer<String> warning;
    private byte @Nullable [] reserve = new byte[RESERVE_BYTES];

    /** @param warning writes a line to the log */
    Shortage(Consumer<String> warning) {
        this.warning = warning;
    }

    /** One thing that fails must not be the end of all the others. */
    void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed(e);
        } catch (OutOfMemoryError e) {
            occurred();
        }
    }

    /** Something has failed, whatever it is: that is told. */
    void failed(RuntimeException failure) {
        try {
            warning.accept("failed: " + failure);
        } catch (OutOfMemoryError e) {
            occurred();
        }
    }

    /** The heap is full. Allocates nothing. */
    void occurred() {
        reserve = null;
    }

    /** There may be room again: tells what has happened, if something has. */
    void tell() {
        if (reserve == null) {
            byte[] again = new byte[RESERVE_BYTES];
            warning.accept(TEXT);
            reserve = again;
        }
    }
}
