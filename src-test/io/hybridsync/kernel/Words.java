package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Counting semaphores in native memory, as simple as they get: a word is the number of permits. */
final class Words {

    private static final VarHandle WORD = JAVA_INT.varHandle();
    private static final int APART = 64;

    private final MemorySegment memory;

    Words(int count, Arena arena) {
        memory = arena.allocate((long) count * APART, APART);
    }

    long address(int index) {
        return memory.address() + (long) index * APART;
    }

    int get(int index) {
        return (int) WORD.getVolatile(memory, (long) index * APART);
    }

    void add(int index, int change) {
        int _ = (int) WORD.getAndAdd(memory, (long) index * APART, change);
    }

    void release(int index) {
        add(index, 1);
        Futex.wake(address(index), 1);
    }

    boolean tryAcquire(int index) {
        for (int value = get(index); value > 0; value = get(index)) {
            if (WORD.compareAndSet(memory, (long) index * APART, value, value - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The wake that a waiter may have taken with it, without the permit. */
    void passOn(int index) {
        if (get(index) > 0) {
            Futex.wake(address(index), 1);
        }
    }
}
