package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.NoSuchObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AsideTest {

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private boolean scarce;

    private final Aside aside = new Aside(thread -> {
        if (scarce) {
            throw new LimitExceededException("no threads in this test");
        }
        threads.add(thread);
        thread.start();
    });

    private void run(String what) {
        run(what, () -> done.add(what));
    }

    private void run(String what, Runnable body) {
        aside.run(what, body, () -> ended.add(what));
    }

    private void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void whatNoThreadIsToBeHadForIsDoneOnceAndInItsOrderWhenThereIsOne() throws Exception {
        scarce = true;
        run("first");
        run("second");
        long now = System.nanoTime();
        assertThat(aside.tend() - now).as("when to try again").isBetween(1L, Long.MAX_VALUE / 2);
        assertThat(done).isEmpty();
        scarce = false;
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        join();
        assertThat(done).containsExactly("first", "second");
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(threads).hasSize(1);
    }

    /** A thread that could not be started does not count: or there would be none some day. */
    @Test
    void thereAreAsManyThreadsAsBeforeWhenThereWereNone() throws Exception {
        scarce = true;
        for (int i = 0; i < 2 * Aside.MOST; i++) {
            run("early");
        }
        scarce = false;
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        join();
        assertThat(done).hasSize(2 * Aside.MOST);
    }

    @Test
    void whatWaitsKeepsNothingElseFromBeingDoneAndManyHaveToTakeTurns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(Aside.MOST);
        for (int i = 0; i < Aside.MOST; i++) {
            run("waiting", () -> {
                running.countDown();
                await(end);
                done.add("waited");
            });
        }
        running.await();
        run("one too many");
        assertThat(threads).hasSize(Aside.MOST);
        assertThat(done).isEmpty();
        end.countDown();
        join();
        assertThat(done).hasSize(Aside.MOST + 1).contains("one too many");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatFailsKeepsNothingElseFromBeingDone() throws Exception {
        scarce = true;
        run("failing", () -> {
            throw new NoSuchObjectException("for a test");
        });
        run("failing badly", () -> {
            throw new OutOfMemoryError("for a test");
        });
        run("the next");
        scarce = false;
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        join();
        assertThat(done).containsExactly("the next");
        run("another");
        join();
        assertThat(done).containsExactly("the next", "another");
        assertThat(ended).containsExactly("failing", "failing badly", "the next", "another");
    }

    /** Nobody else would see to it. */
    @Test
    void whatFailsForALimitIsTriedAgainWhenOthersHaveHadTheirTurnUntilItIsDone() throws Exception {
        scarce = true;
        AtomicInteger attempts = new AtomicInteger();
        run("limited", () -> {
            if (attempts.incrementAndGet() < 4) {
                throw new LimitExceededException("for a test");
            }
            done.add("limited");
        });
        run("the next");
        scarce = false;
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        join();
        assertThat(done).containsExactly("the next", "limited");
        assertThat(ended).as("each once").containsExactly("the next", "limited");
        assertThat(attempts).hasValue(4);
    }

    @Test
    void whenItIsClosedWhatIsUnderWayIsWaitedForAndNothingElseIsDone() throws Exception {
        CountDownLatch running = new CountDownLatch(Aside.MOST);
        CountDownLatch closing = new CountDownLatch(1);
        for (int i = 0; i < Aside.MOST; i++) {
            run("under way", () -> {
                running.countDown();
                await(closing);
                done.add("under way");
                throw new LimitExceededException("for a test, and not tried again");
            });
        }
        running.await();
        run("waiting");
        Thread closer = Thread.ofPlatform().start(aside::close);
        while (closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        closing.countDown();
        closer.join();
        assertThat(threads).noneMatch(Thread::isAlive);
        run("late");
        assertThat(aside.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(threads).hasSize(Aside.MOST);
        assertThat(done).hasSize(Aside.MOST).containsOnly("under way");
    }
}
