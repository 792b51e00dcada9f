package io.hybridsync.conformance;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** One thread of a party: performs commands one after the other. */
final class Performer {

    private record Job(String command, CompletableFuture<String> answer) {}

    private static final String LAST = "";

    private final Commands commands;
    private final Threads kind;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final Thread thread;

    Performer(String name, Commands commands, Threads kind) {
        this.commands = commands;
        this.kind = kind;
        this.thread = kind.builder().name(name).start(this::perform);
    }

    CompletableFuture<String> perform(String command) {
        Job job = new Job(command, new CompletableFuture<>());
        jobs.add(job);
        return job.answer;
    }

    private void perform() {
        for (Job job = next(); !job.command.equals(LAST); job = next()) {
            job.answer.complete(commands.answer(job.command));
        }
    }

    private Job next() {
        for (;;) {
            try {
                return jobs.take();
            } catch (InterruptedException e) {
                // it was for a command that is over
            }
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Ends the thread once it has nothing to do, and waits for that, but not for ever. */
    void end() {
        jobs.add(new Job(LAST, new CompletableFuture<>()));
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether it waits for an object: it is parked for one or, where threads sleep in the kernel, is about to sleep. It
     * has looked at the object before, and found nothing.
     */
    boolean isWaiting() {
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker != null && blocker.getClass().getName().startsWith("io.hybridsync.")) {
            Thread.State state = thread.getState();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        }
        return kind == Threads.DIRECT && Arrays.stream(thread.getStackTrace()).anyMatch(Performer::sleeps);
    }

    private static boolean sleeps(StackTraceElement frame) {
        return frame.getClassName().equals("io.hybridsync.kernel.Sleeper");
    }

    String stack() {
        StringBuilder text = new StringBuilder(thread.getName() + " " + thread.getState());
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().startsWith("io.hybridsync.")) {
                text.append(" < ").append(frame);
            }
        }
        return text.toString();
    }
}
