package io.hybridsync.succession;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of brokers and clients that are killed at any step, on the shipped classes. A failure names its seed;
 * {@code -Dhybridsync.model.seed=} runs that one again, with every theme, and tells each step.
 * {@code -Dhybridsync.model.runs=} makes it longer.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InterregnumTest {

    private static final int RUNS = Integer.getInteger("hybridsync.model.runs", 1500);

    @ParameterizedTest
    @EnumSource
    void whoeverDiesNothingIsLostAndNobodyHangs(Theme theme) {
        if (System.getProperty("hybridsync.theme") != null && !theme.name().equals(System.getProperty("hybridsync.theme"))) { return; }
        Interregnum simulation = new Interregnum(theme.name());
        Long only = Long.getLong("hybridsync.model.seed");
        long first = only == null ? 0 : only;
        long end = only == null ? RUNS : only + 1;
        for (long seed = first; seed < end; seed++) {
            assertThat(simulation.apply(seed)).as("%s, -Dhybridsync.model.seed=%d", theme, seed).isEmpty();
        }
        System.out.println(theme + ": " + simulation.chronicle());
    }
}
