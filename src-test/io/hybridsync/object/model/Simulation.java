package io.hybridsync.object.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one kind, by seed. Made by a text, {@code SCENARIO FLAW...}, and seen through an interface of the platform, so that
 * it can be loaded a second time, together with classes that have been broken on purpose.
 */
public final class Simulation implements LongFunction<List<String>> {

    private final Scenario scenario;
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final Coverage coverage = new Coverage();

    /** The scenario's name, then those of the flaws, separated by blanks. */
    public Simulation(String text) {
        String[] words = text.split(" ", -1);
        scenario = Scenario.valueOf(words[0]);
        for (int i = 1; i < words.length; i++) {
            flaws.add(Flaw.valueOf(words[i]));
        }
    }

    /** The run with this seed: what went wrong, or nothing. */
    @Override
    public List<String> apply(long seed) {
        List<String> violations = new ArrayList<>();
        @Nullable String violation = new World(scenario, flaws, seed).run(coverage);
        if (violation != null) {
            violations.add(violation);
        }
        return violations;
    }

    Coverage coverage() {
        return coverage;
    }
}
