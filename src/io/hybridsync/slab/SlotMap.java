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

    private final boolean adopted;
    private final int lines;
    private final BitSet busy = new BitSet();
    private final BitSet roomy = new BitSet();
    private final BitSet quarantined = new BitSet();
    private final byte[] packed;
    private int firstFree;
    private int used;

    /** Of a new slab: all is free. */
    SlotMap(int bytes) {
        this(bytes, false);
    }

    private SlotMap(int bytes, boolean adopted) {
        this.adopted = adopted;
        lines = bytes / LINE_BYTES;
        packed = new byte[lines];
    }

    /**
     * Of a slab that another broker has divided: which of its places are free only that one knew. So all are in quarantine
     * but those that are {@link #claim}ed, and go back there.
     */
    static SlotMap adopted(int bytes) {
        SlotMap map = new SlotMap(bytes, true);
        map.busy.set(0, map.lines);
        map.quarantined.set(0, bytes / Long.BYTES);
        return map;
    }

    /** In an adopted slab, an object's word is at the offset; false if there is one already. */
    boolean claim(int offset) {
        if (!adopted || !quarantined.get(offset / Long.BYTES)) {
            return false;
        }
        quarantined.clear(offset / Long.BYTES);
        packed[offset / LINE_BYTES] |= (byte) bit(offset);
        used++;
        return true;
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
        if (adopted) {
            quarantine(offset);
            return true;
        }
        int line = offset / LINE_BYTES;
        packed[line] &= (byte) ~(packed[line] == 0 ? 0 : bit(offset));
        roomy.set(line, packed[line] != 0);
        busy.set(line, packed[line] != 0);
        firstFree = Math.min(firstFree, line);
        used--;
        return true;
    }

    /** A slot that was an object's is nobody's, and never will be given to anybody. */
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

    /** Whether another broker has divided the slab. */
    boolean isAdopted() {
        return adopted;
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
