package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One step on one word: what is written, who is woken, and what is left alone. */
class StepTest {

    private static final Location PLACE = new Location(1, 64, 1);
    private static final int MAXIMUM = 5;

    private final HeapSlabs memory = new HeapSlabs();
    private final Slot slot = new Slot(PLACE, memory.create(1, 4096).cell(64));

    private Step step(Rule rule, int argument) {
        return new Step(slot, rule, argument, MAXIMUM);
    }

    private void store(int data, int flags) {
        slot.cell().store(slot.pack(data, flags));
    }

    private void assertWord(int data, int flags) {
        assertThat(slot.load()).isEqualTo(slot.pack(data, flags));
    }

    @Test
    void whoSleepsThereIsWokenByASignal() {
        store(2 | Word.WAITERS, 0);
        assertThat(step(SemaphoreRule.RELEASE, 1).apply()).isEqualTo(Step.Result.DONE);
        assertWord(3 | Word.WAITERS, 0);
        assertThat(memory.wakes()).containsExactly("64 DATA");
    }

    @Test
    void nobodyIsWokenByAnythingElse() {
        store(2, 0);
        assertThat(step(SemaphoreRule.RELEASE, 1).apply()).as("nobody sleeps there").isEqualTo(Step.Result.DONE);
        store(2 | Word.WAITERS, 0);
        assertThat(step(SemaphoreRule.ACQUIRE, 1).apply()).isEqualTo(Step.Result.DONE);
        assertThat(step(SemaphoreRule.RELEASE, MAXIMUM).apply()).isEqualTo(Step.Result.REFUSED);
        assertThat(step(Rule.LOOK, 0).apply()).isEqualTo(Step.Result.DONE);
        assertWord(1 | Word.WAITERS, 0);
        assertThat(memory.wakes()).isEmpty();
    }

    /** What who signals has done before is to be seen by who sees the signal: that takes a write. */
    @Test
    void aSignalWritesAlsoTheWordThatIsThere() {
        store(2, 0);
        memory.lose(PLACE, 1);
        assertThat(step(SemaphoreRule.RELEASE, 0).apply()).isEqualTo(Step.Result.DONE);
        assertThat(memory.lost()).as("one attempt, and then another one").isEqualTo(1);
    }

    @Test
    void whatChangesNothingWritesNothing() {
        store(2, 0);
        memory.lose(PLACE, 1);
        assertThat(step(Rule.LOOK, 0).apply()).isEqualTo(Step.Result.DONE);
        assertThat(step(SemaphoreRule.RELEASE, 1).lookOrSubscribe()).isEqualTo(Step.Result.DONE);
        assertThat(memory.lost()).isZero();
        assertWord(2, 0);
    }

    @Test
    void whatIsWrittenOverALockIsFoundWhereverItEnds() {
        for (int end = 0; end < 3; end++) {
            store(2, 0);
            Step step = step(SemaphoreRule.ACQUIRE, 1);
            assertThat(step.lockOrSubscribe()).isEqualTo(Step.Result.DONE);
            store(4, 0);
            assertThat(end == 0 ? step.unlock() : end == 1 ? step.commit() : step.commit(0)).isFalse();
            assertWord(4, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void nobodyWaitsAtTheBrokerAnyMore(int attempts) {
        store(2 | Word.WAITERS, Word.WAKE_BROKER);
        memory.lose(PLACE, attempts);
        Step.unsubscribe(slot);
        assertWord(2 | Word.WAITERS, 0);
        assertThat(memory.lost()).isEqualTo(attempts);
    }

    @Test
    void whoWritesWithoutAPauseKeepsNobody() {
        store(2, Word.WAKE_BROKER);
        memory.lose(PLACE, Integer.MAX_VALUE);
        Step.unsubscribe(slot);
        assertWord(2, Word.WAKE_BROKER);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Word.WAKE_BROKER | Word.LOCKED, Word.WAKE_BROKER | Word.CORRUPTED})
    void whereNobodyWaitsOrSomebodyElseHasSomethingToSayNothingIsWritten(int flags) {
        store(2, flags);
        memory.lose(PLACE, 1);
        Step.unsubscribe(slot);
        assertThat(memory.lost()).isZero();
        assertWord(2, flags);
    }
}
