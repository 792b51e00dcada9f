package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.object.Ledger;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many leased semaphores at once, and ledgers that say what is not so: counted in looks, not in time. */
class SettlingTest {

    private static final int OBJECTS = 100;
    private static final int LEDGER_BYTES = 64 << 10;
    private static final int LEDGER_ENTRIES = LEDGER_BYTES / Ledger.ENTRY_BYTES;

    /** More than a moment has pauses, and each is a look. */
    private static final int MOMENT = 500;

    private static final Spec FIVE = new Spec(Kind.SEMAPHORE, 5, 9, Spec.LEASED);

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long dying = bench.client();
    private final long honest = bench.client();
    private final long forger = bench.client();
    private final Slab truth = hand(honest);
    private final Slab forged = hand(forger);
    private List<Long> objects = List.of();
    private int accesses;

    private Slab hand(long client) {
        bench.bench.say(client, new Message.Hand(Memory.LEDGER, 1, LEDGER_BYTES));
        return bench.bench.ledgers.getLast();
    }

    private static void write(Slab ledger, int entry, long object, int held, int inflight) {
        ledger.cell(entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(object);
        ledger.cell(entry * Ledger.ENTRY_BYTES + Ledger.WORD).store((long) held << 32 | inflight);
    }

    /** The honest client holds one of each, if it holds any; the dying one has all the others. */
    private void share(boolean held) {
        objects = IntStream.range(0, OBJECTS)
                .mapToObj(i -> bench.create(dying, "s" + i, FIVE))
                .toList();
        for (int i = 0; i < OBJECTS; i++) {
            bench.join(honest, "s" + i, Kind.SEMAPHORE);
            bench.join(forger, "s" + i, Kind.SEMAPHORE);
            bench.write(objects.get(i), SemaphoreRule.ACQUIRE, 5);
            if (held) {
                write(truth, 2 * i, objects.get(i), 3, 0);
                write(truth, 2 * i + 1, objects.get(i), -2, 0);
            }
        }
    }

    /** @param entries how many of each object it writes: there have to be two */
    private void forge(int entries) {
        for (int i = 0; i < OBJECTS; i++) {
            for (int next = 0; next < entries; next++) {
                write(forged, 2 * i + next, objects.get(i), 0, 1);
            }
        }
    }

    /** One more, of which the first has all permits. */
    private long ofTwo(String name, long first, long second) {
        long object = bench.create(first, name, FIVE);
        bench.join(second, name, Kind.SEMAPHORE);
        bench.write(object, SemaphoreRule.ACQUIRE, 5);
        return object;
    }

    /** Where the second client is in the middle of an operation. */
    private long stopped(String name, long first, long second, Slab ledger) {
        long object = ofTwo(name, first, second);
        write(ledger, 0, object, 1, 1);
        write(ledger, 1, object, 0, 0);
        return object;
    }

    /** Does something when the broker has looked so often. */
    private void meanwhile(int access, Runnable step) {
        int[] looks = new int[1];
        bench.bench.memory.beforeAccess(() -> {
            if (++looks[0] == access) {
                bench.bench.memory.unobserved(step);
            }
        });
    }

    private int accesses(Runnable event) {
        accesses = 0;
        bench.bench.memory.beforeAccess(() -> accesses++);
        event.run();
        bench.bench.memory.beforeAccess(() -> {});
        return accesses;
    }

    private void assertAllHave(int value) {
        assertThat(objects).allMatch(object -> bench.value(object) == value);
    }

    private static int ofAnHonestDeath() {
        SettlingTest test = new SettlingTest();
        test.share(true);
        for (int i = 0; i < OBJECTS; i++) {
            write(test.forged, 2 * i, test.objects.get(i), 0, 0);
            write(test.forged, 2 * i + 1, test.objects.get(i), 0, 0);
        }
        int accesses = test.accesses(() -> test.bench.bench.kill(test.dying));
        test.assertAllHave(4);
        return accesses;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aForgerMakesNoEventLong(int entries) {
        int usual = ofAnHonestDeath();
        share(true);
        forge(entries);
        assertThat(accesses(() -> bench.bench.kill(dying))).isLessThan(2 * usual + MOMENT + LEDGER_ENTRIES);
        assertAllHave(0);
        for (int round = 0; round < 10; round++) {
            assertThat(bench.bench.delayed).as("one event for all of them").hasSize(1);
            assertThat(accesses(bench.bench::pass)).isLessThan(2 * usual + MOMENT + LEDGER_ENTRIES);
        }
        bench.bench.kill(forger);
        bench.bench.pass();
        assertAllHave(4);
        assertThat(bench.bench.delayed).isEmpty();
    }

    @Test
    void whatIsOverInAMomentIsSettledInTheSameEvent() {
        long s = stopped("s", dying, honest, truth);
        meanwhile(LEDGER_ENTRIES + 150, () -> write(truth, 0, s, 1, 0));
        bench.bench.kill(dying);
        assertThat(bench.value(s)).isEqualTo(4);
        assertThat(bench.bench.delayed).isEmpty();
    }

    @Test
    void whoIsStoppedIsWaitedForOnce() {
        long _ = stopped("s", dying, honest, truth);
        assertThat(accesses(() -> bench.bench.kill(dying))).isGreaterThan(LEDGER_ENTRIES + 200);
        bench.bench.rest();
        assertThat(accesses(bench.bench::pass)).isLessThan(100);
    }

    /** There was nothing left of the moment for him. */
    @Test
    void whoCouldNotBeWaitedForIsWaitedForTheNextTime() {
        long also = bench.client();
        long _ = stopped("a", dying, forger, forged);
        long b = stopped("b", also, honest, truth);
        bench.bench.kill(dying);
        assertThat(accesses(() -> bench.bench.kill(also))).isLessThan(LEDGER_ENTRIES + 100);
        bench.bench.rest();
        meanwhile(150, () -> write(truth, 0, b, 1, 0));
        bench.bench.pass();
        assertThat(bench.value(b)).isEqualTo(4);
    }

    /** As long as that leads to something it is tried soon again. */
    @Test
    void whatLeadsToNothingIsTriedMoreAndMoreSeldom() {
        long also = bench.client();
        long s = stopped("s", dying, honest, truth);
        long t = ofTwo("t", also, honest);
        bench.bench.kill(dying);
        for (int round = 0; round < 8; round++) {
            bench.bench.pass();
        }
        assertDelays(1, 2, 4, 8, 16, 32, 64, 64, 64);
        write(truth, 2, t, 1, 1);
        write(truth, 3, t, 0, 0);
        bench.bench.kill(also);
        write(truth, 2, t, 1, 0);
        bench.bench.pass();
        assertThat(bench.value(t)).isEqualTo(4);
        bench.bench.pass();
        assertDelays(1, 2);
        write(truth, 0, s, 1, 0);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(4);
        assertThat(bench.bench.delayed).isEmpty();
    }

    /** Nobody else would settle it; and others are not to wait for it. */
    @Test
    void whatFailsIsTriedAgain() {
        long s = stopped("s", dying, honest, truth);
        long t = ofTwo("t", dying, forger);
        write(forged, 0, t, 1, 1);
        write(forged, 1, t, 0, 0);
        bench.bench.kill(dying);
        for (int round = 0; round < 2; round++) {
            failOnce(bench.bench::pass);
        }
        assertDelays(1, 2, 4);
        write(truth, 0, s, 1, 0);
        write(forged, 0, t, 1, 0);
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(4);
        assertThat(bench.value(t)).isEqualTo(4);
        assertThat(bench.bench.delayed).isEmpty();
    }

    @Test
    void whatFailsTheFirstTimeIsTriedAgain() {
        long s = ofTwo("s", dying, honest);
        failOnce(() -> bench.close(dying, s));
        bench.bench.pass();
        assertThat(bench.value(s)).isEqualTo(5);
    }

    private void failOnce(Runnable event) {
        boolean[] failed = new boolean[1];
        bench.bench.memory.beforeAccess(() -> {
            if (!failed[0]) {
                failed[0] = true;
                throw new IllegalStateException("for a test");
            }
        });
        assertThatThrownBy(event::run).hasMessage("for a test");
    }

    @Test
    void whatIsGoneDelaysNothing() {
        long also = bench.client();
        long s = stopped("s", dying, honest, truth);
        bench.bench.kill(dying);
        bench.bench.pass();
        bench.close(honest, s);
        bench.bench.pass();
        assertDelays(1, 2);
        assertThat(bench.bench.delayed).isEmpty();
        long _ = stopped("t", also, forger, forged);
        bench.bench.kill(also);
        assertDelays(1);
    }

    /** Since the last time that they were. */
    private void assertDelays(long... millis) {
        assertThat(bench.bench.pauses).containsExactlyElementsOf(
                LongStream.of(millis).mapToObj(TimeUnit.MILLISECONDS::toNanos).toList());
        bench.bench.pauses.clear();
    }

    /** What is left of the moment is for others. */
    @Test
    void whoWasWaitedForInVainIsNotWaitedForAgain() {
        share(true);
        forge(2);
        bench.bench.kill(dying);
        int busy = accesses(bench.bench::pass);
        bench.bench.rest();
        assertThat(accesses(bench.bench::pass)).isEqualTo(busy);
    }

    @Test
    void othersAreWaitedForThoughAForgerIsThere() {
        share(true);
        forge(2);
        long only = ofTwo("only", dying, honest);
        write(truth, LEDGER_ENTRIES - 1, only, 2, 0);
        write(truth, LEDGER_ENTRIES - 2, only, 1, 1);
        bench.bench.kill(dying);
        bench.bench.pass();
        assertThat(bench.value(only)).isZero();
        write(truth, LEDGER_ENTRIES - 2, only, 0, 0);
        bench.bench.pass();
        assertThat(bench.value(only)).isEqualTo(3);
        assertAllHave(0);
    }

    /** What it has not named yet when it is read it may have named since: only a ledger read under the lock tells. */
    @Test
    void whoHasOperatedOnNothingIsReadOnceInAnEvent() {
        share(false);
        int most = 2 * ofAnHonestDeath() + MOMENT + 2 * LEDGER_ENTRIES;
        assertThat(accesses(() -> bench.bench.kill(dying))).isLessThan(most);
        int rounds = 0;
        while (!bench.bench.delayed.isEmpty()) {
            assertThat(accesses(bench.bench::pass)).isLessThan(most);
            assertThat(++rounds).isLessThan(2 * OBJECTS);
        }
        assertAllHave(5);
    }

    /** Or nobody would ever take the lock away, and the next one to look would take it for corruption. */
    @Test
    void whoFailsWhileItIsSettledLeavesNoLockBehind() {
        HeapSlabs memory = new HeapSlabs();
        Slab slab = memory.create(1, LEDGER_BYTES);
        Slot slot = new Slot(new Location(1, 64, 1), slab.cell(64));
        slot.cell().store(slot.pack(2, 0));
        Settlement settlement = new Settlement(slot, 5, List.of(() -> {
            throw new IllegalStateException("for a test");
        }), () -> false);
        assertThatThrownBy(settlement::run).isInstanceOf(IllegalStateException.class);
        assertThat(slot.load()).isEqualTo(slot.pack(2, 0));
    }

    private static final int TOTAL = 5;

    private static Settlement.Result settled(Slot slot, long... held) {
        List<Settlement.Holder> holders =
                LongStream.of(held).<Settlement.Holder>mapToObj(one -> () -> one).toList();
        return new Settlement(slot, TOTAL, holders, () -> false).run();
    }

    /** Also when what others hold makes up for it: somebody has written what is not so. */
    @Test
    void nobodyHoldsLessThanNothingOrAllMoreThanThereIs() {
        Slab slab = new HeapSlabs().create(1, LEDGER_BYTES);
        Slot slot = new Slot(new Location(1, 64, 1), slab.cell(64));
        slot.cell().store(slot.pack(2, 0));
        assertThat(settled(slot, -1, 3)).isEqualTo(Settlement.Result.OVERDRAWN);
        assertThat(settled(slot, 3, -1)).isEqualTo(Settlement.Result.OVERDRAWN);
        assertThat(settled(slot, TOTAL, 1)).isEqualTo(Settlement.Result.OVERDRAWN);
        assertThat(slot.load()).isEqualTo(slot.pack(2, 0));
        assertThat(settled(slot, TOTAL - 1, 1)).isEqualTo(Settlement.Result.DONE);
        assertThat(slot.load()).isEqualTo(slot.pack(0, 0));
    }
}
