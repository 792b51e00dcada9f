package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.ForwardingCell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread operates at the very end of its stack, wherever it runs out. The word of a mutex says that this client owns it if the
 * thread does, and otherwise that nobody does: where the client owned it without a thread, nobody could ever lock it again. What
 * is gone from a semaphore somebody knows that he has taken, and who waits for what is there has been woken. Leased ones are
 * looked at by {@link ShortOfStackTest}.
 *
 * <p>{@code -Dstack.dives=300} and {@code -XX:-TieredCompilation} find more: the build runs some of it so as well.
 */
@Timeout(60)
class EndOfStackTest {

    private static final int CLIENT = 7;
    private static final int TOTAL = 10_000;
    private static final int DIVES = Integer.getInteger("stack.dives", 50);
    private static final int KINDS = 7;
    private static final int WARM_UP = 4;
    private static final long STACK_BYTES = 200_000;

    /** Counts the wakes that are done. */
    private final class Counting extends ForwardingCell {

        Counting(Cell counted) {
            super(counted);
        }

        @Override
        public int wake(Half half, int count) {
            int woken = super.wake(half, count);
            wakes++;
            return woken;
        }
    }

    private final MappedSlabs memory = new MappedSlabs();
    private final MappedSlab slab = memory.create(1, 4096);
    private final Slot slot = new Slot(new Location(1, 64, 1), new Counting(slab.cell(64)));

    private int failed;
    private int wakes;
    private int locked;
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

    /** What is loaded and linked for the first time may not have to be at the end of the stack. */
    private static void warmUp(Runnable attempt) {
        for (int i = 0; i < WARM_UP; i++) {
            attempt.run();
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
        Runnable attempt = () -> {
            if (mutex.isMine()) {
                mutex.unlock();
            } else {
                boolean _ = mutex.tryLock();
            }
        };
        warmUp(attempt);
        dives(
                attempt,
                () -> {
                    assertThat(value()).isEqualTo(ownership.isHeld() ? CLIENT : 0);
                    if (mutex.isMine()) {
                        mutex.unlock();
                    }
                });
    }

    /** As who waits for a condition does: he can lock it again, or has not unlocked it. */
    @Test
    void whatIsUnlockedForAWhileIsLockedAgain() throws Exception {
        Mutex mutex = new Mutex(new Handle(portion(Nature.mutex(CLIENT))), CLIENT, false);
        Runnable attempt = () -> {
            if (!mutex.isMine()) {
                boolean _ = mutex.tryLock();
                locked++;
            }
            mutex.relock(mutex.unlockAll(), this);
        };
        warmUp(attempt);
        mutex.unlock();
        locked = 0;
        dives(attempt, () -> {
            assertThat(locked).as("once, and again after each unlock").isOne();
            locked = 0;
            mutex.unlock();
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
        warmUp(attempt);
        dives(attempt, check);
    }

    /**
     * Who releases has to be able to wake: what is released and nobody is told of, all may sleep beside. Nothing has been run
     * before here: a class that a thread could not initialize could not be used any more by any.
     */
    @Test
    void whatIsReleasedTheOthersAreToldOf() throws Exception {
        contended = true;
        Portion portion = portion(Nature.semaphore(TOTAL));
        Runnable attempt = () -> {
            long _ = portion.apply(SemaphoreRule.RELEASE, 1);
        };
        dives(attempt, () -> {
            assertThat(wakes).as("wakes of releases that are done").isEqualTo(value());
            wakes = 0;
            write(0);
        });
    }

    private void aWaitReturnsWithWhatItHasTaken(Handle handle, Callable<Ending> wait) throws Exception {
        write(TOTAL);
        int[] taken = new int[1];
        Runnable attempt = () -> {
            if (call(wait) == Ending.TAKEN) {
                taken[0]++;
            }
        };
        warmUp(attempt);
        dives(attempt, () -> {
            assertThat(handle.value()).isEqualTo(TOTAL - taken[0]);
            write(TOTAL);
            taken[0] = 0;
        });
    }

    private static Ending call(Callable<Ending> wait) {
        try {
            return wait.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A thread that has no stack to leave the handle any more has not taken anything. */
    @Test
    void aWaitForOne() throws Exception {
        Handle handle = new Handle(portion(Nature.semaphore(TOTAL)));
        aWaitReturnsWithWhatItHasTaken(
                handle, () -> handle.awaitUninterruptibly(new Want(handle, SemaphoreRule.ACQUIRE, 1), this));
    }

    @Test
    void aWaitForAny() throws Exception {
        Handle handle = new Handle(portion(Nature.semaphore(TOTAL)));
        List<Handle> handles = List.of(handle, new Handle(handle.portion()));
        aWaitReturnsWithWhatItHasTaken(
                handle, () -> new MultiWait(handles, null, Cell.FOREVER, this, true).any().ending());
    }
}
