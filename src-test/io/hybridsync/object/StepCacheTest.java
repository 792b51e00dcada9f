package io.hybridsync.object;

import static java.util.Objects.requireNonNull;
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
    void expectsNothingAtFirstAndLearnsAtTheSecondTime() {
        assertThat(steps.expected(here, SemaphoreRule.ACQUIRE, 1)).isNull();
        steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0), here.pack(2, 0));
        assertThat(steps.expected(here, SemaphoreRule.ACQUIRE, 1)).isNull();
        learn();
        StepCache.Step step = requireNonNull(steps.expected(here, SemaphoreRule.ACQUIRE, 1));
        assertThat(step.word()).isEqualTo(here.pack(3, 0));
        assertThat(step.next()).isEqualTo(here.pack(2, 0));
    }

    /** A word that was right where the object lived before is a bad word where it lives now. */
    @Test
    void aStepIsOfOneWordAtOnePlaceByOneRuleWithOneArgument() {
        learn();
        assertThat(steps.expected(there, SemaphoreRule.ACQUIRE, 1)).isNull();
        assertThat(steps.expected(here, SemaphoreRule.DRAIN, 1)).isNull();
        assertThat(steps.expected(here, SemaphoreRule.ACQUIRE, 2)).isNull();
        steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(5, 0), here.pack(4, 0));
        steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(5, 0), here.pack(4, 0));
        assertThat(requireNonNull(steps.expected(here, SemaphoreRule.ACQUIRE, 1)).word()).isEqualTo(here.pack(5, 0));
    }

    /** Objects that are fought for would allocate all the time. */
    @Test
    void whatWasMissedIsNotExpectedUntilItIsSeenTwiceAndIsNotRememberedTwice() {
        learn();
        StepCache.Step step = steps.expected(here, SemaphoreRule.ACQUIRE, 1);
        steps.missed();
        steps.learn(here, SemaphoreRule.ACQUIRE, 1, here.pack(3, 0), here.pack(2, 0));
        assertThat(steps.expected(here, SemaphoreRule.ACQUIRE, 1)).isNull();
        learn();
        assertThat(steps.expected(here, SemaphoreRule.ACQUIRE, 1)).isNotNull().isSameAs(step);
    }
}
