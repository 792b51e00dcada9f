package io.hybridsync.integrity;

import io.hybridsync.word.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to words where nobody should, sometimes while others wait for them, and looks whether all notice: who operates
 * next, who waits, and from then on everybody, whatever is written there afterwards. All other objects are as before.
 */
final class Sabotage {

    private static final int KEPT = 5;

    private static final Sort[] SORTS = {
        Sort.FLIP, Sort.FLIP, Sort.FLIPS, Sort.TORN, Sort.TORN, Sort.SWAPPED, Sort.COPIED, Sort.RANDOM, Sort.RANDOM,
        Sort.REPLAYED, Sort.ZEROED
    };

    private final Scene scene;
    private final Random random;
    private final Tally tally = new Tally();
    private final Deque<Subject> corrupted = new ArrayDeque<>();

    Sabotage(Scene scene) {
        this.scene = scene;
        this.random = scene.random();
    }

    Tally tally() {
        return tally;
    }

    /** What is wrong with one object. */
    private record Harm(Subject subject, List<Side> waiting, long word) {}

    /** Does it once. */
    void strike() {
        Sort sort = SORTS[random.nextInt(SORTS.length)];
        Subject first = scene.any();
        List<Subject> victims = victims(sort, first);
        List<Harm> harms = new ArrayList<>();
        List<List<Side>> waiting = victims.stream().map(subject -> waiting(sort, subject)).toList();
        List<Long> wrong = wrong(sort, victims);
        for (int i = 0; i < victims.size(); i++) {
            Subject subject = victims.get(i);
            if (wrong.get(i) != subject.spot().load()) {
                harms.add(new Harm(subject, waiting.get(i), wrong.get(i)));
            } else {
                release(subject, waiting.get(i));
            }
        }
        scene.sound().removeAll(harms.stream().map(Harm::subject).toList());
        if (sort == Sort.ZEROED) {
            first.spot().zeroPage();
        } else {
            harms.forEach(harm -> harm.subject.spot().store(harm.word));
        }
        for (Harm harm : harms) {
            if (sort == Sort.REPLAYED) {
                replayed(harm);
            } else {
                noticed(sort, harm);
            }
        }
        scene.checkAll();
    }

    private List<Subject> victims(Sort sort, Subject first) {
        return switch (sort) {
            case ZEROED -> scene.all(subject -> subject.spot().isInPageOf(first.spot()));
            case SWAPPED -> {
                List<Subject> others = scene.all(subject -> !subject.equals(first));
                yield List.of(first, others.getFirst());
            }
            default -> List.of(first);
        };
    }

    private List<Long> wrong(Sort sort, List<Subject> victims) {
        Subject first = victims.getFirst();
        return switch (sort) {
            case SWAPPED -> List.of(victims.get(1).spot().load(), first.spot().load());
            case COPIED -> List.of(scene.all(subject -> !subject.equals(first)).getFirst().spot().load());
            case REPLAYED -> List.of(first.earlier(random));
            default -> victims.stream()
                    .map(Subject::spot)
                    .map(spot -> sort.spoil(random, spot.base(), spot.load()))
                    .toList();
        };
    }

    /** Some clients wait for the object, if it may be waited for; at least one of them sleeps. */
    private List<Side> waiting(Sort sort, Subject subject) {
        List<Side> all = List.of();
        if (sort != Sort.REPLAYED && random.nextInt(3) == 0) {
            exhaust(subject);
            all = subject.holders().stream().filter(side -> !subject.isOwnedBy(side)).limit(2).toList();
            all.forEach(side -> scene.expect("waiting", side, "wait " + subject.name(), subject));
            while (!all.isEmpty() && (Word.data(subject.spot().load()) & Word.WAITERS) == 0) {
                LockSupport.parkNanos(20_000);
            }
        }
        return all;
    }

    /** Makes it not signaled. */
    private void exhaust(Subject subject) {
        Side side = scene.holder(subject);
        switch (subject.thing()) {
            case SEMAPHORE -> scene.operate(subject, side, Verb.DRAIN, 0);
            case MUTEX -> {
                if (!subject.isOwned()) {
                    scene.operate(subject, side, subject.isFree() ? Verb.LOCK : Verb.RECOVER, 0);
                }
            }
            case AUTO, MANUAL -> scene.operate(subject, side, Verb.RESET, 0);
        }
    }

    /** It was not harmed after all: lets those pass who wait. */
    private void release(Subject subject, List<Side> waiting) {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("nothing but a replay leaves a word as it is: " + subject);
        }
    }

    private void noticed(Sort sort, Harm harm) {
        Subject subject = harm.subject;
        Side side = scene.holder(subject);
        List<Verb> verbs = Verb.of(subject.thing()).stream().filter(verb -> subject.looks(side, verb)).toList();
        String answer = side.ask(verbs.get(random.nextInt(verbs.size())), subject, 1);
        boolean detected = answer.equals(Subject.CORRUPTED);
        tally.count(sort, 1, detected ? 0 : 1);
        if (detected) {
            corrupt(harm);
        } else if (subject.spot().isValid(harm.word)) {
            throw new IllegalStateException("one word in 2^28 is not detected, and 0x%016x is one, for %s: begin again with another seed"
                    .formatted(harm.word, subject));
        } else {
            throw new IllegalStateException("%s: 0x%016x is wrong, and %s answered %s".formatted(subject, harm.word, side, answer));
        }
    }

    private void corrupt(Harm harm) {
        Subject subject = harm.subject;
        for (Side side : harm.waiting) {
            scene.expect(Subject.CORRUPTED, side, "joined " + subject.name(), subject);
        }
        requireCorrupted(subject);
        if (random.nextBoolean()) {
            mend(subject);
        }
        scene.synchronize();
        scene.requireClosedToOthers(subject);
        corrupted.add(subject);
        if (corrupted.size() > KEPT) {
            Subject oldest = corrupted.remove();
            scene.retire(oldest);
        }
    }

    /** All who have it open know; the broker may know only what they have told it, for it finds nothing wrong any more. */
    private void mend(Subject subject) {
        Spot spot = subject.spot();
        spot.store(Word.pack(spot.base(), random.nextInt(2), 0));
    }

    /** Everybody knows, and nothing that is written there later changes that. */
    private void requireCorrupted(Subject subject) {
        for (Side side : subject.holders()) {
            scene.expect(Subject.CORRUPTED, side, "%s %s 1".formatted(Verb.looking(subject.thing()), subject.name()), subject);
        }
    }

    /** Clients operate on what is corrupted, too, after somebody has written to it again: a valid word, for instance. */
    void tryCorrupted() {
        if (!corrupted.isEmpty()) {
            Subject subject = corrupted.remove();
            corrupted.add(subject);
            Spot spot = subject.spot();
            int base = spot.base();
            spot.store(random.nextBoolean() ? Word.pack(base, random.nextInt(3), 0) : random.nextLong());
            requireCorrupted(subject);
            scene.requireClosedToOthers(subject);
        }
    }

    /** A valid word with another meaning: nothing hangs, and nothing happens that cannot happen to a sound object. */
    private void replayed(Harm harm) {
        Subject subject = harm.subject;
        Verb looking = Verb.looking(subject.thing());
        String expected = subject.step(subject.witness(), looking, 0);
        String found = subject.witness().ask(looking, subject, 0);
        tally.count(Sort.REPLAYED, 1, found.equals(expected) ? 1 : 0);
        for (Side side : subject.holders()) {
            for (Verb verb : Verb.of(subject.thing())) {
                requirePlausible(subject, verb, side.ask(verb, subject, 1));
            }
        }
        scene.retire(subject);
    }

    private static void requirePlausible(Subject subject, Verb verb, String answer) {
        boolean plausible = answer.matches("true|false|\\d+|given|unlocked|PermitLimitException"
                + "|IllegalMonitorStateException|AbandonedMutexException");
        if (!plausible) {
            throw new IllegalStateException("%s of a replayed word of %s: %s".formatted(verb, subject, answer));
        }
    }

    /** Under a client in another process that operates as fast as it can. */
    void strikeUnder(Guest guest, Subject subject) {
        guest.tell("hammer " + subject.name());
        LockSupport.parkNanos(random.nextInt(2_000_000));
        Spot spot = subject.spot();
        Sort sort = random.nextBoolean() ? Sort.FLIP : Sort.RANDOM;
        scene.sound().remove(subject);
        long wrong = sort.spoil(random, spot.base(), spot.load());
        spot.store(wrong);
        if (spot.isValid(wrong)) {
            throw new IllegalStateException("one word in 2^28 is not detected, and this is one; begin with another seed");
        }
        String answer = guest.hear();
        tally.count(sort, 1, 0);
        if (!answer.equals(Subject.CORRUPTED)) {
            throw new IllegalStateException("%s was corrupted under %s, which ended by %s".formatted(subject, guest, answer));
        }
        corrupt(new Harm(subject, List.of(), wrong));
        scene.checkAll();
    }

    /** Somebody has gone. */
    void left(Side side) {
        corrupted.forEach(subject -> subject.holders().remove(side));
    }

    /** Closes what is left. */
    void end() {
        corrupted.forEach(scene::retire);
        corrupted.clear();
    }
}
