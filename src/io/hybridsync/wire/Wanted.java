package io.hybridsync.wire;

/**
 * One object of a wait at the broker.
 *
 * @param object the id from {@link Message.Opened}
 * @param rule the number of the rule that takes it, among those of its kind
 * @param argument of that rule: semaphore: permits; mutex: the client's id; event: the generation of the first look that
 *     found nothing, or -1
 */
public record Wanted(long object, int rule, int argument) {

    /** How many there are in one wait at most: fewer than a message takes, and than would keep the broker for long. */
    public static final int MOST = 4000;

    /** The bytes that it takes in a message. */
    static final int BYTES = 16;

    void write(FieldWriter out) {
        out.int64(object).int32(rule).int32(argument);
    }

    static Wanted read(FieldReader in) {
        return new Wanted(in.int64(), in.int32(), in.int32());
    }
}
