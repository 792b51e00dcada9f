package io.hybridsync.object.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Where the search for what a mutation does begins: with the seed of a schedule that has shown it before, from the file of hints
 * of its test. Whatever changes schedules may make a hint worthless. Then all seeds are tried in turn, which takes longer and
 * finds the same, and the line that the file needs is printed.
 */
public final class Seeds {

    /** From which seed on a search takes long enough for a hint. */
    private static final long LATE = 200;

    private final Properties hints = new Properties();
    private final int limit;

    /**
     * Reads the hints.
     *
     * @param test beside which they are, with its name
     * @param limit of the search
     */
    public Seeds(Class<?> test, int limit) {
        this.limit = limit;
        try (InputStream in = test.getResourceAsStream(test.getSimpleName() + ".properties")) {
            hints.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a schedule of the simulation ends in a violation of the expected kind first. */
    public boolean show(Enum<?> mutation, LongFunction<List<String>> simulation, String violation) {
        String hint = hints.getProperty(mutation.name());
        if (hint != null && shows(simulation, Long.parseLong(hint), violation)) {
            return true;
        }
        OptionalLong found = LongStream.range(0, limit)
                .filter(seed -> shows(simulation, seed, violation))
                .findFirst();
        if (found.orElse(0) >= LATE) {
            System.out.println(mutation.name() + "=" + found.getAsLong());
        }
        return found.isPresent();
    }

    private static boolean shows(LongFunction<List<String>> simulation, long seed, String violation) {
        List<String> violations = simulation.apply(seed);
        return !violations.isEmpty() && violations.getFirst().startsWith(violation);
    }
}
