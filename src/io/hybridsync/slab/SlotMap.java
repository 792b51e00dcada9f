package io.hybridsync.slab;

import java.util.BitSet;

/**
 * Which slots of one slab are in use. A slab is divided in lines of 64 bytes, the unit of false sharing. A line is free, or
 * one object's, or packed with the words of up to eight compact objects. A slot in quarantine is neither free nor anybody's.
 *
 * <p>Confined to the thread that owns the slab's cache.
 */
final class SlotMap {

    static final int LINE_BYTES = 64;
    private static final int WORDS_PER_LINE = LINE_BYTES / Long.BYTES;
    private static final int FULL = (1 << WORDS_PER_LINE) - 1;

    private final int lines;
    private final BitSet busy = new BitSet();
    private final BitSet roomy = new BitSet();
    private final BitSet quarantined = new BitSet();
    private final byte[] packed;
    private int firstFree;
    private int used;

    SlotMap(int bytes) {
        lines = bytes / LINE_BYTES;
        packed = new byte[lines];
    }

    /** The offset of a slot that was free, or -1 when there is none. */
    int allocate(boolean compact) {
        int offset = compact ? allocateWord() : allocateLine();
        if (offset >= 0) {
            used++;
        }
        return offset;
    }

    /** Gives a slot back; false if none is in use at the offset. */
    boolean free(int offset) {
        if (!isUsed(offset)) {
            return false;
        }
        int line = offset / LINE_BYTES;
        packed[line] &= (byte) ~(packed[line] == 0 ? 0 : bit(offset));
        roomy.set(line, packed[line] != 0);
        busy.set(line, packed[line] != 0);
        firstFree = Math.min(firstFree, line);
        used--;
        return true;
    }

    /** A slot that has just been allocated is no object's, and never will be. */
    void quarantine(int offset) {
        quarantined.set(offset / Long.BYTES);
        used--;
    }

    /** Whether an object's word is at the offset. */
    boolean isUsed(int offset) {
        int line = offset / LINE_BYTES;
        if (offset < 0 || offset % Long.BYTES != 0 || line >= lines || !busy.get(line)
                || quarantined.get(offset / Long.BYTES)) {
            return false;
        }
        return packed[line] == 0 ? offset % LINE_BYTES == 0 : (packed[line] & bit(offset)) != 0;
    }

    /** How many objects' words there are. */
    int used() {
        return used;
    }

    private int allocateLine() {
        int line = takeFreeLine();
        return line < 0 ? -1 : line * LINE_BYTES;
    }

    private int takeFreeLine() {
        firstFree = busy.nextClearBit(firstFree);
        if (firstFree >= lines) {
            return -1;
        }
        busy.set(firstFree);
        return firstFree;
    }

    private int allocateWord() {
        int line = roomy.isEmpty() ? takeFreeLine() : roomy.nextSetBit(0);
        if (line < 0) {
            return -1;
        }
        int word = Integer.numberOfTrailingZeros(~packed[line]);
        packed[line] |= (byte) (1 << word);
        roomy.set(line, (packed[line] & FULL) != FULL);
        return line * LINE_BYTES + word * Long.BYTES;
    }

    private static int bit(int offset) {
        return 1 << ((offset % LINE_BYTES) / Long.BYTES);
    }
}
