package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thread operates on a leased semaphore at the very end of its stack: wherever it runs out, either nothing has been done, or
 * it has and the ledger says so; and nothing stays under way.
 */
@Timeout(60)
class ShortOfStackTest {

    private static final int TOTAL = 1000;
    private static final int DIVES = 1000;
    private static final long STACK_BYTES = 200_000;

    private final MappedSlabs memory = new MappedSlabs();
    private final MappedSlab slab = memory.create(1, 4096);
    private final Slot slot = new Slot(new Location(1, 64, 1), slab.cell(64));
    private final Cell own = slab.cell(136);
    private final Cell common = slab.cell(200);
    private final Lease lease = new Lease(own, common, false);
    private final Portion portion = new Portion(
            1, "it", Nature.leased(TOTAL, lease), slot, new NoBroker(), Spinning.none(), false);

    private int done;
    private int failed;

    @BeforeEach
    void begin() {
        slot.cell().store(slot.pack(TOTAL, 0));
    }

    @AfterEach
    void end() {
        memory.close();
    }

    /** Down to where there is no room for one frame more; on the way up each frame tries again. */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private void dive() {
        try {
            dive();
        } catch (StackOverflowError e) {
            failed++;
        }
        boolean release = (done & 1) != 0;
        done++;
        if (lease.isHeld() && release) {
            long _ = portion.apply(SemaphoreRule.RELEASE, 1);
        } else {
            long _ = portion.apply(SemaphoreRule.ACQUIRE, 1);
        }
    }

    private void assertExact() {
        assertThat(Ledger.isUnderWay(own.load())).as("the first thread").isFalse();
        assertThat(Ledger.isUnderWay(common.load())).as("the others").isFalse();
        int held = Ledger.held(own.load()) + Ledger.held(common.load());
        assertThat(held + (Word.data(slot.load()) & Word.VALUE)).isEqualTo(TOTAL);
        while (lease.isHeld()) {
            assertThat(portion.apply(SemaphoreRule.RELEASE, 1)).isNotNegative();
        }
        assertThat(Word.data(slot.load()) & Word.VALUE).as("all were spare").isEqualTo(TOTAL);
    }

    private void dives() {
        for (int i = 0; i < DIVES; i++) {
            dive();
            assertExact();
        }
    }

    private void divesForTheFirstTime() {
        for (int i = 0; i < DIVES; i++) {
            try {
                dive();
            } catch (IllegalStateException e) {
                failed++;
            }
        }
    }

    private static void run(Runnable body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(body, null);
        new Thread(null, task, "short of stack", STACK_BYTES).start();
        task.get();
    }

    @Test
    void theFirstThread() throws Exception {
        run(this::dives);
        assertThat(failed).isGreaterThanOrEqualTo(DIVES);
    }

    /**
     * Where code runs for the first time the interpreter wants some stack for a monitor, too, and what could not be said is left
     * unsaid: that is the one thing that a lease cannot help. So it has run before.
     */
    @Test
    void another() throws Exception {
        ShortOfStackTest before = new ShortOfStackTest();
        before.begin();
        long _ = before.portion.apply(SemaphoreRule.ACQUIRE, 1);
        long _ = before.portion.apply(SemaphoreRule.RELEASE, 1);
        run(before::divesForTheFirstTime);
        before.end();
        assertThat(portion.apply(SemaphoreRule.ACQUIRE, 1)).isNotNegative();
        assertThat(portion.apply(SemaphoreRule.RELEASE, 1)).isNotNegative();
        run(this::dives);
        assertThat(failed).isGreaterThanOrEqualTo(DIVES);
    }
}
