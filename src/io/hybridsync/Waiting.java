package io.hybridsync;

/** How platform threads wait. Virtual threads always park: they never keep their carrier while they wait. */
public enum Waiting {
    /** In the kernel, which is fastest. The JVM takes such a thread for {@link Thread.State#RUNNABLE}. */
    DIRECT,
    /**
     * Parked, as in java.util.concurrent, while one of a few daemon threads sleeps for them:
     * {@link Thread.State#WAITING} or TIMED_WAITING, and
     * {@link java.util.concurrent.locks.LockSupport#getBlocker} tells for what. A hand-off takes one more wake-up.
     */
    PARKED
}
