package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a broker stops waiting for what clients hand over. */
class HandOverTimeTest {

    private static final long SECOND = 1_000_000_000;
    private static final long BEGIN = -2 * SECOND;
    private static final int VERY_MANY = 10_000_000;

    private final HandOverTime time = new HandOverTime(BEGIN, 5 * SECOND);

    @Test
    void whoSaysNothingIsWaitedForSoLong() {
        assertThat(time.isOver(BEGIN + 5 * SECOND - 1, 0)).isFalse();
        assertThat(time.isOver(BEGIN + 5 * SECOND, 0)).isTrue();
    }

    @Test
    void whoIsHeardHasMoreTimeByHowMuchHeSays() {
        assertThat(time.isOver(BEGIN + 5 * SECOND, 8000)).isFalse();
        assertThat(time.isOver(BEGIN + 7 * SECOND - 1, 8000)).isFalse();
        assertThat(time.isOver(BEGIN + 7 * SECOND, 8000)).isTrue();
        assertThat(time.isOver(BEGIN + 7 * SECOND, 12_000)).isFalse();
    }

    @Test
    void whoHasSaidMuchAndSaysNothingMoreIsNotWaitedForAnyLonger() {
        assertThat(time.isOver(BEGIN + SECOND, 100_000)).isFalse();
        assertThat(time.isOver(BEGIN + 6 * SECOND - 1, 100_000)).isFalse();
        assertThat(time.isOver(BEGIN + 6 * SECOND, 100_000)).isTrue();
    }

    @Test
    void noOneHasMoreThanAMinuteMore() {
        assertThat(time.isOver(BEGIN + 65 * SECOND - 1, VERY_MANY)).isFalse();
        assertThat(time.isOver(BEGIN + 65 * SECOND, VERY_MANY + 1)).isTrue();
    }
}
