package io.hybridsync.conformance;

import java.util.Set;
import java.util.function.Consumer;

/**
 * A scenario in the middle of which the second party ends: all of its threads at once, without unlocking or giving back
 * anything.
 *
 * @param after begins with {@link Stage#secondIsGone}
 */
record DeathScenario(String name, Set<Place> places, Consumer<Stage> before, Consumer<Stage> after) {

    private static final Set<Place> ANYWHERE = Set.of(Place.SHARED, Place.BROKER_ONLY, Place.GLOBAL, Place.FAIR);

    /** Of objects wherever they are, fair or not. */
    static DeathScenario anywhere(String name, Consumer<Stage> before, Consumer<Stage> after) {
        return new DeathScenario(name, ANYWHERE, before, after);
    }

    /** Of several objects, also of those in different places. */
    static DeathScenario ofSeveral(String name, Consumer<Stage> before, Consumer<Stage> after) {
        return new DeathScenario(name, Set.of(Place.values()), before, after);
    }

    /** Of fair objects. */
    static DeathScenario fair(String name, Consumer<Stage> before, Consumer<Stage> after) {
        return new DeathScenario(name, Set.of(Place.FAIR), before, after);
    }
}
