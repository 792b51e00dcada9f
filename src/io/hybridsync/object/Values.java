package io.hybridsync.object;

import io.hybridsync.word.Kind;

/**
 * Which values an object can have. The hash tells a word that nobody of the library wrote; a word that was written with the
 * right hash, or left from another time of the same place, may still say what no operation makes of the object.
 */
public final class Values {

    private Values() {}

    /**
     * Whether operations can have led to a value.
     *
     * @param autoReset of an event: whether a satisfied wait takes the signal
     * @param maximum the object's largest value, if it is a semaphore
     */
    public static boolean isLegal(Kind kind, boolean autoReset, int maximum, int value) {
        return switch (kind) {
            case SEMAPHORE -> value <= maximum;
            case MUTEX -> value <= MutexRule.OWNER_DIED;
            case EVENT -> autoReset || EventRule.hasNoToken(value);
        };
    }
}
