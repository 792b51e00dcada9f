package io.hybridsync.integrity;

import io.hybridsync.BrokerMode;
import io.hybridsync.Waiting;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The clients and the objects of a {@link Siege}. Whoever opens or closes an object makes it migrate; then everybody who
 * has it open operates on it once, so that its word is where this process looks for it.
 */
final class Scene implements AutoCloseable {

    private static final int OBJECTS = 12;
    private static final String DOMAIN = "integrity";

    private final Random random;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Guest> guests = new ArrayList<>();
    private final List<Subject> sound = new ArrayList<>();
    private final Deque<String> freeNames = new ArrayDeque<>();
    private final Path directory;
    private int names;
    private int lives;
    private long operations;

    Scene(Path directory, BrokerMode mode, Random random) {
        this.directory = directory;
        this.random = random;
        actors.add(new Actor(Actor.open(directory, DOMAIN, mode, Waiting.DIRECT)));
        BrokerMode next = mode == BrokerMode.IN_PROCESS ? BrokerMode.EXTERNAL : mode;
        actors.add(new Actor(Actor.open(directory, DOMAIN, next, Waiting.DIRECT)));
        actors.add(new Actor(Actor.open(directory, DOMAIN, next, Waiting.PARKED)));
    }

    Random random() {
        return random;
    }

    /** How many operations there were whose answers were checked. */
    long operations() {
        return operations;
    }

    List<Guest> guests() {
        return guests;
    }

    /** A further process; it takes some time until it can be spoken to. */
    Guest newGuest() {
        return new Guest(directory, DOMAIN, "life" + ++lives);
    }

    /** Everybody can be spoken to. */
    void awaitReady() {
        synchronize();
        guests.forEach(Guest::awaitReady);
    }

    /** The objects that have to be as the model has them. */
    List<Subject> sound() {
        return sound;
    }

    /** Any client. */
    private Side anySide() {
        int index = random.nextInt(actors.size() + guests.size());
        return index < actors.size() ? actors.get(index) : guests.get(index - actors.size());
    }

    /** Whoever has it open, local ones more often, for they are faster. */
    Side holder(Subject subject) {
        List<Side> holders = subject.holders();
        return random.nextInt(4) > 0 ? subject.witness() : holders.get(random.nextInt(holders.size()));
    }

    /** Any object. */
    Subject any() {
        return sound.get(random.nextInt(sound.size()));
    }

    /** Those that fit, in random order. */
    List<Subject> all(Predicate<Subject> fits) {
        List<Subject> all = new ArrayList<>(sound.stream().filter(fits).toList());
        Collections.shuffle(all, random);
        return all;
    }

    /** Makes new objects until there are enough. */
    void populate() {
        while (sound.size() < OBJECTS) {
            Thing[] things = Thing.values();
            Thing thing = things[random.nextInt(things.length)];
            int value = thing == Thing.SEMAPHORE ? random.nextInt(Subject.MAXIMUM) + 1 : 0;
            String name = freeNames.isEmpty() ? "object" + ++names : freeNames.remove();
            Subject subject = new Subject(name, thing, actors.get(random.nextInt(actors.size())), value);
            expect("created", subject.witness(), opening(subject), subject);
            subject.holders().add(subject.witness());
            join(subject);
            join(subject);
            sound.add(subject);
        }
    }

    private static String opening(Subject subject) {
        return "open %s %s %d".formatted(subject.name(), subject.thing(), subject.value());
    }

    /** A client opens an object that it does not have open. */
    void join(Subject subject) {
        Side side = anySide();
        if (!subject.holders().contains(side)) {
            expect("opened", side, opening(subject), subject);
            subject.holders().add(side);
            callRoll(subject);
        }
    }

    /** A client closes an object. */
    void leave(Subject subject) {
        Side side = holder(subject);
        if (!side.equals(subject.witness())) {
            String answer = subject.close(side);
            expect(answer, side, "close " + subject.name(), subject);
            callRoll(subject);
        }
    }

    /** Everybody finds it, wherever it is now. */
    void callRoll(Subject subject) {
        subject.moved();
        subject.holders().forEach(side -> operate(subject, side, Verb.looking(subject.thing()), 0));
    }

    /** Everything is as the model has it. */
    void checkAll() {
        sound.forEach(subject -> operate(subject, holder(subject), Verb.looking(subject.thing()), 0));
    }

    /** Any operation by anybody who can. */
    void operate(Subject subject) {
        List<Verb> verbs = Verb.of(subject.thing());
        operate(subject, holder(subject), verbs.get(random.nextInt(verbs.size())), random.nextInt(3));
    }

    void operate(Subject subject, Side side, Verb verb, int number) {
        String before = subject.toString();
        String expected = subject.step(side, verb, number);
        expect(expected, side, "%s %s %d".formatted(verb, subject.name(), number), before);
    }

    void expect(String expected, Side side, String line, Object what) {
        operations++;
        String answer = side.ask(line);
        if (!answer.equals(expected)) {
            throw new IllegalStateException("%s by %s: %s instead of %s; it is %s".formatted(line, side, answer, expected, what));
        }
    }

    /** Nobody may open what is corrupted, unless he has it open. */
    void requireClosedToOthers(Subject subject) {
        Side side = anySide();
        if (!subject.holders().contains(side)) {
            expect(Subject.CORRUPTED, side, opening(subject), subject);
        }
    }

    /** The broker has dealt with all that the clients have told it. */
    void synchronize() {
        actors.forEach(actor -> actor.domain().objects());
    }

    /** Waits until an object does not exist any more. */
    void awaitEnd(String name) {
        while (actors.getFirst().domain().objects().stream().anyMatch(object -> object.name().orElse("").equals(name))) {
            Thread.onSpinWait();
        }
    }

    /** Everybody closes an object; its name can be had again. */
    void retire(Subject subject) {
        for (Side side : List.copyOf(subject.holders())) {
            String answer = side.ask("close " + subject.name());
            if (!answer.equals("closed") && !answer.equals("IllegalStateException")) {
                throw new IllegalStateException("%s cannot be closed by %s: %s".formatted(subject, side, answer));
            }
        }
        freeNames.add(subject.name());
    }

    @Override
    public void close() {
        guests.forEach(Guest::close);
        actors.reversed().forEach(Actor::close);
    }
}
