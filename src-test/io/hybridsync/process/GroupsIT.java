package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Snapshot;
import io.hybridsync.SyncDomain;
import io.hybridsync.process.SlabMappings.Mapped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that does not hold an object has no mapping of its memory: in a random history of opens and closes by several
 * JVMs, who maps what is read in /proc, and compared with who holds what. {@code -Dgroups.seed=N} gives the same history.
 */
@Timeout(120)
class GroupsIT {

    private static final String DOMAIN = "groups";
    private static final int JVMS = 6;
    private static final int OBJECTS = 12;
    private static final int STEPS = 200;
    private static final int STEPS_PER_LOOK = 5;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final List<Child> children = new ArrayList<>();
    private final Map<String, Set<Integer>> holders = new TreeMap<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void anObjectIsMappedByExactlyThoseWhoHoldIt() throws Exception {
        long seed = Long.getLong("groups.seed", System.nanoTime());
        System.out.println("groups.seed=" + seed);
        Random random = new Random(seed);
        try (SyncDomain domain =
                SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open()) {
            for (int i = 0; i < JVMS; i++) {
                children.add(Child.start(Interpreter.class, directory.toString(), DOMAIN));
            }
            children.forEach(child -> assertThat(child.hear()).isEqualTo("ready"));
            for (int step = 1; step <= STEPS; step++) {
                toggle(random.nextInt(JVMS), "object-" + random.nextInt(OBJECTS));
                if (step % STEPS_PER_LOOK == 0) {
                    awaitSettled(domain, step);
                }
            }
            closeAll();
            awaitSettled(domain, STEPS + 1);
            awaitNothingMapped();
        }
    }

    private void toggle(int child, String object) {
        Set<Integer> having = holders.computeIfAbsent(object, o -> new TreeSet<>());
        if (having.remove(child)) {
            close(child, object);
        } else {
            String expected = having.isEmpty() ? "created" : "opened";
            assertThat(children.get(child).ask("semaphore " + object + " 1 1")).isEqualTo(expected);
            having.add(child);
        }
        if (having.isEmpty()) {
            holders.remove(object);
        }
    }

    private void close(int child, String object) {
        assertThat(children.get(child).ask("close " + object)).isEqualTo("closed");
    }

    private void closeAll() {
        holders.forEach((object, having) -> having.forEach(child -> close(child, object)));
        holders.clear();
    }

    /** Moves are acknowledged some time later, so that the state is awaited; the deadline is for a failure only. */
    private void awaitSettled(SyncDomain domain, int step) throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (!mappers(domain).equals(holders) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(mappers(domain)).as("who maps what after step %d", step).isEqualTo(holders);
        Set<Mapped> all = new HashSet<>(SlabMappings.of(broker()));
        children.forEach(child -> all.addAll(SlabMappings.of(child.process().pid())));
        assertThat(all.stream().map(Mapped::id)).as("one inode for each slab").doesNotHaveDuplicates();
    }

    /** For each object the children that map its slab; a number of nobody's where the broker does not. */
    private Map<String, Set<Integer>> mappers(SyncDomain domain) {
        Set<String> brokers = slabs(broker());
        List<Set<String>> mapped = children.stream().map(child -> slabs(child.process().pid())).toList();
        Map<String, Set<Integer>> mappers = new HashMap<>();
        for (Snapshot object : domain.objects()) {
            String slab = SlabMappings.slab(object);
            Set<Integer> those = new TreeSet<>(IntStream.range(0, JVMS)
                    .filter(child -> mapped.get(child).contains(slab))
                    .boxed()
                    .toList());
            if (!brokers.contains(slab)) {
                those.add(-1);
            }
            mappers.put(object.name().orElseThrow(), those);
        }
        return mappers;
    }

    private void awaitNothingMapped() throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        for (Child child : children) {
            while (!slabs(child.process().pid()).isEmpty() && System.nanoTime() < end) {
                assertThat(child.ask("collect")).isEqualTo("collected");
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(slabs(child.process().pid())).as("mapped by one who holds nothing").isEmpty();
        }
    }

    private static Set<String> slabs(long pid) {
        return SlabMappings.of(pid).stream().map(Mapped::id).collect(Collectors.toSet());
    }

    private long broker() {
        return Residue.brokers(directory).getFirst().pid();
    }
}
