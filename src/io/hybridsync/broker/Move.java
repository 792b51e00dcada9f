package io.hybridsync.broker;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;

/**
 * Moves a word from its old place O to a new place N, while anybody operates on it and sleeps on it.
 *
 * <pre>
 *   step                                   what O says        what N says
 *   ------------------------------------   ----------------   -----------------
 *   1. lock O                              LOCKED, value      poison
 *   2. write N                             LOCKED, value      LOCKED, value
 *   3. tell every member where N is        LOCKED, value      LOCKED, value
 *   4. unlock N: the commit                LOCKED, value      value
 *   5. bury O, wake all who sleep there    MOVED, number      value, lives on
 *   6. answer who asked                    MOVED, number      lives on
 * </pre>
 *
 * <p>Who reads O before step 1 operates on it: either the operation's compare-and-set comes before the lock, and its value
 * moves along, or it fails. Who reads O from 1 to 4 waits on the flags half. From 5 on he goes to N: which place that is he
 * has been told in step 3, so nobody waits for a round trip, and he knows it by the number of the move, which is the data of
 * the tombstone. A member goes only when he sees the tombstone, for until step 4 the move may be given up: what he was told
 * then is of no use to anybody, as no tombstone ever carries that number. So a number is spent once it may have been told.
 *
 * <p>The number differs from the value that was there, and WAITERS is clear in it, so a thread that is about to sleep on the
 * data half of O is turned back. WAITERS is not taken along: all are woken at O and set it again at N.
 *
 * <p>From step 1 on only the broker writes to O. If something else did, it is found in step 5: the object is corrupted. No
 * tombstone is there then, so nobody goes to N.
 */
public final class Move {

    /** What became of it. */
    public enum Result {
        /** The word lives at N. */
        DONE,
        /** It lives at O as before: a member could not be told now, or others write to the word without a pause. */
        DELAYED,
        /** The word at O is not the library's. */
        CORRUPTED
    }

    /** Tells the members where the word is going to be. */
    public interface Telling {

        /** True when every member's message is on its way; false when one could not be sent now. */
        boolean tell(int move, Location to);
    }

    private static final int LOCK_ATTEMPTS = 1 << 16;

    private final Slot from;
    private final Slot to;
    private final int lastMove;
    private final Telling telling;
    private int move;

    /**
     * A move that has not begun.
     *
     * @param from where the word is
     * @param to a place that nobody uses, in memory that all members have
     * @param lastMove the latest number that was given to a move of the object, whatever became of that
     * @param telling reaches the members
     */
    public Move(Slot from, Slot to, int lastMove, Telling telling) {
        this.from = from;
        this.to = to;
        this.lastMove = lastMove;
        this.telling = telling;
        this.move = lastMove;
    }

    /**
     * The latest number that was given to a move of the object: of this one, unless it has not come to be told. The next
     * move has to be made with it, also when this one was given up, for members may have been told a place under it.
     */
    public int number() {
        return move;
    }

    /** Moves the word, once. */
    public Result run() {
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            long word = from.load();
            if (!Step.isSound(from, word)) {
                return Result.CORRUPTED;
            }
            int flags = Word.flags(word) | Word.LOCKED;
            if (from.replace(word, Word.data(word), flags)) {
                return locked(word, from.pack(Word.data(word), flags));
            }
        }
        return Result.DELAYED;
    }

    private Result locked(long word, long lock) {
        int value = Word.data(word) & Word.VALUE;
        to.cell().store(to.pack(value, Word.flags(word) | Word.LOCKED));
        move = after(lastMove, value);
        if (!tell(word, lock)) {
            return unlock(word, lock);
        }
        to.cell().store(to.pack(value, Word.flags(word)));
        boolean buried = from.cell().compareAndSet(lock, from.pack(move, Word.MOVED));
        wakeAll();
        return buried ? Result.DONE : Result.CORRUPTED;
    }

    /** What fails in the telling must not leave a lock behind that nobody would take away. After an Error the next broker does. */
    private boolean tell(long word, long lock) {
        try {
            return telling.tell(move, to.location());
        } catch (RuntimeException e) {
            unlock(word, lock);
            throw e;
        }
    }

    private Result unlock(long word, long lock) {
        boolean unlocked = from.cell().compareAndSet(lock, word);
        from.cell().wake(Half.FLAGS, Cell.ALL);
        return unlocked ? Result.DELAYED : Result.CORRUPTED;
    }

    private void wakeAll() {
        from.cell().wake(Half.DATA, Cell.ALL);
        from.cell().wake(Half.FLAGS, Cell.ALL);
    }

    private static int after(int lastMove, int value) {
        int next = (lastMove + 1) & Word.VALUE;
        return next == value ? (next + 1) & Word.VALUE : next;
    }
}
