package io.hybridsync.conformance;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** Plays tests in turn on a thread of its own: those of several players wait at the same time, which is most of it. */
final class Player {

    private static final int PATIENCE_MINUTES = 10;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("player").factory());

    /** A test that is played soon. What it comes to is told when it is its turn in the report. */
    DynamicTest test(String title, Executable play) {
        CompletableFuture<String> end = new CompletableFuture<>();
        thread.execute(() -> play(play, end));
        return DynamicTest.dynamicTest(title, () -> {
            try {
                end.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
            } catch (ExecutionException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        });
    }

    private static void play(Executable play, CompletableFuture<String> end) {
        try {
            play.execute();
            end.complete("played");
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }
}
