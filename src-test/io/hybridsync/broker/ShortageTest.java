package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens when the heap is full, and when it is not any more. */
class ShortageTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final OutOfMemoryError made = new OutOfMemoryError("for a test");
    private final List<String> log = new ArrayList<>();
    private boolean full;
    private final Shortage shortage = new Shortage(this::write);

    private void write(String text) {
        if (full) {
            throw made;
        }
        log.add(text);
    }

    private void fail() {
        throw made;
    }

    private void failOften(Runnable task) {
        for (int i = 0; i < 1000; i++) {
            shortage.guard(task);
        }
    }

    /** There is nothing to do it with. */
    @Test
    void nothingIsAllocatedForIt() {
        Runnable task = this::fail;
        failOften(task);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        failOften(task);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isZero();
        assertThat(log).isEmpty();
    }

    @Test
    void itIsToldOnceWhenThereIsRoom() {
        shortage.tell();
        assertThat(log).isEmpty();
        shortage.occurred();
        shortage.tell();
        assertThat(log).singleElement().asString().contains("-Xmx");
        shortage.tell();
        assertThat(log).hasSize(1);
    }

    @Test
    void whatFailsIsToldAtOnceAndIfThatFailsLater() {
        Runnable task = () -> {
            throw new IllegalStateException("of the test");
        };
        shortage.guard(task);
        assertThat(log).singleElement().asString().contains("of the test");
        full = true;
        shortage.guard(task);
        full = false;
        shortage.tell();
        assertThat(log).hasSize(2).last().asString().contains("-Xmx");
    }
}
