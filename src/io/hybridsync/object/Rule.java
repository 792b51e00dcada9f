package io.hybridsync.object;

/**
 * What an operation does to a value. Pure; a refusal means that the word is left alone. A value is the data of a word
 * without WAITERS, 0 to 2^31-1.
 */
public interface Rule {

    /** What {@link #next} returns when the value does not permit the operation. */
    int REFUSED = -1;

    /**
     * The value that follows, or {@link #REFUSED}.
     *
     * @param value the present value
     * @param argument of the operation, such as a number of permits
     * @param maximum the object's largest value
     */
    int next(int value, int argument, int maximum);

    /** Whether the operation may let waiters proceed: then it wakes. */
    boolean signals();
}
