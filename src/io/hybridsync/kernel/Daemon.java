package io.hybridsync.kernel;

import io.hybridsync.error.LimitExceededException;

/** The threads of the library's own: none of them keeps a JVM from ending. */
public final class Daemon {

    private Daemon() {}

    /** A thread that has not begun. */
    public static Thread named(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    /**
     * Begins a thread.
     *
     * @throws LimitExceededException when the process can have no more threads; the thread has not begun
     */
    public static void start(Thread thread) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new LimitExceededException(
                    "thread \"%s\" could not be started: %s. Raise the limit of threads (ulimit -u, pids.max of the control"
                                    .formatted(thread.getName(), e.getMessage())
                            + " group, sysctl kernel.threads-max), or free memory.",
                    e);
        }
    }
}
