package io.hybridsync.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets go of what others wait for where something has failed, also when that was for want of heap: it is tried again until there
 * is room. On the way to whoever calls this much has become garbage already. Nothing here takes room itself.
 */
public final class Unwinding {

    private static final long PAUSE_NANOS = 10_000_000;

    private Unwinding() {}

    /**
     * A list for what is opened from now on, for {@link #closeAll}. Who begins with this can close when there is no room: what that
     * takes has to be loaded, and looked up, before.
     */
    public static Deque<AutoCloseable> parts() {
        pause(0);
        return new ArrayDeque<>();
    }

    /**
     * Closes something.
     *
     * @return false when there is no room for that, after a pause in which others may make some
     */
    public static boolean tryClose(AutoCloseable part) {
        try {
            part.close();
            return true;
        } catch (OutOfMemoryError e) {
            pause(PAUSE_NANOS);
            return false;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("nothing of this library's throws a checked exception when it is closed", e);
        }
    }

    /** Closes something, as soon as there is room for that. */
    public static void close(AutoCloseable part) {
        while (!tryClose(part)) {
            Thread.onSpinWait();
        }
    }

    /**
     * Takes all from the queue, in its order, and closes them. What fails does not keep the rest from being closed, nor then the
     * first failure from being thrown.
     */
    public static void closeAll(Deque<AutoCloseable> parts) {
        RuntimeException first = null;
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                close(part);
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }
}
