package io.hybridsync.wire;

import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;

/**
 * One object as the broker sees it at one moment; what a snapshot shows.
 *
 * @param object its id
 * @param name its name, "" when it has none
 * @param spec what it was made to be
 * @param word its word
 * @param location where the word is
 * @param hashValid whether the word verifies there
 * @param corrupted whether the broker has ever known it to be corrupted; a word may be overwritten, this is not
 * @param group the clients that have its memory mapped, ascending
 * @param ownerClient the client that owns it, if it is a mutex that is owned; otherwise 0
 * @param ownerPid that client's process as the kernel named it to the broker, 0 when unknown
 */
public record Entry(
        long object,
        String name,
        Spec spec,
        long word,
        Location location,
        boolean hashValid,
        boolean corrupted,
        List<Integer> group,
        int ownerClient,
        int ownerPid) {

    /** The bytes that an entry without name and group takes in a message. */
    static final int MIN_BYTES = 59;

    /** Keeps its own copy of the group. */
    public Entry {
        group = List.copyOf(group);
    }

    /** What it is. */
    public Kind kind() {
        return spec.kind();
    }

    /** The word's data without WAITERS; means something only if {@link #hashValid}. */
    public int value() {
        return Word.data(word) & Word.VALUE;
    }

    /** The word's flags. */
    public int flags() {
        return Word.flags(word);
    }

    /** Whether somebody may wait on the word. */
    public boolean waiters() {
        return (Word.data(word) & Word.WAITERS) != 0;
    }

    /** The most bytes that it takes in a message. */
    public int encodedBound() {
        return MIN_BYTES + 3 * name.length() + Integer.BYTES * group.size();
    }

    void write(FieldWriter out) {
        out.int64(object).text(name).spec(spec).int64(word).location(location);
        out.bool(hashValid).bool(corrupted).int32s(group).int32(ownerClient).int32(ownerPid);
    }

    static Entry read(FieldReader in) {
        return new Entry(
                in.int64(),
                in.text(),
                in.spec(),
                in.int64(),
                in.location(),
                in.bool(),
                in.bool(),
                in.int32s(),
                in.int32(),
                in.int32());
    }
}
