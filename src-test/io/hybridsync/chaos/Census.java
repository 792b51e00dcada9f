package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** All points of all scenes: how many accesses there are is found out by performing each scene once, without a death. */
final class Census {

    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final List<List<Point>> points = new ArrayList<>();

    /** Performs the scenes whose names match {@code chaos.scene}. */
    Census(Theatre theatre) throws Exception {
        String some = System.getProperty("chaos.scene", ".*");
        try (Victim victim = theatre.first()) {
            for (Scene scene : Repertoire.all()) {
                if (scene.name().matches(some)) {
                    List<Point> ofScene = new Trial(scene, theatre).count(victim);
                    assertThat(ofScene).as(scene.name()).isNotEmpty();
                    sizes.put(scene.name(), ofScene.size());
                    points.add(ofScene);
                }
            }
            victim.dismiss();
        }
    }

    /** So many points: each scene in turn, its points in any order, and none of them again before all have been chosen. */
    List<Point> choice(int count, Random random) {
        List<Point> choice = new ArrayList<>();
        while (choice.size() < count) {
            choice.addAll(all(random));
        }
        return choice.subList(0, count);
    }

    private List<Point> all(Random random) {
        List<List<Point>> scenes = new ArrayList<>();
        points.forEach(ofScene -> scenes.add(new ArrayList<>(ofScene)));
        scenes.forEach(ofScene -> Collections.shuffle(ofScene, random));
        Collections.shuffle(scenes, random);
        List<Point> all = new ArrayList<>();
        for (int i = 0; all.size() < size(); i++) {
            for (List<Point> ofScene : scenes) {
                if (i < ofScene.size()) {
                    all.add(ofScene.get(i));
                }
            }
        }
        return all;
    }

    private int size() {
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        return "%d points of %d scenes: %s".formatted(size(), sizes.size(), sizes);
    }
}
