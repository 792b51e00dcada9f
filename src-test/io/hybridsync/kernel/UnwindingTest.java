package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has failed lets go of everything. */
class UnwindingTest {

    private final List<String> closed = new ArrayList<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private void failing(RuntimeException failure) {
        parts.add(() -> {
            throw failure;
        });
    }

    @Test
    void whatFailsKeepsNothingFromBeingClosedAndTheFirstIsThrown() {
        RuntimeException failure = new IllegalStateException("of the test");
        parts.add(() -> closed.add("first"));
        failing(failure);
        parts.add(() -> closed.add("second"));
        failing(new IllegalArgumentException("later"));
        parts.add(() -> closed.add("seat"));
        assertThatThrownBy(() -> Unwinding.closeAll(parts)).isSameAs(failure);
        assertThat(closed).containsExactly("first", "second", "seat");
        assertThat(parts).isEmpty();
    }

    @Test
    void whatThereIsNoRoomForIsClosedWhenThereIs() {
        int[] attempts = new int[1];
        parts.add(() -> {
            attempts[0]++;
            if (attempts[0] < 3) {
                throw new OutOfMemoryError("for a test");
            }
            closed.add("first");
        });
        parts.add(() -> closed.add("second"));
        Unwinding.closeAll(parts);
        assertThat(closed).containsExactly("first", "second");
        assertThat(attempts).containsExactly(3);
    }
}
