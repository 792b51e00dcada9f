package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread operates at the very end of its stack, wherever it runs out. The word of a mutex says that this client owns it if the
 * thread does, and otherwise that nobody does: where the client owned it without a thread, nobody could ever lock it again. What
 * is gone from a semaphore somebody knows that he has taken. Leased ones are looked at by {@link ShortOfStackTest}.
 */
@Timeout(60)
class EndOfStackTest {

    private static final int CLIENT = 7;
    private static final int TOTAL = 10_000;
    private static final int DIVES = 300;
    private static final int KINDS = 7;
    private static final int WARM_UP = 4;
    private static final long STACK_BYTES = 200_000;

    private final MappedSlabs memory = new MappedSlabs();
    private final MappedSlab slab = memory.create(1, 4096);
    private final Slot slot = new Slot(new Location(1, 64, 1), slab.cell(64));

    private int failed;
    private boolean contended;

    @BeforeEach
    void begin() {
        write(0);
    }

    @AfterEach
    void end() {
        memory.close();
    }

    private Portion portion(Nature nature) {
        return new Portion(1, "it", nature, slot, new NoBroker(), Spinning.none(), false);
    }

    private int value() {
        return Word.data(slot.load()) & Word.VALUE;
    }

    private void write(int data) {
        slot.cell().store(slot.pack(data, 0));
    }

    /** Down to where there is no room for one frame more; on the way up each frame tries. */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private void dive(Runnable attempt) {
        try {
            dive(attempt);
        } catch (StackOverflowError e) {
            failed++;
        }
        if (contended) {
            // As if somebody slept.
            write(Word.data(slot.load()) | Word.WAITERS);
        }
        attempt.run();
    }

    /** Frames of two sizes, so that the stack ends elsewhere. */
    private void dive(Runnable attempt, int steps) {
        if (steps == 0) {
            dive(attempt);
        } else {
            dive(attempt, steps - 1);
        }
    }

    private void dives(Runnable attempt, Runnable check) throws Exception {
        FutureTask<Void> task = new FutureTask<>(
                () -> {
                    for (int i = 0; i < DIVES; i++) {
                        dive(attempt, i % KINDS);
                        check.run();
                    }
                },
                null);
        // What is loaded and linked for the first time may not have to be at the end of the stack.
        for (int i = 0; i < WARM_UP; i++) {
            attempt.run();
        }
        new Thread(null, task, "short of stack", STACK_BYTES).start();
        task.get();
        assertThat(failed).isGreaterThanOrEqualTo(DIVES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMutexIsOwnedByAThreadOrByNobody(boolean waitedFor) throws Exception {
        contended = waitedFor;
        Portion portion = portion(Nature.mutex(CLIENT));
        Ownership ownership = Objects.requireNonNull(portion.nature().ownership());
        Mutex mutex = new Mutex(new Handle(portion), CLIENT, false);
        dives(
                () -> {
                    if (mutex.isMine()) {
                        mutex.unlock();
                    } else {
                        boolean _ = mutex.tryLock();
                    }
                },
                () -> {
                    assertThat(value()).isEqualTo(ownership.isHeld() ? CLIENT : 0);
                    if (mutex.isMine()) {
                        mutex.unlock();
                    }
                });
    }

    /** Where nobody waits a release that fails has not been done, either. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasTakenSomebodyKnowsOf(boolean waitedFor) throws Exception {
        contended = waitedFor;
        write(TOTAL);
        int[] taken = new int[1];
        Portion[] portion = new Portion[1];
        Runnable attempt = () -> {
            if (taken[0] > 0 && !contended) {
                long _ = portion[0].apply(SemaphoreRule.RELEASE, 1);
                taken[0]--;
            } else if (portion[0].apply(SemaphoreRule.ACQUIRE, 1) >= 0) {
                taken[0]++;
            }
        };
        Runnable check = () -> {
            assertThat(value()).isEqualTo(TOTAL - taken[0]);
            write(TOTAL);
            taken[0] = 0;
            // It has seen no step yet.
            portion[0] = portion(Nature.semaphore(TOTAL));
        };
        check.run();
        dives(attempt, check);
    }
}
