package io.hybridsync.kernel;

import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import java.util.ArrayDeque;
import java.util.Deque;

/** In a JVM of its own: makes as many mappings as a process may have. */
final class Mappings {

    private static final int PAGE = 4096;
    private static final int SPARE = 64;

    private Mappings() {}

    /**
     * Has a slab retired when there is no mapping left; what came of it. Once with enough of them, so that nothing else is
     * needed.
     */
    static String run() {
        String usual = run(false);
        return usual + ", " + run(true);
    }

    private static String run(boolean full) {
        try (MappedSlabs slabs = new MappedSlabs()) {
            MappedSlab slab = slabs.create(1, PAGE);
            MappedSlab other = slabs.create(2, PAGE);
            other.cell(0).store(7);
            Deque<Long> made = full ? fill() : new ArrayDeque<>();
            slabs.retire(slab);
            boolean open = slab.memfd().fd().tryEnter();
            long seen = other.cell(0).load();
            empty(made);
            MappedSlab next = slabs.create(3, PAGE);
            next.cell(0).store(9);
            return "%s %s %d %d".formatted(slabs.find(1) == null, open, seen, next.cell(0).load());
        }
    }

    /** Neighbours with the same protection would be one mapping. The JVM needs a few itself meanwhile. */
    private static Deque<Long> fill() {
        Deque<Long> made = new ArrayDeque<>(1 << 17);
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS;
        for (int protection = Linux.PROT_READ; ; protection ^= Linux.PROT_WRITE) {
            long address = SystemCall.MMAP.call(0, PAGE, protection, flags, -1, 0);
            if (address < 0) {
                return made;
            }
            made.push(address);
        }
    }

    private static void empty(Deque<Long> made) {
        while (made.size() > SPARE) {
            SystemCall.MUNMAP.call(made.pop(), PAGE);
        }
    }
}
