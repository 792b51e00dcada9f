package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.AUTO;
import static io.hybridsync.broker.WaitBench.MANUAL;
import static io.hybridsync.broker.WaitBench.MUTEX;
import static io.hybridsync.broker.WaitBench.SEMAPHORE;
import static io.hybridsync.broker.WaitBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.EventRule;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Waits against a model that is nothing but values and a list: random clients wait, operate, withdraw, close, are expelled
 * and die. What the answers say is applied to the values of the model; after every step these are those of the words, each
 * wait has been answered at most once, and none is left that could be satisfied.
 */
class WaitsModelTest {

    private static final int STEPS = 200;
    private static final int WAITS_OF_CLIENT = 8;

    /** Pulses and resets are left out of all-of-many: to whom they count there is told by examples. */
    @SuppressWarnings("ImmutableEnumChecker")
    private enum Thing {
        SHARED(SEMAPHORE, 0),
        GLOBAL(SEMAPHORE, Spec.GLOBAL),
        OWN(SEMAPHORE, Spec.BROKER_ONLY),
        FAIR(SEMAPHORE, Spec.FAIR),
        LOCK(MUTEX, 0),
        GLOBAL_LOCK(MUTEX, Spec.GLOBAL),
        FAIR_LOCK(MUTEX, Spec.FAIR),
        EVENT(AUTO, 0),
        PULSED(MANUAL, 0),
        PULSED_AUTO(AUTO, Spec.BROKER_ONLY);

        final Spec spec;

        Thing(Spec spec, int attributes) {
            this.spec = with(spec, attributes);
        }

        boolean isPulsed() {
            return this == PULSED || this == PULSED_AUTO;
        }

        boolean isFair() {
            return spec.has(Spec.FAIR);
        }

        boolean isAtBroker() {
            return spec.has(Spec.FAIR) || spec.has(Spec.BROKER_ONLY);
        }
    }

    private record Part(Thing thing, Rule rule, int argument) {}

    private record Waiting(long client, int order, boolean all, List<Part> parts, @Nullable Part alert) {

        Set<Thing> things() {
            Set<Thing> things = new LinkedHashSet<>(parts.stream().map(Part::thing).toList());
            if (alert != null) {
                things.add(alert.thing());
            }
            return things;
        }

        boolean isSingleAt(Thing thing) {
            return parts.size() == 1 && parts.getFirst().thing() == thing;
        }
    }

    private final WaitBench bench = new WaitBench(Options.defaults().withWaits(WAITS_OF_CLIENT));
    private final long budget = bench.bench.budget.left();
    private final long anchor = bench.client();
    private final Map<Thing, Long> ids = new HashMap<>();
    private final Map<Thing, Integer> values = new HashMap<>();
    private final Map<Long, Set<Thing>> open = new LinkedHashMap<>();
    private final Map<Long, Set<Thing>> untold = new LinkedHashMap<>();
    private final Map<Integer, Waiting> waits = new LinkedHashMap<>();
    private final Set<Integer> answered = new LinkedHashSet<>();

    @Property(tries = 150)
    void everyAnswerIsPermittedAndNoneIsMissing(@ForAll long seed) {
        WaitsModelTest run = new WaitsModelTest();
        run.begin();
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            run.step(random);
            run.compare();
        }
        run.end();
    }

    private void begin() {
        for (Thing thing : Thing.values()) {
            ids.put(thing, bench.create(anchor, thing.name(), thing.spec));
            values.put(thing, 0);
        }
        open.put(anchor, new LinkedHashSet<>(List.of(Thing.values())));
        bench.answers(anchor);
    }

    private void end() {
        for (long client : List.copyOf(open.keySet())) {
            kill(client);
            drain();
        }
        bench.bench.expelled.forEach(bench.bench.registry::died);
        assertThat(waits).isEmpty();
        assertThat(bench.bench.budget.left()).isEqualTo(budget);
        assertThat(bench.bench.registry.objects() + bench.bench.registry.slots()).isZero();
    }

    private void step(Random random) {
        List<Long> clients = List.copyOf(open.keySet());
        long client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(40)) {
            case 0 -> come();
            case 1 -> leave(client, random.nextBoolean());
            case 2, 3 -> close(client, thing(client, random));
            case 4, 5, 6 -> openAgain(client, random);
            case 7, 8, 9 -> withdraw(random);
            case 10, 11, 12, 13, 14, 15, 16, 17, 18 -> await(client, random);
            case 19, 20, 21, 22, 23, 24, 25, 26 -> tell(random);
            default -> operate(client, thing(client, random), random);
        }
        drain();
    }

    private void come() {
        if (open.size() < 5) {
            long client = bench.client();
            open.put(client, new LinkedHashSet<>());
            for (Thing thing : Thing.values()) {
                bench.open(client, Mode.OPEN, thing.name(), thing.spec, false);
                open(client).add(thing);
            }
        }
    }

    private void leave(long client, boolean dead) {
        if (client == anchor) {
            return;
        }
        if (dead) {
            kill(client);
        } else {
            drain();
            int id = bench.id(client);
            forget(client, id);
            bench.bench.registry.expel(client, "for a test");
            bench.bench.settle();
        }
    }

    private void kill(long client) {
        forget(client, bench.id(client));
        bench.bench.kill(client);
    }

    private void forget(long client, int id) {
        waits.values().removeIf(wait -> wait.client() == client);
        open.remove(client);
        untold.remove(client);
        List.of(Thing.values()).forEach(thing -> abandon(thing, id));
    }

    private void abandon(Thing thing, int id) {
        if (thing.spec.kind() == Kind.MUTEX && value(thing) == id) {
            values.put(thing, MutexRule.OWNER_DIED);
        }
    }

    private void close(long client, @Nullable Thing thing) {
        if (thing != null && client != anchor) {
            open(client).remove(thing);
            untold.computeIfPresent(client, (c, things) -> things.remove(thing) && things.isEmpty() ? null : things);
            abandon(thing, bench.id(client));
            bench.close(client, id(thing));
        }
    }

    private void openAgain(long client, Random random) {
        Thing thing = Thing.values()[random.nextInt(Thing.values().length)];
        bench.open(client, Mode.OPEN, thing.name(), thing.spec, false);
        open(client).add(thing);
    }

    private void withdraw(Random random) {
        List<Integer> numbers = List.copyOf(waits.keySet());
        if (!numbers.isEmpty()) {
            int number = numbers.get(random.nextInt(numbers.size()));
            bench.withdraw(waiting(number).client(), number);
        }
    }

    private void await(long client, Random random) {
        boolean all = random.nextInt(3) == 0;
        List<Thing> things = new ArrayList<>(open(client));
        things.removeIf(thing -> all && thing.isPulsed());
        Collections.shuffle(things, random);
        List<Part> parts = things.stream()
                .limit(1 + random.nextInt(4))
                .map(thing -> part(client, thing, random))
                .toList();
        Part alert = random.nextInt(4) == 0 && open(client).contains(Thing.PULSED)
                ? part(client, Thing.PULSED, random)
                : null;
        if (!parts.isEmpty()) {
            int number = bench.await(client, all, parts.stream().map(this::wanted).toList(),
                    alert == null ? List.of() : List.of(wanted(alert)));
            waits.put(number, new Waiting(client, number, all && parts.size() > 1, parts, alert));
        }
    }

    private Part part(long client, Thing thing, Random random) {
        return switch (thing.spec.kind()) {
            case SEMAPHORE -> new Part(thing, SemaphoreRule.ACQUIRE, random.nextInt(4));
            case MUTEX -> new Part(thing, MutexRule.locking(random.nextBoolean()), bench.id(client));
            case EVENT -> {
                Rule rule = EventRule.awaiting(thing.spec.has(Spec.AUTO_RESET));
                yield new Part(thing, rule, EventRule.generation(value(thing)));
            }
        };
    }

    /** The model knows since when it waits; the broker is told, or is to find out. */
    private Wanted wanted(Part part) {
        boolean event = part.thing().spec.kind() == Kind.EVENT;
        return new Wanted(id(part.thing()), part.rule().code(), event ? EventRule.NOT_WAITING : part.argument());
    }

    private void operate(long client, @Nullable Thing thing, Random random) {
        if (thing == null) {
            return;
        }
        Part part = operation(client, thing, random);
        int next = part.rule().next(value(thing), part.argument(), thing.spec.maximum());
        if (thing.isAtBroker()) {
            long expected = next == Rule.REFUSED ? ~(long) value(thing) : value(thing);
            assertThat(bench.operate(client, id(thing), part.rule(), part.argument())).isEqualTo(expected);
        } else if (next != Rule.REFUSED && bench.write(id(thing), part.rule(), part.argument())) {
            untold.computeIfAbsent(client, c -> new LinkedHashSet<>()).add(thing);
        }
        if (next != Rule.REFUSED) {
            values.put(thing, next);
        }
    }

    private Part operation(long client, Thing thing, Random random) {
        boolean auto = thing.spec.has(Spec.AUTO_RESET);
        return switch (thing.spec.kind()) {
            case SEMAPHORE -> random.nextInt(4) == 0
                    ? new Part(thing, SemaphoreRule.ACQUIRE, 1)
                    : new Part(thing, SemaphoreRule.RELEASE, random.nextInt(3));
            case MUTEX -> random.nextInt(4) == 0
                    ? new Part(thing, MutexRule.ADOPT, bench.id(client))
                    : new Part(thing, MutexRule.UNLOCK, bench.id(client));
            case EVENT -> switch (thing.isPulsed() ? random.nextInt(3) : 0) {
                case 0 -> new Part(thing, EventRule.setting(auto), 0);
                case 1 -> new Part(thing, EventRule.pulsing(auto), 0);
                default -> new Part(thing, EventRule.RESET, 0);
            };
        };
    }

    /** The broker hears of signals; until then it need not know. */
    private void tell(Random random) {
        for (long client : List.copyOf(untold.keySet())) {
            for (Thing thing : Objects.requireNonNull(untold.remove(client))) {
                bench.bench.say(client, new Message.Signaled(id(thing)));
                if (random.nextInt(4) == 0) {
                    bench.bench.say(client, new Message.Signaled(id(thing)));
                }
            }
        }
    }

    /** Applies what was answered. */
    private void drain() {
        List<Waiting> taken = new ArrayList<>();
        for (long client : open.keySet()) {
            for (Message.Answer answer : bench.answers(client)) {
                Waiting wait = waits.remove(answer.request());
                if (wait != null) {
                    assertThat(answered.add(answer.request())).isTrue();
                    apply(wait, answer, taken);
                } else {
                    assertThat(answered).as("answered twice").doesNotContain(answer.request());
                }
            }
        }
        taken.forEach(this::assertInTurn);
    }

    private void apply(Waiting wait, Message.Answer answer, List<Waiting> taken) {
        if (answer instanceof Message.Awaited awaited) {
            switch (awaited.outcome()) {
                case TAKEN -> {
                    List<Part> parts = wait.all() ? wait.parts() : List.of(wait.parts().get(awaited.index()));
                    List<Integer> abandoned = new ArrayList<>();
                    for (Part part : parts) {
                        if (take(part)) {
                            abandoned.add(wait.parts().indexOf(part));
                        }
                    }
                    assertThat(awaited.abandoned()).isEqualTo(abandoned);
                    taken.add(wait);
                }
                case ALERTED -> take(Objects.requireNonNull(wait.alert()));
                case ENDED -> assertThat(wait.parts().get(awaited.index()).rule()).isEqualTo(MutexRule.LOCK);
                case WITHDRAWN -> {}
            }
        } else {
            Code code = ((Message.Failed) answer).code();
            long others = waits.values().stream().filter(w -> w.client() == wait.client()).count();
            assertThat(code).isEqualTo(isOpen(wait) ? Code.LIMIT : Code.CLOSED);
            assertThat(others >= WAITS_OF_CLIENT || code == Code.CLOSED).isTrue();
        }
    }

    private boolean isOpen(Waiting wait) {
        return wait.things().stream().allMatch(open(wait.client())::contains);
    }

    /** Whether it was abandoned. */
    private boolean take(Part part) {
        int before = value(part.thing());
        int next = part.rule().next(before, part.argument(), part.thing().spec.maximum());
        assertThat(next).as("%s at %d", part, before).isNotEqualTo(Rule.REFUSED);
        values.put(part.thing(), next);
        return part.thing().spec.kind() == Kind.MUTEX && before == MutexRule.OWNER_DIED;
    }

    private void assertInTurn(Waiting taken) {
        Thing thing = taken.parts().getFirst().thing();
        if (taken.isSingleAt(thing) && thing.isFair()) {
            assertThat(waits.values()).noneMatch(wait -> wait.isSingleAt(thing) && wait.order() < taken.order());
        }
    }

    private void compare() {
        for (Thing thing : Thing.values()) {
            assertThat(bench.value(id(thing))).as(thing.name()).isEqualTo(value(thing));
        }
        waits.values().forEach(wait -> assertThat(isOpen(wait)).as("%s", wait).isTrue());
        assertSubscribed();
        if (untold.isEmpty()) {
            waits.values().forEach(wait -> assertThat(isSatisfied(wait)).as("%s at %s", wait, values).isFalse());
        }
    }

    private void assertSubscribed() {
        Set<Thing> must = new LinkedHashSet<>();
        Set<Thing> may = new LinkedHashSet<>();
        for (Waiting wait : waits.values()) {
            List<Thing> objects = wait.parts().stream().map(Part::thing).toList();
            (wait.all() ? may : must).addAll(objects);
            if (wait.alert() != null) {
                must.add(wait.alert().thing());
            }
            assertThat(objects).as("%s", wait).anyMatch(thing -> bench.isSubscribed(id(thing)));
        }
        for (Thing thing : Thing.values()) {
            boolean subscribed = bench.isSubscribed(id(thing));
            assertThat(subscribed).as(thing.name()).isIn(must.contains(thing), must.contains(thing) || may.contains(thing));
        }
    }

    private boolean isSatisfied(Waiting wait) {
        boolean objects = wait.all()
                ? wait.parts().stream().allMatch(part -> isThere(wait, part))
                : wait.parts().stream().anyMatch(part -> isThere(wait, part));
        return objects || (wait.alert() != null && isThere(wait, wait.alert()));
    }

    private boolean isThere(Waiting wait, Part part) {
        boolean blocked = part.thing().isFair()
                && waits.values().stream().anyMatch(w -> w.isSingleAt(part.thing()) && w.order() < wait.order());
        int value = value(part.thing());
        return !blocked
                && (part.rule().next(value, part.argument(), part.thing().spec.maximum()) != Rule.REFUSED
                        || part.rule().endsWait(value));
    }

    private @Nullable Thing thing(long client, Random random) {
        List<Thing> things = List.copyOf(open(client));
        return things.isEmpty() ? null : things.get(random.nextInt(things.size()));
    }

    private Set<Thing> open(long client) {
        return Objects.requireNonNull(open.get(client));
    }

    private Waiting waiting(int number) {
        return Objects.requireNonNull(waits.get(number));
    }

    private long id(Thing thing) {
        return Objects.requireNonNull(ids.get(thing));
    }

    private int value(Thing thing) {
        return Objects.requireNonNull(values.get(thing));
    }
}
