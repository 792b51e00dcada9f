package io.hybridsync.succession;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.model.Mutant;
import io.hybridsync.object.model.Seeds;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every step of a take-over is there for a reason: without it the simulation finds a counter-example of the expected kind. */
@ExtendWith(Quiet.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UsurpationTest {

    private static final int SEEDS = 30_000;
    private static final Seeds SEARCH = new Seeds(UsurpationTest.class, SEEDS);

    @ParameterizedTest
    @EnumSource
    void theSimulationFinds(Usurpation usurpation) {
        LongFunction<List<String>> simulation = new Mutant(usurpation.patches())
                .simulation(Interregnum.class, usurpation.theme().name());
        assertThat(SEARCH.show(usurpation, simulation, usurpation.violation())).as("%s, with %d seeds", usurpation, SEEDS).isTrue();
    }
}
