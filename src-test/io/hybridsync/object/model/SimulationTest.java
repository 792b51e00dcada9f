package io.hybridsync.object.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of clients and a broker on the shipped classes. A failure names its seed; {@code -Dhybridsync.model.seed=}
 * runs that one again, in every scenario, and tells each step. {@code -Dhybridsync.model.runs=} makes it longer.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SimulationTest {

    private static final int RUNS = Integer.getInteger("hybridsync.model.runs", 800);
    private static final Mutant STEPPING = stepping();

    @ParameterizedTest
    @EnumSource
    void whateverHappensTheWordIsRight(Scenario scenario) {
        run(new Simulation(scenario.name()), scenario, RUNS);
    }

    /** The shipped classes with steps put where they touch what only their own process sees. */
    @ParameterizedTest
    @EnumSource
    void alsoWhenAThreadStopsBetweenItsAccessesToWords(Scenario scenario) {
        run(STEPPING.simulation(scenario.name()), scenario, RUNS / 2);
    }

    @Test
    void theScenariosAreNotIdle() {
        Simulation simulation = new Simulation(Scenario.EVERYTHING_CORRUPT.name());
        for (long seed = 0; seed < 1_000; seed++) {
            simulation.apply(seed);
        }
        Coverage coverage = simulation.coverage();
        assertThat(List.of(coverage.sleeps, coverage.moves, coverage.kills, coverage.interrupts, coverage.condemnations))
                .as("%s", coverage)
                .allMatch(count -> count > 100);
    }

    @Test
    void wordsComeBackToWhereTheyWere() {
        Simulation simulation = new Simulation(Scenario.BACK_AND_FORTH.name());
        for (long seed = 0; seed < 500; seed++) {
            simulation.apply(seed);
        }
        Coverage coverage = simulation.coverage();
        assertThat(List.of(coverage.sleeps, coverage.returns, coverage.kills))
                .as("%s", coverage)
                .allMatch(count -> count > 50);
    }

    @Test
    void transactionsAreMadeAndRolledBack() {
        Simulation simulation = new Simulation(Scenario.ALL_OF_TWO.name());
        for (long seed = 0; seed < 1_000; seed++) {
            simulation.apply(seed);
        }
        Coverage coverage = simulation.coverage();
        assertThat(List.of(coverage.grants, coverage.rollbacks)).as("%s", coverage).allMatch(count -> count > 20);
    }

    @Test
    void leasesComeBackAndSomeOfThemLater() {
        Simulation simulation = new Simulation(Scenario.BULK_LEASES.name());
        for (long seed = 0; seed < 1_000; seed++) {
            simulation.apply(seed);
        }
        Coverage coverage = simulation.coverage();
        assertThat(List.of(coverage.settlements, coverage.unsettled)).as("%s", coverage).allMatch(count -> count > 20);
    }

    private static void run(LongFunction<List<String>> simulation, Scenario scenario, int runs) {
        Long only = Long.getLong("hybridsync.model.seed");
        long first = only == null ? 0 : only;
        long end = only == null ? runs : only + 1;
        for (long seed = first; seed < end; seed++) {
            assertThat(simulation.apply(seed)).as("%s, -Dhybridsync.model.seed=%d", scenario, seed).isEmpty();
        }
    }

    private static Mutant stepping() {
        String step = "io.hybridsync.object.model.Pause.here();";
        return new Mutant(List.of(
                around("slab/Slot", "slow.getAndIncrement();", step, step),
                around("slab/Slot", "slow.getAndDecrement();", step, step),
                around("object/Want", "if (handle.isClosed()) {\n            here.leaveSlowPath", step, ""),
                around("object/Wait", "return portion.isAt(here) ? ", step, ""),
                around("object/AnyWait", "entered.add(here);", step, step),
                around("object/Ownership", "adopted = abandoned;", step, step),
                around("object/Ownership", "owner = null;", step, step),
                around("object/Ownership", "Thread thread = owner;", step, step),
                around("object/Lease", "Barrier.light();\n                if (state == State.SOLE) {", step, step),
                around("object/Lease", "Barrier.light();\n            if (state == State.SOLE) {", step, step),
                around("object/Lease", "Barrier.heavy();\n            spare.addAndGet(idleOwn());", step, step),
                around("object/Lease", "synchronized (this) {\n            state = State.ENDED;\n        }", step, step),
                around("object/Lease", "addSpare(done ? put : putBack);", step, step),
                around("object/Portion", "idleWake = woken == 0 && !cleared;", step, ""),
                around("object/Portion", "if (!isSound(here, word) && slot == here) {", step, ""),
                around("object/Portion", "end(corruption);", step, "")));
    }

    private static Patch around(String file, String snippet, String before, String after) {
        return new Patch(file, snippet, before + snippet + after);
    }
}
