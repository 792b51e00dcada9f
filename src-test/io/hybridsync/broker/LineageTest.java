package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a broker stands in the line of those that its domain has had. */
class LineageTest {

    private static final long NOW_SECONDS = 2_000_000_000;

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    /** There may have been some before whose lock file is gone. */
    @Test
    void whereNobodyHasWrittenItDownAllBeforeItMayHaveBeen() {
        try (Seat seat = Objects.requireNonNull(Seat.take(fixture.directory(), false))) {
            Lineage first = Lineage.at(seat, NOW_SECONDS);
            assertThat(first.incarnation()).isGreaterThan(1);
            assertThat(first.last()).isEqualTo(first.incarnation() - 1);
            Lineage next = Lineage.at(seat, NOW_SECONDS + 1000);
            assertThat(next.incarnation()).isEqualTo(first.incarnation() + 1000);
            assertThat(next.last()).as("there were none since").isEqualTo(first.incarnation());
            assertThat(next.heirs()).isEmpty();
            seat.clear(false);
        }
    }

    /** The first number of all is as good as any other. */
    @Test
    void theLastOneIsTakenAtItsWord() {
        try (Seat seat = Objects.requireNonNull(Seat.take(fixture.directory(), false))) {
            Lineage first = Lineage.at(seat, 0);
            assertThat(first.incarnation()).isEqualTo(1);
            assertThat(Lineage.at(seat, NOW_SECONDS).last()).isEqualTo(1);
            seat.clear(false);
        }
    }

    @Test
    void nobodyWasBeforeTheFirstOrAfterTheLast() {
        Lineage lineage = new Lineage(7, 5, List.of());
        assertThat(lineage.wasBefore(0)).isFalse();
        assertThat(lineage.wasBefore(1)).isTrue();
        assertThat(lineage.wasBefore(5)).isTrue();
        assertThat(lineage.wasBefore(6)).isFalse();
        assertThat(lineage.isOfBefore(5L << Integer.SIZE | 6)).isTrue();
        assertThat(lineage.isOfBefore(6L << Integer.SIZE | 5)).isFalse();
    }
}
