package io.hybridsync.process;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Prints the stacks of all threads, and does something about it, when nothing has moved for a long time. */
public final class Watchdog implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final String name;
    private final LongSupplier progress;
    private final Runnable end;
    private final Thread thread;

    private Watchdog(String name, LongSupplier progress, Runnable end) {
        this.name = name;
        this.progress = progress;
        this.end = end;
        this.thread = Thread.ofPlatform().daemon().name("watchdog").unstarted(this::watch);
    }

    /**
     * Starts one.
     *
     * @param progress a number that changes as long as all is well
     * @param end what ends the hang
     */
    public static Watchdog start(String name, LongSupplier progress, Runnable end) {
        Watchdog watchdog = new Watchdog(name, progress, end);
        watchdog.thread.start();
        return watchdog;
    }

    private void watch() {
        try {
            long last = progress.getAsLong();
            for (int quiet = 0; quiet < PATIENCE_SECONDS; quiet++) {
                TimeUnit.SECONDS.sleep(1);
                long now = progress.getAsLong();
                quiet = now == last ? quiet : -1;
                last = now;
            }
        } catch (InterruptedException closed) {
            return;
        }
        dump();
        end.run();
    }

    private void dump() {
        StringBuilder text = new StringBuilder(name + ": nothing has moved for " + PATIENCE_SECONDS + " s\n");
        for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
            text.append(one.getKey()).append('\n');
            for (StackTraceElement frame : one.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        System.err.print(text);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
