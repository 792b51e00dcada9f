package io.hybridsync.slab;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A word at its location, where this process has it mapped: verifies and packs under the location's base.
 *
 * <p>The hash is a chain of five multiplications and would be most of an uncontended operation. But the words of one object
 * are few: {@link #memo} keeps plain words (no flags) that verified, or were packed, under this very base. To be equal to
 * one of them <em>is</em> to verify, so nothing is weakened; a miss computes. An empty entry holds a word that belongs to
 * another index, so that nothing that is looked up there equals it, the zero word included. Entries are written by racing
 * threads with opaque stores: whichever is read was valid here at some time, and valid words stay valid.
 *
 * <p>{@link #slow} counts the threads of this process that are on the slow path here: asleep or about to sleep. Until it is
 * zero the place must not be given to another object, or they would sleep on the other's word. The fast path is not
 * counted: the generation in the base makes its compare-and-sets fail.
 */
public final class Slot {

    private static final VarHandle ENTRY =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int SMALL_VALUES = 16;
    private static final int WAITERS_SHIFT = 27;

    private final Location location;
    private final Cell cell;
    private final int base;
    private final long[] memo = new long[2 * SMALL_VALUES];
    private final AtomicInteger slow = new AtomicInteger();

    /** The word at a location that the cell is mapped to. */
    public Slot(Location location, Cell cell) {
        this.location = location;
        this.cell = cell;
        this.base = location.base();
        Arrays.setAll(memo, index -> index ^ 1);
    }

    /** Where the word is. */
    public Location location() {
        return location;
    }

    /** The memory of the word. */
    public Cell cell() {
        return cell;
    }

    /** Reads the word. */
    public long load() {
        return cell.load();
    }

    /** Replaces a word by the valid one with this data and these flags; false if another word was there. */
    public boolean replace(long word, int data, int flags) {
        return cell.compareAndSet(word, pack(data, flags));
    }

    /** Whether the word verifies and has no flags: the case that needs no second look. */
    public boolean isPlain(long word) {
        return memo(Word.data(word)) == word || (Word.flags(word) == 0 && isValid(word));
    }

    /** Whether the word's hash belongs to it here. */
    public boolean isValid(long word) {
        boolean valid = Word.isValid(base, word);
        if (valid && Word.flags(word) == 0) {
            remember(word);
        }
        return valid;
    }

    /** The valid word here with this data and these flags. */
    public long pack(int data, int flags) {
        long known = memo(data);
        return flags == 0 && Word.data(known) == data ? known : compute(data, flags);
    }

    /** The hash that a word should carry here, 28 bits. */
    public int hashExpected(long word) {
        return Word.hash(base, Word.data(word), Word.flags(word));
    }

    /** The calling thread is about to sleep here; to be paired with {@link #leaveSlowPath}. */
    public void enterSlowPath() {
        slow.getAndIncrement();
    }

    /** The calling thread will not sleep here before it enters again. */
    public void leaveSlowPath() {
        slow.getAndDecrement();
    }

    /** Whether a thread of this process is asleep here or about to sleep. */
    public boolean isOnSlowPath() {
        return slow.get() != 0;
    }

    private long compute(int data, int flags) {
        long word = Word.pack(base, data, flags);
        if (flags == 0) {
            remember(word);
        }
        return word;
    }

    private long memo(int data) {
        return (long) ENTRY.getOpaque(memo, index(data));
    }

    private void remember(long word) {
        ENTRY.setOpaque(memo, index(Word.data(word)), word);
    }

    /** Small values with and without WAITERS, each at a place of its own. */
    private static int index(int data) {
        return (data & (SMALL_VALUES - 1)) | ((data >>> WAITERS_SHIFT) & SMALL_VALUES);
    }
}
