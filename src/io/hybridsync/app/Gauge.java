package io.hybridsync.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many processes are in a section, and how many were at most: two atomic counters in a mapped file. The demo's witness
 * for what the semaphore promises; nothing of the library is in it.
 */
final class Gauge {

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder()).withInvokeExactBehavior();
    private static final int PRESENT = 0;
    private static final int MOST = Integer.BYTES;

    private final ByteBuffer counters;

    Gauge(Path file) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            counters = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * Integer.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void enter() {
        int present = 1 + (int) INT.getAndAdd(counters, PRESENT, 1);
        for (int most = most(); most < present; most = most()) {
            if (INT.compareAndSet(counters, MOST, most, present)) {
                return;
            }
        }
    }

    void leave() {
        int before = (int) INT.getAndAdd(counters, PRESENT, -1);
        if (before < 1) {
            throw new IllegalStateException("left a section that nobody was in");
        }
    }

    int present() {
        return (int) INT.getVolatile(counters, PRESENT);
    }

    int most() {
        return (int) INT.getVolatile(counters, MOST);
    }
}
