package io.hybridsync.object;

import io.hybridsync.slab.Cell;

/**
 * What an operation does to a value. Pure; a refusal means that the word is left alone. A value is the data of a word
 * without WAITERS, 0 to 2^31-1.
 */
public interface Rule {

    /** What {@link #next} returns when the value does not permit the operation. */
    int REFUSED = -1;

    /** A rule of every kind that permits everything and changes nothing: to ask for the value. */
    Rule LOOK = new Rule() {
        @Override
        public int next(int value, int ignored, int maximum) {
            return value;
        }

        @Override
        public int code() {
            return 0;
        }
    };

    /**
     * The value that follows, or {@link #REFUSED}.
     *
     * @param value the present value
     * @param argument of the operation, such as a number of permits
     * @param maximum the object's largest value
     */
    int next(int value, int argument, int maximum);

    /** The number that stands for the rule in messages, among those of its kind; never reused. */
    int code();

    /** Whether the operation may let waiters proceed: then it wakes, and tells the broker if somebody waits there. */
    default boolean signals() {
        return false;
    }

    /** How many a signal wakes if somebody waits, at most {@link Cell#ALL}. */
    default int wakes(int argument, int maximum) {
        return 0;
    }

    /**
     * What takes back what this rule has taken, with the same argument, when nobody has it any more who could use it.
     *
     * @param abandoned whether it took what an owner had abandoned
     */
    default Rule undo(boolean abandoned) {
        return LOOK;
    }

    /** Whether a signal may clear WAITERS and wake all, when the wake before it found nobody. */
    default boolean mayClearWaiters() {
        return signals();
    }

    /** Whether a wait ends at a value that it was refused: what it waits for will not come before somebody else acts. */
    default boolean endsWait(int value) {
        return false;
    }

    /**
     * The argument of a wait from its first look on that was refused, which found that value. Events need to know since
     * when a thread waits.
     */
    default int waitingSince(int value, int argument) {
        return argument;
    }
}
