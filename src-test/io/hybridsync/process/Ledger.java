package io.hybridsync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Numbers in a file that several processes have mapped: what the objects under test protect, and what they count. */
final class Ledger {

    private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment segment;

    private Ledger(MemorySegment segment) {
        this.segment = segment;
    }

    /** Maps the file, so many numbers; they are 0 at first. */
    static Ledger open(Path file, int numbers) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = (long) Long.BYTES * numbers;
            return new Ledger(channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a number, now. */
    long get(int index) {
        return (long) NUMBER.getVolatile(segment, offset(index));
    }

    /** Writes a number, now. */
    void set(int index, long number) {
        NUMBER.setVolatile(segment, offset(index), number);
    }

    /** Adds to a number, atomically; the sum. */
    long add(int index, long delta) {
        return (long) NUMBER.getAndAdd(segment, offset(index), delta) + delta;
    }

    /** Adds one without any order or atomicity of its own: exact only where something else sees to that. */
    void increment(int index) {
        long seen = (long) NUMBER.get(segment, offset(index));
        NUMBER.set(segment, offset(index), seen + 1);
    }

    /** Makes the number at least that great, atomically. */
    void atLeast(int index, long number) {
        for (long seen = get(index); seen < number; seen = get(index)) {
            if (NUMBER.compareAndSet(segment, offset(index), seen, number)) {
                return;
            }
        }
    }

    private static long offset(int index) {
        return (long) Long.BYTES * index;
    }
}
