package io.hybridsync.integrity;

import io.hybridsync.BrokerMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients in this process and in others operate on a dozen objects, in a random order that the seed decides: one step after
 * the other, so that it is known what each has to answer. In between clients come and go, words are corrupted and
 * processes killed.
 *
 * <p>What may happen is that a wrong word verifies by chance. So few are planted here that it does not happen in a
 * lifetime; if it does, the run says so and ends. How often it happens is measured by the {@link Sieve}.
 */
final class Siege {

    private static final int OPERATIONS_PER_STEP = 20;
    private static final int STEPS_PER_KILL = 60;
    private static final int STEPS_PER_AMBUSH = 25;

    private final Path directory;
    private final BrokerMode mode;
    private final int processes;
    private final Random random;
    private final AtomicLong progress = new AtomicLong();
    private Tally tally = new Tally();
    private long operations;
    private long kills;

    /**
     * @param mode of the broker
     * @param processes besides this one
     */
    Siege(Path directory, BrokerMode mode, int processes, long seed) {
        this.directory = directory;
        this.mode = mode;
        this.processes = processes;
        this.random = new Random(seed);
    }

    Tally tally() {
        return tally;
    }

    long operations() {
        return operations;
    }

    long kills() {
        return kills;
    }

    /** A number that changes as long as nothing hangs. */
    long progress() {
        return progress.get();
    }

    /**
     * Runs it.
     *
     * @param goesOn asked before each step, for the first time when all processes are there
     * @throws IllegalStateException when something is not as it has to be
     */
    void run(BooleanSupplier goesOn) {
        Actor.hush();
        try (Scene scene = new Scene(directory, mode, random)) {
            Sabotage sabotage = new Sabotage(scene);
            Killings killings = processes == 0 ? null : new Killings(scene, sabotage, processes);
            try {
                scene.awaitReady();
                while (goesOn.getAsBoolean()) {
                    step(scene, sabotage, killings);
                    progress.incrementAndGet();
                }
                sabotage.end();
                scene.sound().forEach(scene::retire);
                scene.guests().forEach(Guest::end);
            } finally {
                if (killings != null) {
                    killings.end();
                    kills = killings.kills();
                }
            }
            tally = sabotage.tally();
            operations = scene.operations();
        }
    }

    private void step(Scene scene, Sabotage sabotage, @Nullable Killings killings) {
        scene.populate();
        for (int i = 0; i < OPERATIONS_PER_STEP; i++) {
            Subject subject = scene.any();
            scene.operate(subject);
            subject.remember();
        }
        switch (random.nextInt(4)) {
            case 0 -> scene.join(scene.any());
            case 1 -> scene.leave(scene.any());
            default -> {}
        }
        sabotage.strike();
        sabotage.tryCorrupted();
        scene.populate();
        if (killings != null && random.nextInt(STEPS_PER_AMBUSH) == 0) {
            ambush(scene, sabotage);
        }
        if (killings != null && random.nextInt(STEPS_PER_KILL) == 0) {
            killings.kill();
        }
    }

    /** Who owns a mutex and locks it again looks at no shared memory, so he would notice nothing. */
    private void ambush(Scene scene, Sabotage sabotage) {
        Guest guest = scene.guests().get(random.nextInt(processes));
        List<Subject> held = scene.all(subject -> subject.holders().contains(guest) && !subject.isOwnedBy(guest));
        if (!held.isEmpty()) {
            sabotage.strikeUnder(guest, held.getFirst());
        }
    }
}
