package io.hybridsync.object;

import io.hybridsync.slab.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Remembers one step that a word took: from this word, by this rule, to that word. An uncontended object takes the same two
 * steps over and over, and on the way to the compare-and-set each load that depends on the load before costs as much as a
 * tenth of it. A step that is known is loaded beside the word, not after it; the word is only compared, and to be equal to
 * a word that was verified at this slot is to verify.
 *
 * <p>A step is remembered when it is seen for the second time in a row, so that objects whose value wanders allocate
 * nothing. Fields are read and written by racing threads without order: a step is immutable, and any of them is true.
 */
final class StepCache {

    /** What {@link #next} returns when it does not know. No slot is handed out where the zero word verifies. */
    static final long UNKNOWN = 0;

    private record Step(@Nullable Slot slot, @Nullable Rule rule, int argument, long word, long next) {}

    private Step known = new Step(null, null, 0, 0, UNKNOWN);
    private long seen;

    /** The valid word that follows a word at a slot by a rule, or {@link #UNKNOWN}. Rules are constants. */
    @SuppressWarnings("ReferenceEquality")
    long next(Slot here, Rule rule, int argument, long word) {
        Step step = known;
        return step.word == word && step.slot == here && step.rule == rule && step.argument == argument
                ? step.next
                : UNKNOWN;
    }

    /** A step from a valid word to a valid word was taken. */
    void learn(Slot here, Rule rule, int argument, long word, long next) {
        if (seen == word) {
            known = new Step(here, rule, argument, word, next);
        }
        seen = word;
    }
}
