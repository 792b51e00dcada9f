package io.hybridsync.integrity;

import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes are killed: between two operations, and in the middle of one. Of an operation that nobody has seen the end of
 * it is not known whether it took place; everything else is as it was, but for the mutexes that the dead owned.
 */
final class Killings {

    private static final int LONGEST_LIFE_NANOS = 2_000_000;

    private final Scene scene;
    private final Sabotage sabotage;
    private final Random random;
    private final int processes;
    private Guest next;
    private long kills;

    Killings(Scene scene, Sabotage sabotage, int processes) {
        this.scene = scene;
        this.sabotage = sabotage;
        this.random = scene.random();
        this.processes = processes;
        for (int i = 0; i < processes; i++) {
            scene.guests().add(scene.newGuest());
        }
        next = scene.newGuest();
    }

    long kills() {
        return kills;
    }

    /** Kills one of them; another one takes its place. */
    void kill() {
        Guest guest = scene.guests().remove(random.nextInt(processes));
        List<Subject> hit = scene.all(subject -> subject.holders().contains(guest));
        List<Subject> unknown = scene.all(subject -> !subject.holders().contains(guest));
        switch (random.nextInt(4)) {
            case 0 -> begin(guest, "hammer ", hit);
            case 1 -> begin(guest, "close ", hit);
            case 2 -> begin(guest, "open ", unknown);
            default -> {}
        }
        guest.kill();
        guest.close();
        kills++;
        scene.awaitEnd(guest.life());
        sabotage.left(guest);
        scene.sound().forEach(subject -> settle(guest, subject));
        scene.guests().add(next);
        next = scene.newGuest();
    }

    private void begin(Guest guest, String what, List<Subject> subjects) {
        if (!subjects.isEmpty()) {
            Subject subject = subjects.getFirst();
            String open = what.equals("open ") ? " %s %d".formatted(subject.thing(), subject.value()) : "";
            guest.tell(what + subject.name() + open);
            LockSupport.parkNanos(random.nextInt(LONGEST_LIFE_NANOS));
        }
    }

    /** Finds out how the dead left an object. */
    private void settle(Guest dead, Subject subject) {
        boolean mayHaveChanged = subject.holders().contains(dead);
        subject.leave(dead);
        if (mayHaveChanged) {
            switch (subject.thing()) {
                case SEMAPHORE -> settleSemaphore(subject);
                case MUTEX -> settleMutex(subject);
                case AUTO, MANUAL ->
                    subject.adopt(subject.witness().ask(Verb.ASK, subject, 0).equals("true") ? 1 : 0);
            }
        }
        scene.callRoll(subject);
    }

    /** One permit may have gone with the dead. */
    private static void settleSemaphore(Subject subject) {
        int found = Integer.parseInt(subject.witness().ask(Verb.COUNT, subject, 0));
        if (found != subject.value() && found != subject.value() - 1) {
            throw new IllegalStateException("%d permits after a death: %s".formatted(found, subject));
        }
        subject.adopt(found);
    }

    /** If nobody owned it, it is as it was or abandoned. */
    private static void settleMutex(Subject subject) {
        if (subject.isFree()) {
            String recovered = subject.witness().ask(Verb.RECOVER, subject, 0);
            if (recovered.equals("true")) {
                subject.witness().ask(Verb.UNLOCK, subject, 0);
            }
        }
    }

    /** Ends them all. */
    void end() {
        next.close();
    }
}
