package io.hybridsync.object.model;

import io.hybridsync.word.Word;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a run: what it is, what its word should say, and what the broker knows of it.
 *
 * <p>The value is counted at the seam. Whatever compare-and-sets put into words of the object and took from them, wherever
 * that was, must be what its word says; so a write to a place that the object has left shows as a value that is lost, and one
 * that a move copied too early as a value that is there twice.
 */
final class Thing {

    final int number;
    final Sort sort;
    final int maximum;

    /** How many permits there are, if they are leased. */
    final int total;
    final Ghost ghost;

    /** The clients that have it open, or are about to. */
    final Set<ModelClient> members = new LinkedHashSet<>();

    /** The places where its word has been. */
    final Set<Long> homes = new HashSet<>();

    /** Where a move that is under way goes to. */
    @Nullable Tenant target;

    /** Whether the members have been told. */
    boolean told;

    int lastMove;

    /** The base of the place that the word left last; a word from there is a bad one here. */
    int formerBase;

    /** Something wrote a bad word. */
    boolean corrupt;

    /** Nobody has it open any more. */
    boolean ended;

    private long value;
    private @Nullable Tenant current;

    Thing(int number, Sort sort, int maximum, int value) {
        this.number = number;
        this.sort = sort;
        this.maximum = maximum;
        this.value = value;
        this.total = value;
        this.ghost = sort.ghost(this);
    }

    /** Where its word is. */
    Tenant current() {
        Tenant here = current;
        if (here == null) {
            throw new AssertionError(this + " has no place yet");
        }
        return here;
    }

    void settle(Tenant place) {
        current = place;
    }

    /** What the word should say. */
    long value() {
        return value;
    }

    /** A compare-and-set on a word of it was successful. */
    void change(long expected, long next) {
        value += (Word.data(next) & Word.VALUE) - (Word.data(expected) & Word.VALUE);
    }

    @Override
    public String toString() {
        return sort + " " + number;
    }
}
