package io.hybridsync.conformance;

import org.jspecify.annotations.Nullable;

/** One scenario whose second party ends, in one place: played in two parts, for all end at once. */
final class Act {

    private final String title;
    private final Place place;
    private final DeathScenario scenario;
    private @Nullable Stage stage;
    private @Nullable Throwable failure = new IllegalStateException("what comes before has failed");

    Act(String title, Place place, DeathScenario scenario) {
        this.title = title;
        this.place = place;
        this.scenario = scenario;
    }

    String title() {
        return title;
    }

    /** What comes before the end. A failure is told by {@link #finish}. */
    void begin(Casting casting) {
        Stage here = new Stage(casting.setting(title, place));
        stage = here;
        try {
            scenario.before().accept(here);
            here.secondWillEnd();
            failure = null;
        } catch (AssertionError e) {
            failure = e;
        }
    }

    /** What comes after the end. */
    void finish() throws Throwable {
        Stage here = stage;
        if (failure != null || here == null) {
            throw failure == null ? new IllegalStateException() : failure;
        }
        try {
            scenario.after().accept(here);
            here.settle();
        } finally {
            here.clear();
        }
        here.expectNothingLeft();
    }
}
