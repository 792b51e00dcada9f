package io.hybridsync.chaos;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All scenes. */
final class Repertoire {

    private static final List<Scene> ALL = Stream.of(
                    SemaphoreScenes.all(),
                    LeaseScenes.all(),
                    CorruptionScenes.all(),
                    RepairScene.all(),
                    MutexScenes.all(),
                    EventScenes.all(),
                    ManyScenes.all(),
                    ConditionScene.all(),
                    OpenScenes.all())
            .flatMap(List::stream)
            .map(Scene.class::cast)
            .toList();
    private static final Map<String, Scene> BY_NAME = ALL.stream().collect(Collectors.toMap(Scene::name, Function.identity()));

    private Repertoire() {}

    static List<Scene> all() {
        return ALL;
    }

    static Scene scene(String name) {
        Scene scene = BY_NAME.get(name);
        if (scene == null) {
            throw new IllegalArgumentException("no scene " + name);
        }
        return scene;
    }
}
