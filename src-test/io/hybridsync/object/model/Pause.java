package io.hybridsync.object.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A step of the schedule where shipped code touches what no cell sees: tests put calls of it there. */
public final class Pause {

    private static volatile @Nullable Schedule schedule;

    private Pause() {}

    static void in(Schedule running) {
        schedule = running;
    }

    /** Others may run first. A thread of an earlier run, which is about to end, ends here. */
    public static void here() {
        requireNonNull(schedule).step(Thread.currentThread());
    }
}
