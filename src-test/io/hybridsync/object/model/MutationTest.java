package io.hybridsync.object.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every rule of the word is there for a reason: without it the model finds a counter-example of the expected kind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MutationTest {

    private static final int SEEDS = 60_000;
    private static final Seeds SEARCH = new Seeds(MutationTest.class, SEEDS);

    @ParameterizedTest
    @EnumSource
    void theModelFinds(Mutation mutation) {
        LongFunction<List<String>> simulation = new Mutant(mutation.patches()).simulation(mutation.text());
        assertThat(SEARCH.show(mutation, simulation, mutation.violation())).as("%s, with %d seeds", mutation, SEEDS).isTrue();
    }
}
