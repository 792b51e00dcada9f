package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import org.junit.jupiter.api.Test;

class StepCacheTest {

    private final HeapSlab slab = new HeapSlab(1, 4096);
    private final Slot here = slot(0);
    private final Slot there = slot(64);
    private final StepCache steps = new StepCache();

    private Slot slot(int offset) {
        return new Slot(new Location(1, offset, 1), slab.cell(offset));
    }

    private void learn() {
        for (int i = 0; i < 2; i++) {
            steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0), here.pack(2, 0));
        }
    }

    @Test
    void knowsNothingAtFirstAndLearnsAtTheSecondTime() {
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 1, 0)).isEqualTo(StepCache.UNKNOWN);
        steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0), here.pack(2, 0));
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0))).isEqualTo(StepCache.UNKNOWN);
        learn();
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0))).isEqualTo(here.pack(2, 0));
    }

    /** A word that was right where the object lived before is a bad word where it lives now. */
    @Test
    void aStepIsOfOneWordAtOnePlaceByOneRuleWithOneArgument() {
        learn();
        long word = here.pack(3, 0);
        assertThat(steps.next(there, SemaphoreRule.ACQUIRE, 1, word)).isEqualTo(StepCache.UNKNOWN);
        assertThat(steps.next(here, SemaphoreRule.DRAIN, 1, word)).isEqualTo(StepCache.UNKNOWN);
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 2, word)).isEqualTo(StepCache.UNKNOWN);
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 1, word ^ 1)).isEqualTo(StepCache.UNKNOWN);
        assertThat(steps.next(here, SemaphoreRule.ACQUIRE, 1, 0)).isEqualTo(StepCache.UNKNOWN);
    }
}
