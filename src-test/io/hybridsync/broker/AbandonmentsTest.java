package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.LOCKED;
import static io.hybridsync.broker.WaitBench.MUTEX;
import static io.hybridsync.broker.WaitBench.with;
import static io.hybridsync.object.MutexRule.LOCK;
import static io.hybridsync.object.MutexRule.OWNER_DIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutexes whose owner has gone: by closing, by death, by expulsion, wherever they live. */
class AbandonmentsTest {

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();

    @Test
    void itsCreatorMayOwnItFromTheStart() {
        assertThat(bench.value(bench.create(one, "m", LOCKED))).isEqualTo(bench.id(one));
        long m = bench.open(two, Mode.OPEN_OR_CREATE, "m", LOCKED, false).object();
        assertThat(bench.value(m)).as("who only opens it does not").isEqualTo(bench.id(one));
    }

    @Test
    void itIsAbandonedHoweverItsOwnerGoes() {
        for (int attributes : new int[] {0, Spec.GLOBAL, Spec.BROKER_ONLY, Spec.FAIR}) {
            for (int end = 0; end < 4; end++) {
                String name = "m" + attributes + end;
                long owner = bench.client();
                long m = bench.create(owner, name, with(LOCKED, attributes));
                bench.join(two, name, Kind.MUTEX);
                int wait = bench.any(two, WaitBench.wanted(m, LOCK, bench.id(two)));
                bench.answers(two);
                bench.bench.memory.wakes().clear();
                switch (end) {
                    case 0 -> bench.close(owner, m);
                    case 1 -> bench.bench.kill(owner);
                    case 2 -> bench.bench.registry.expel(owner, "for a test");
                    default -> bench.bench.say(owner, new Message.Leave(1));
                }
                assertThat(bench.answers(two)).contains(WaitBench.outcome(wait, WaitOutcome.ENDED, 0));
                assertThat(bench.value(m)).as(name).isEqualTo(OWNER_DIED);
                assertThat(bench.bench.memory.wakes()).anyMatch(wake -> wake.endsWith("DATA"));
            }
        }
    }

    @Test
    void whatOthersOwnStaysTheirs() {
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        bench.bench.kill(two);
        assertThat(bench.value(m)).isEqualTo(bench.id(one));
    }

    @Test
    void whoLivesKeepsItUntilTheWordHasMovedAway() {
        long three = bench.client();
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        bench.join(three, "m", Kind.MUTEX);
        bench.bench.full.add(two);
        bench.close(one, m);
        assertThat(bench.value(m)).as("a lock of its may still come").isEqualTo(bench.id(one));
        bench.bench.full.clear();
        bench.bench.registry.roomAgain();
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
    }

    @Test
    void theDeadDoNotKeepItUntilSomebodyReads() {
        long three = bench.client();
        long four = bench.client();
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        bench.join(three, "m", Kind.MUTEX);
        bench.join(four, "m", Kind.MUTEX);
        bench.bench.full.add(two);
        bench.close(three, m);
        bench.bench.kill(one);
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
        assertThat(bench.entry(m).group()).as("where it was").contains(bench.id(three));
    }

    @Test
    void whoDiesAfterClosingDoesNotKeepItEither() {
        long three = bench.client();
        long m = bench.create(one, "m", LOCKED);
        bench.join(two, "m", Kind.MUTEX);
        bench.join(three, "m", Kind.MUTEX);
        bench.bench.full.add(two);
        bench.close(one, m);
        bench.bench.kill(one);
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
    }

    @Test
    void whoOpensItNextFindsNoOwnerThatIsNotThere() {
        long m = bench.create(one, "m", with(MUTEX, Spec.GLOBAL));
        bench.join(two, "m", Kind.MUTEX);
        int id = bench.id(one);
        bench.bench.registry.expel(one, "for a test");
        Location place = bench.entry(m).location();
        bench.bench.memory.cell(place).store(Word.pack(place.base(), id, 0));
        bench.join(bench.client(), "m", Kind.MUTEX);
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
        bench.bench.memory.cell(place).store(Word.pack(place.base(), id, 0));
        int wait = bench.any(two, WaitBench.wanted(m, LOCK, bench.id(two)));
        bench.answers(two);
        bench.bench.registry.died(id);
        assertThat(bench.answers(two)).containsExactly(WaitBench.outcome(wait, WaitOutcome.ENDED, 0));
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsBusyIsAbandonedLater(boolean anybodyGoes) {
        long m = bench.create(one, "m", with(LOCKED, Spec.GLOBAL));
        bench.join(two, "m", Kind.MUTEX);
        int wait = bench.any(two, WaitBench.wanted(m, LOCK, bench.id(two)));
        bench.answers(two);
        bench.bench.memory.lose(bench.entry(m).location(), 1_000_000);
        bench.bench.kill(one);
        assertThat(bench.bench.memory.lost()).isLessThan(100_000);
        bench.bench.memory.lose(bench.entry(m).location(), 0);
        if (anybodyGoes) {
            bench.bench.registry.requireClient(bench.bench.connection());
        } else {
            bench.bench.registry.roomAgain();
        }
        assertThat(bench.answers(two)).containsExactly(WaitBench.outcome(wait, WaitOutcome.ENDED, 0));
        assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
    }

    /** Between any two looks of the broker at the word. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatIsOverwrittenMeanwhileIsCorrupted(int access) {
        long m = bench.create(one, "m", with(LOCKED, Spec.GLOBAL));
        bench.join(two, "m", Kind.MUTEX);
        Location place = bench.entry(m).location();
        bench.bench.memory.lose(place, 1_000_000);
        bench.close(one, m);
        bench.bench.memory.lose(place, 0);
        int[] accesses = new int[1];
        Cell word = bench.bench.memory.cell(place);
        bench.bench.memory.beforeAccess(() -> {
            if (++accesses[0] == access) {
                bench.bench.memory.unobserved(() -> word.store(word.load() ^ Long.MIN_VALUE));
            }
        });
        bench.bench.registry.roomAgain();
        assertThat(bench.bench.log).anyMatch(line -> line.contains("\"m\" is corrupted"));
    }

    /** Whatever has put it there: nobody would ever unlock it. */
    @Test
    void anOwnerThatDoesNotHaveItOpenIsFoundByThePatrol() {
        long three = bench.client();
        for (Spec spec : List.of(MUTEX, with(MUTEX, Spec.GLOBAL))) {
            long m = bench.create(one, "m" + spec.attributes(), spec);
            bench.join(two, "m" + spec.attributes(), Kind.MUTEX);
            Location place = bench.entry(m).location();
            bench.bench.memory.cell(place).store(Word.pack(place.base(), bench.id(two), 0));
            bench.bench.registry.patrol();
            assertThat(bench.value(m)).as("who has it open may own it").isEqualTo(bench.id(two));
            bench.bench.memory.cell(place).store(Word.pack(place.base(), bench.id(three), 0));
            int wait = bench.any(two, WaitBench.wanted(m, LOCK, bench.id(two)));
            bench.answers(two);
            bench.bench.registry.patrol();
            assertThat(bench.answers(two)).containsExactly(WaitBench.outcome(wait, WaitOutcome.ENDED, 0));
            assertThat(bench.value(m)).isEqualTo(OWNER_DIED);
            assertThat(bench.entry(m).corrupted()).isFalse();
        }
    }
}
