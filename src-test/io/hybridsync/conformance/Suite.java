package io.hybridsync.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;

/** All scenarios, in every place where they are at home. */
final class Suite {

    private static final List<Scenario> SCENARIOS = Stream.of(
                    SemaphoreScenarios.all(),
                    MutexScenarios.all(),
                    EventScenarios.all(),
                    ConditionScenarios.all(),
                    AnyScenarios.all(),
                    AllScenarios.all(),
                    SignalAndAwaitScenarios.all(),
                    HandleScenarios.all(),
                    FairScenarios.all())
            .flatMap(List::stream)
            .toList();

    private Suite() {}

    /** All that both parties survive; one container for each place. */
    static List<DynamicNode> tests(String where, Threads kind, Party first, Party second) {
        Casting casting = Casting.of(first, second);
        Player player = new Player();
        List<DynamicNode> places = new ArrayList<>();
        for (Place place : Place.values()) {
            String setting = title(where, kind, place);
            List<DynamicNode> tests = new ArrayList<>();
            for (Scenario scenario : SCENARIOS) {
                if (scenario.places().contains(place)) {
                    String title = setting + ": " + scenario.name();
                    tests.add(player.test(title, () -> play(scenario, new Stage(casting.setting(title, place)))));
                }
            }
            places.add(DynamicContainer.dynamicContainer(setting, tests));
        }
        return places;
    }

    private static void play(Scenario scenario, Stage stage) {
        try {
            scenario.play().accept(stage);
            stage.settle();
        } finally {
            stage.clear();
        }
        stage.expectNothingLeft();
    }

    /**
     * All in the middle of which the second party ends. What comes before is played for all of them first: it ends
     * once.
     *
     * @param end ends all second parties
     */
    static List<DynamicNode> deaths(
            String where, Function<Threads, Party> first, Function<Threads, Party> second, Runnable end) {
        Player player = new Player();
        Map<Threads, List<Act>> acts = new EnumMap<>(Threads.class);
        for (Threads kind : Threads.values()) {
            acts.put(kind, acts(where, kind));
        }
        List<DynamicNode> tests = new ArrayList<>();
        tests.add(player.test(where + ": until it ends", () -> {
            acts.forEach((kind, all) -> {
                Casting casting = Casting.of(first.apply(kind), second.apply(kind));
                all.forEach(act -> act.begin(casting));
            });
            end.run();
        }));
        acts.values().forEach(all -> all.forEach(act -> tests.add(player.test(act.title(), act::finish))));
        return tests;
    }

    private static List<Act> acts(String where, Threads kind) {
        List<Act> acts = new ArrayList<>();
        for (Place place : Place.values()) {
            for (DeathScenario scenario : DeathScenarios.all()) {
                if (scenario.places().contains(place)) {
                    acts.add(new Act(title(where, kind, place) + ": " + scenario.name(), place, scenario));
                }
            }
        }
        return acts;
    }

    private static String title(String where, Threads kind, Place place) {
        return "%s, %s threads, %s".formatted(text(place), text(kind), where);
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
