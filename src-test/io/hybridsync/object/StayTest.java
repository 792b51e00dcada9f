package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who closes a handle waits for those who wait through it, and for nobody who has failed on the way. */
@Timeout(20)
class StayTest {

    private static final int DIVES = 200;
    private static final long STACK_BYTES = 200_000;

    private final MappedSlabs memory = new MappedSlabs();
    private final Slot slot = new Slot(new Location(1, 64, 1), memory.create(1, 4096).cell(64));
    private final Handle handle = new Handle(
            new Portion(1, "it", Nature.semaphore(9), slot, new NoBroker(), Spinning.none(), false));
    private int failed;

    @AfterEach
    void end() {
        memory.close();
    }

    /** Down to where there is no room for one frame more; on the way up each frame stays until one has it. */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private boolean dive() {
        boolean done = false;
        try {
            done = dive();
        } catch (StackOverflowError e) {
            failed++;
        }
        if (!done) {
            stay();
        }
        return true;
    }

    /** Frames of another size: the stack does not always end at the same place. */
    private boolean dive(int steps) {
        return steps == 0 ? dive() : dive(steps - 1);
    }

    private void stay() {
        Handle.Stay stay = new Handle.Stay();
        try {
            handle.enter(stay);
        } finally {
            stay.over = true;
            handle.leave(stay);
        }
    }

    private void dives() {
        for (int i = 0; i < DIVES; i++) {
            assertThat(dive(i % 16)).isTrue();
        }
    }

    @Test
    void whoseStayIsOverIsNotWaitedForThoughHeHasNotLeft() {
        Handle.Stay stay = new Handle.Stay();
        handle.enter(stay);
        stay.over = true;
        assertThat(handle.close()).isTrue();
    }

    @Test
    void nobodyIsWaitedForWhoHasFailedAtTheEndOfHisStack() throws Exception {
        stay();
        FutureTask<Void> task = new FutureTask<>(this::dives, null);
        new Thread(null, task, "short of stack", STACK_BYTES).start();
        task.get();
        assertThat(failed).isGreaterThanOrEqualTo(DIVES);
        assertThat(handle.close()).isTrue();
    }
}
