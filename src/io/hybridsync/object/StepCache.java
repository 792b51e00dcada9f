package io.hybridsync.object;

import io.hybridsync.slab.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Remembers one step that a word took: from this word, by this rule, to that word. An uncontended object takes the same two
 * steps over and over. What it is expected to take next is tried at once, and the word is not even read: to be equal to a
 * word that was verified at this slot is to verify. Where that fails nothing is expected for a while.
 *
 * <p>A step is expected when its word is seen for the second time in a row, so that objects whose value wanders allocate
 * nothing, and those that are fought for seldom try in vain. Fields are read and written by racing threads without order: a step
 * is immutable, and any of them is true.
 */
final class StepCache {

    /** @param word what is there before; valid there, as is what follows */
    record Step(@Nullable Slot slot, @Nullable Rule rule, int argument, long word, long next) {

        /** Rules are constants. */
        @SuppressWarnings("ReferenceEquality")
        private boolean isBy(Slot here, Rule by, int with) {
            return slot == here && rule == by && argument == with;
        }
    }

    private static final Step NONE = new Step(null, null, 0, 0, 0);

    private Step known = NONE;

    /** What is known, or nothing. */
    private Step expected = NONE;

    private long seen;

    /** The step that the word at a slot is expected to take by a rule; null if none is. */
    @Nullable Step expected(Slot here, Rule rule, int argument) {
        Step step = expected;
        return step.isBy(here, rule, argument) ? step : null;
    }

    /** The word was another one. */
    void missed() {
        expected = NONE;
        seen = 0;
    }

    /** A step from a valid word to a valid word was taken. */
    void learn(Slot here, Rule rule, int argument, long word, long next) {
        if (seen == word) {
            Step step = known;
            if (step.word != word || !step.isBy(here, rule, argument)) {
                step = new Step(here, rule, argument, word, next);
                known = step;
            }
            expected = step;
        }
        seen = word;
    }
}
