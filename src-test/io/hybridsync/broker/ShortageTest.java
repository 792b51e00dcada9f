package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a broker does whose heap is full. */
class ShortageTest {

    private final OutOfMemoryError made = new OutOfMemoryError("for a test");
    private final List<String> log = new ArrayList<>();
    private int failures;
    private final Shortage shortage = new Shortage(this::write);

    private void write(String text) {
        if (failures-- > 0) {
            throw made;
        }
        log.add(text);
    }

    @Test
    void itIsToldIfThereIsRoom() {
        assertThat(shortage.hasOccurred()).isFalse();
        shortage.occurred();
        assertThat(shortage.hasOccurred()).isTrue();
        assertThat(log).isEmpty();
        shortage.tell();
        assertThat(log).singleElement().asString().contains("-Xmx");
    }

    @Test
    void whatCannotBeToldIsNot() {
        failures = 1;
        shortage.tell();
        assertThat(log).isEmpty();
        assertThat(shortage.hasOccurred()).isTrue();
    }

    /** The seat is free for the next broker, however often that fails. */
    @Test
    void everythingIsClosedInItsOrderAsSoonAsThereIsRoom() {
        failures = 100;
        shortage.close(() -> write("connections"), () -> write("seat"));
        assertThat(log).containsExactly("connections", "seat");
    }

    @Test
    void whatFailsOtherwiseKeepsNothingFromBeingClosed() {
        RuntimeException failure = new IllegalStateException("of the test");
        AutoCloseable[] parts = {
            () -> {
                throw failure;
            },
            () -> write("seat"),
            () -> {
                throw new IllegalArgumentException("later");
            }
        };
        assertThatThrownBy(() -> shortage.close(parts)).isSameAs(failure);
        assertThat(log).containsExactly("seat");
    }

    @Test
    void whatCannotBeUsedAnyMoreKeepsNothingFromBeingClosed() {
        Error failure = new NoClassDefFoundError("of the test");
        AutoCloseable broken = () -> {
            throw failure;
        };
        assertThatThrownBy(() -> shortage.close(broken, () -> write("seat"))).isSameAs(failure);
        assertThat(log).containsExactly("seat");
    }
}
