package io.hybridsync.conformance;

import java.util.Set;
import java.util.function.Consumer;

/** A few steps with a point. */
record Scenario(String name, Set<Place> places, Consumer<Stage> play) {

    private static final Set<Place> ANYWHERE = Set.of(Place.SHARED, Place.BROKER_ONLY, Place.GLOBAL);

    /** Of objects wherever they are. */
    static Scenario anywhere(String name, Consumer<Stage> play) {
        return new Scenario(name, ANYWHERE, play);
    }

    /** Of several objects, also of those in different places. */
    static Scenario ofSeveral(String name, Consumer<Stage> play) {
        return new Scenario(name, Set.of(Place.SHARED, Place.BROKER_ONLY, Place.GLOBAL, Place.MIXED), play);
    }

    /** Of objects wherever they are, fair or not. */
    static Scenario alsoFair(String name, Consumer<Stage> play) {
        return new Scenario(name, Set.of(Place.SHARED, Place.BROKER_ONLY, Place.GLOBAL, Place.FAIR), play);
    }

    /** Of fair objects. */
    static Scenario fair(String name, Consumer<Stage> play) {
        return new Scenario(name, Set.of(Place.FAIR), play);
    }
}
