package io.hybridsync.succession;

import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one kind, by seed. Made by the name of a {@link Theme}, and seen through an interface of the platform, so that it can be
 * loaded a second time, together with classes that have been broken on purpose.
 */
public final class Interregnum implements LongFunction<List<String>> {

    private final Theme theme;
    private final Chronicle chronicle = new Chronicle();

    /** @param theme its name */
    public Interregnum(String theme) {
        this.theme = Theme.valueOf(theme);
    }

    /** The run with this seed: what went wrong, or nothing. */
    @Override
    public List<String> apply(long seed) {
        @Nullable String violation = new Realm(theme, seed, chronicle).run();
        return violation == null ? List.of() : List.of(violation);
    }

    Chronicle chronicle() {
        return chronicle;
    }
}
