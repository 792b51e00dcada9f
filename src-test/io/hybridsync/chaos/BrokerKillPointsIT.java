package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker kills itself before or after an access that it makes while a process performs an operation and is killed
 * afterwards; sometimes its successor does, too, while it takes over. The operation comes to what it would have come to, and
 * those who live find what they would have found.
 *
 * <p>At least as many brokers die as half of the performances. The accesses of a scene are counted the first time it is its
 * turn. {@code -Dchaos.seed=N} makes the same choice again, {@code -Dchaos.brokers=N} kills so many brokers, {@code
 * -Dchaos.scene=REGEX} takes some scenes only, {@code -Dchaos.at=OWN:5:BEFORE:9} always that point.
 */
class BrokerKillPointsIT {

    private static final int BROKERS = 12;
    private static final int AT_A_TIME = 2;
    private static final int MOST_OF_A_SUCCESSOR = 150;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final Map<String, Integer> accesses = new LinkedHashMap<>();
    private long epoch;

    @AfterEach
    void nothingIsLeft() throws IOException {
        Theatre.assertNothingIsLeft(directory);
    }

    @Test
    void nobodyNoticesThatTheBrokerDies() throws Exception {
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        System.out.println("chaos.seed=" + seed);
        Random random = new Random(seed);
        int brokers = Integer.getInteger("chaos.brokers", BROKERS);
        int killed = 0;
        int tried = 0;
        try (Theatre theatre = new Theatre(directory, files, true)) {
            try (Victim victim = theatre.first()) {
                victim.dismiss();
            }
            for (int i = 0; i < AT_A_TIME; i++) {
                theatre.prepare();
            }
            long start = System.nanoTime();
            List<Scene> scenes = new ArrayList<>();
            while (killed < brokers) {
                assertThat(tried).as("performances, and only %d brokers killed", killed).isLessThan(2 * brokers);
                if (scenes.isEmpty()) {
                    scenes.addAll(chosen());
                    Collections.shuffle(scenes, random);
                }
                killed += kill(theatre, scenes.removeLast(), random);
                tried++;
            }
            System.out.printf("chaos: %d brokers killed in %d performances in %.1f s; accesses of the broker: %s%n",
                    killed, tried, (System.nanoTime() - start) / 1e9, accesses);
        }
    }

    private static List<Scene> chosen() {
        String some = System.getProperty("chaos.scene", ".*");
        return Repertoire.all().stream().filter(scene -> scene.name().matches(some)).toList();
    }

    /** How many brokers have died. */
    private int kill(Theatre theatre, Scene scene, Random random) throws Exception {
        Integer known = accesses.get(scene.name());
        int number = known == null ? perform(theatre, scene, List.of()) : known;
        accesses.put(scene.name(), number);
        assertThat(number).as("accesses of the broker").isPositive();
        List<Order> orders = new ArrayList<>();
        String at = System.getProperty("chaos.at");
        orders.add(at == null ? order(number, random) : Order.parse(at));
        if (at == null && random.nextInt(4) == 0) {
            orders.add(order(MOST_OF_A_SUCCESSOR, random));
        }
        int _ = perform(theatre, scene, orders);
        return theatre.control().deaths();
    }

    private int perform(Theatre theatre, Scene scene, List<Order> orders) throws Exception {
        theatre.prepare();
        return new Trial(scene, theatre).killBroker(theatre.next(), ++epoch, orders);
    }

    private static Order order(int accesses, Random random) {
        Order.Side side = random.nextBoolean() ? Order.Side.BEFORE : Order.Side.AFTER;
        return new Order(Order.Whose.OWN, 1 + random.nextInt(accesses), side, Order.SIGKILL);
    }
}
