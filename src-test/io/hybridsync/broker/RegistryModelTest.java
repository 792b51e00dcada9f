package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * The registry against a model that is nothing but sets: random clients ask random things, come, leave and die. After
 * every step the answer is the model's, and the whole state is compared.
 */
class RegistryModelTest {

    private static final int STEPS = 300;
    private static final int HANDLES = 6;
    private static final int CREATED = 4;
    private static final List<Mode> MODES = List.of(Mode.values());

    /** An object as the model knows it. */
    private record Known(String name, Spec spec, Token token, long creator, Set<Long> openers) {}

    private final Bench bench =
            new Bench(Options.defaults().withQuotas(100, CREATED, HANDLES, 1 << 20, 1 << 20));
    private final Map<Long, Known> model = new TreeMap<>();
    private final List<Long> clients = new ArrayList<>();

    @Property(tries = 150)
    void everyAnswerIsTheModels(@ForAll long seed) {
        RegistryModelTest run = new RegistryModelTest();
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            run.step(random);
            run.compare();
        }
        new ArrayList<>(run.clients).forEach(run::end);
        run.compare();
        assertThat(run.bench.registry.isEmpty()).isTrue();
        assertThat(run.bench.budget.left()).isEqualTo(1 << 20);
    }

    private void step(Random random) {
        if (clients.isEmpty() || (clients.size() < 6 && random.nextInt(20) == 0)) {
            clients.add(bench.client());
            return;
        }
        long client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(40)) {
            case 0 -> end(client);
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> close(client, random);
            case 13, 14, 15, 16, 17, 18 -> openToken(client, kind(random), random);
            default -> open(client, kind(random), random);
        }
    }

    private static Kind kind(Random random) {
        return random.nextInt(4) == 0 ? Kind.EVENT : Kind.SEMAPHORE;
    }

    private void end(long client) {
        bench.kill(client);
        clients.remove(client);
        List.copyOf(model.keySet()).forEach(object -> leave(client, object));
    }

    private void leave(long client, long object) {
        Set<Long> openers = known(object).openers();
        openers.remove(client);
        if (openers.isEmpty()) {
            model.remove(object);
        }
    }

    private void close(long client, Random random) {
        long object = anObject(random);
        Object answer = bench.close(client, object);
        if (isOpen(client, object)) {
            assertThat(answer).isInstanceOf(Message.Done.class);
            leave(client, object);
        } else {
            assertFailed(answer, Code.CLOSED);
        }
    }

    private void openToken(long client, Kind kind, Random random) {
        long object = anObject(random);
        Known known = model.get(object);
        Object answer = bench.openToken(client, kind, known == null ? new Token(9, 9) : known.token());
        if (known == null) {
            assertFailed(answer, Code.NONE);
        } else {
            assertAttached(answer, client, kind, object, known);
        }
    }

    private void open(long client, Kind kind, Random random) {
        String name = random.nextInt(5) == 0 ? "" : "name " + random.nextInt(5);
        Mode mode = name.isEmpty() ? Mode.CREATE : MODES.get(random.nextInt(3));
        Spec spec = new Spec(kind, random.nextInt(2), 1, random.nextBoolean() ? Spec.COMPACT : 0);
        Object answer = bench.open(client, mode, name, spec);
        Long existing = name.isEmpty() ? null : named(name);
        if (existing == null && mode == Mode.OPEN) {
            assertFailed(answer, Code.NONE);
        } else if (existing == null) {
            assertCreated(answer, client, name, spec);
        } else if (mode == Mode.CREATE) {
            assertFailed(answer, Code.EXISTS);
        } else {
            assertAttached(answer, client, kind, existing, known(existing));
        }
    }

    private void assertCreated(Object answer, long client, String name, Spec spec) {
        long created = model.values().stream().filter(known -> known.creator() == client).count();
        if (created >= CREATED || handles(client) >= HANDLES) {
            assertFailed(answer, Code.LIMIT);
            return;
        }
        Message.Opened opened = (Message.Opened) answer;
        assertThat(opened.created()).isTrue();
        assertThat(opened.spec()).isEqualTo(spec);
        assertThat(model).doesNotContainKey(opened.object());
        model.put(opened.object(), new Known(name, spec, opened.token(), client, new HashSet<>(Set.of(client))));
    }

    private void assertAttached(Object answer, long client, Kind kind, long object, Known known) {
        if (known.spec().kind() != kind) {
            assertFailed(answer, Code.KIND);
        } else if (!isOpen(client, object) && handles(client) >= HANDLES) {
            assertFailed(answer, Code.LIMIT);
        } else {
            Message.Opened opened = (Message.Opened) answer;
            assertThat(opened.object()).isEqualTo(object);
            assertThat(opened.created()).isFalse();
            assertThat(opened.spec()).isEqualTo(known.spec());
            assertThat(opened.token()).isEqualTo(known.token());
            known.openers().add(client);
        }
    }

    /** Reads the whole state back. */
    private void compare() {
        assertThat(bench.registry.objects()).isEqualTo(model.size());
        assertThat(bench.registry.slots()).isEqualTo(model.size());
        if (clients.isEmpty()) {
            return;
        }
        List<Entry> entries = bench.list(clients.get(0), 0).entries();
        assertThat(entries).extracting(Entry::object).containsExactlyElementsOf(model.keySet());
        assertThat(entries).extracting(Entry::location).doesNotHaveDuplicates();
        for (Entry entry : entries) {
            Known known = known(entry.object());
            assertThat(entry.name()).isEqualTo(known.name());
            assertThat(entry.spec()).isEqualTo(known.spec());
            assertThat(entry.hashValid()).isTrue();
            assertThat(entry.value()).isEqualTo(known.spec().initialData());
            assertThat(entry.group())
                    .containsExactlyElementsOf(known.openers().stream().map(bench::id).sorted().toList());
        }
    }

    private Known known(long object) {
        return Objects.requireNonNull(model.get(object));
    }

    /** Any object that exists, or none. */
    private long anObject(Random random) {
        List<Long> ids = List.copyOf(model.keySet());
        return ids.isEmpty() || random.nextInt(10) == 0 ? 1 : ids.get(random.nextInt(ids.size()));
    }

    private @Nullable Long named(String name) {
        return model.entrySet().stream()
                .filter(known -> known.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .findAny()
                .orElse(null);
    }

    private boolean isOpen(long client, long object) {
        return model.containsKey(object) && known(object).openers().contains(client);
    }

    private long handles(long client) {
        return model.values().stream().filter(known -> known.openers().contains(client)).count();
    }

    private static void assertFailed(Object answer, Code code) {
        assertThat(answer).isInstanceOfSatisfying(Message.Failed.class, failed ->
                assertThat(failed.code()).isEqualTo(code));
    }
}
