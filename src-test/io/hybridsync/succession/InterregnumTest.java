package io.hybridsync.succession;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.model.Mutant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of brokers and clients that are killed at any step, on the shipped classes. A failure names its seed;
 * {@code -Dhybridsync.model.seed=} runs that one again, with every theme, and tells each step.
 * {@code -Dhybridsync.model.runs=} makes it longer.
 */
@ExtendWith(Quiet.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class InterregnumTest {

    private static final int RUNS = Integer.getInteger("hybridsync.model.runs", 840);

    @ParameterizedTest
    @EnumSource
    void whoeverDiesNothingIsLostAndNobodyHangs(Theme theme) {
        Long only = Long.getLong("hybridsync.model.seed");
        if (only == null) {
            requireNotIdle(chronicle(theme, 0, RUNS));
        } else {
            assertThat(chronicle(theme, only, only + 1).steps).isPositive();
        }
    }

    private static void requireNotIdle(Chronicle chronicle) {
        assertThat(List.of(chronicle.brokersKilled, chronicle.clientsKilled, chronicle.sleeps + chronicle.grants))
                .as("%s", chronicle)
                .allMatch(count -> count > RUNS / 5);
        assertThat(chronicle.heirsKilled).as("%s", chronicle).isGreaterThan(RUNS / 20);
    }

    @Test
    void wordsMoveAndAreGranted() {
        Chronicle chronicle = chronicle(Theme.EVERYTHING, 0, 300);
        assertThat(List.of(chronicle.sleeps, chronicle.moves, chronicle.grants)).as("%s", chronicle).allMatch(count -> count > 100);
    }

    @Test
    void whoHasNothingToLoseGoesOnAsANewClient() {
        Chronicle chronicle = chronicle(Theme.OUTCASTS, 0, 300);
        assertThat(List.of(chronicle.lost, chronicle.anew)).as("%s", chronicle).allMatch(count -> count > 3);
    }

    /** Also where all classes are others: no order depends on where an object happens to be. */
    @ParameterizedTest
    @EnumSource
    void aSeedMakesTheSameRunAgain(Theme theme) {
        LongFunction<List<String>> others = new Mutant(List.of()).simulation(Interregnum.class, theme.name());
        for (long seed = 0; seed < 10; seed++) {
            long steps = chronicle(theme, seed, seed + 1).steps;
            assertThat(others.apply(seed)).isEmpty();
            assertThat(chronicle(theme, seed, seed + 1).steps).as("seed %d", seed).isEqualTo(steps);
        }
    }

    private static Chronicle chronicle(Theme theme, long first, long end) {
        Interregnum simulation = new Interregnum(theme.name());
        for (long seed = first; seed < end; seed++) {
            assertThat(simulation.apply(seed)).as("%s, -Dhybridsync.model.seed=%d", theme, seed).isEmpty();
        }
        return simulation.chronicle();
    }
}
