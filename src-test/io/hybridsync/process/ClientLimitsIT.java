package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.Snapshot;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that runs out of something: it gets an exception of the library's own, nothing is left half made, what it and the
 * others have open works, and all else does when there is enough again.
 *
 * <p>The JVM itself must not need what is short: it runs from the jar, has loaded all classes and done everything once, does
 * not compile, and has its whole heap.
 */
@Timeout(120)
class ClientLimitsIT {

    private static final String DOMAIN = "limits";
    private static final List<String> FRUGAL = List.of("-Xint", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
    private static final int SLOT_BYTES = 64;
    private static final int SLAB_BYTES = 256 << 10;

    @TempDir
    Path directory;

    private SyncDomain ours;
    private SyncDomain theirs;
    private HybridSemaphore far;
    private Child child;
    private long pid;

    @BeforeEach
    void begin() {
        ours = open();
        theirs = open();
        HybridSemaphore _ = ours.createSemaphore("near", SemaphoreSpec.permits(1));
        far = theirs.createSemaphore("far", SemaphoreSpec.permits(3));
        child = Child.startOn(Build.shipped(), FRUGAL, Interpreter.class, directory.toString(), DOMAIN);
        pid = child.process().pid();
        assertThat(child.hear()).isEqualTo("ready");
        for (String done : List.of("load", "visit " + DOMAIN, "open near", "objects", "open nothing")) {
            assertThat(child.ask(done)).isNotEqualTo("(end)");
        }
        assertNearWorks();
    }

    @AfterEach
    void nothingIsLeft() {
        child.close();
        ours.close();
        theirs.close();
        Residue.assertNone(directory);
    }

    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
    }

    private void assertNearWorks() {
        assertThat(child.ask("try near 1 0")).isEqualTo("true");
        assertThat(child.ask("release near 1")).isEqualTo("0");
    }

    @Test
    void withoutDescriptorsNoDomainIsOpened() {
        List<String> names = names();
        assertThat(untilItWorks("visit " + DOMAIN, "visited")).isPositive();
        assertThat(names()).isEqualTo(names);
    }

    /** Its first object needs memory. */
    @Test
    void withoutDescriptorsNoObjectIsCreated() {
        List<String> names = names();
        try (Limit _ = Limit.ofDescriptors(pid, 0)) {
            assertThat(child.ask("semaphore own 1 1")).isEqualTo("LimitExceededException");
            await(() -> names().equals(names));
        }
        assertThat(untilItWorks("semaphore own 1 1", "created")).isPositive();
        assertThat(child.ask("try own 1 0")).isEqualTo("true");
    }

    /** It moves to memory that both have, and back. */
    @Test
    void withoutDescriptorsNoObjectOfOthersIsOpened() {
        Set<Integer> group = Set.copyOf(far.snapshot().group());
        try (Limit _ = Limit.ofDescriptors(pid, 0)) {
            assertThat(child.ask("open far")).isEqualTo("LimitExceededException");
            await(() -> group.equals(Set.copyOf(far.snapshot().group())));
            assertThat(far.tryAcquire()).isTrue();
        }
        assertThat(untilItWorks("open far", "opened")).isPositive();
        assertThat(child.ask("available far")).isEqualTo("2");
    }

    /** With no descriptor, with one, and so on: how many are not enough. */
    private int untilItWorks(String request, String success) {
        Set<String> before = Limit.descriptors(pid);
        for (int more = 0; ; more++) {
            String answer;
            try (Limit _ = Limit.ofDescriptors(pid, more)) {
                answer = child.ask(request);
                assertNearWorks();
            }
            if (answer.equals(success)) {
                return more;
            }
            assertThat(answer).as("with %d descriptors", more).isEqualTo("LimitExceededException");
            // What the broker has sent is closed soon, by a thread for that.
            await(() -> before.containsAll(Limit.descriptors(pid)));
        }
    }

    /** So many objects that they fill all small slabs of the group: the next slab does not fit, but what the JVM needs does. */
    @Test
    void withoutAddressesNoObjectOfOthersIsOpened() {
        int many = 2 * SLAB_BYTES / SLOT_BYTES;
        List<HybridSemaphore> objects = IntStream.range(0, many)
                .mapToObj(i -> theirs.createSemaphore("far" + i, SemaphoreSpec.permits(1)))
                .toList();
        int next = 0;
        while (SlabMappings.largest(pid) < SLAB_BYTES / 2) {
            assertThat(child.ask("open far" + next++)).isEqualTo("opened");
        }
        Set<Integer> alone = Set.copyOf(objects.getLast().snapshot().group());
        String answer = "opened";
        try (Limit _ = Limit.ofAddresses(pid, SLAB_BYTES - SLAB_BYTES / 8)) {
            while (answer.equals("opened")) {
                answer = child.ask("open far" + next++);
            }
            assertThat(answer).isEqualTo("LimitExceededException");
            HybridSemaphore refused = objects.get(next - 1);
            await(() -> alone.equals(Set.copyOf(refused.snapshot().group())));
            assertThat(refused.tryAcquire()).isTrue();
            assertNearWorks();
        }
        assertThat(child.ask("open far" + --next)).isEqualTo("opened");
        assertThat(child.ask("available far" + next)).isEqualTo("0");
        assertThat(child.ask("available far0")).isEqualTo("1");
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Snapshot object : ours.objects()) {
            names.add(object.name().orElse("?"));
        }
        return names;
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
