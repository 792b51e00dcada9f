package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients hand over, and what of it counts when some of them have gone. */
class LegacyTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final long SLAB = BEFORE + 1;
    private static final int BYTES = 4096;

    private final HeapSlabs memory = new HeapSlabs();
    private final Budget budget = new Budget(1 << 20);
    private final Legacy legacy =
            new Legacy(memory, budget, new Lineage(Bench.INCARNATION, Bench.LAST, List.of(ONE, TWO, THREE)));

    private void hand(int client, Memory kind, long id, int size) {
        if (memory.size(id) == 0) {
            memory.create(id, BYTES);
        }
        legacy.hand(client, new Message.Hand(kind, id, size), null);
    }

    private void handJournal(int client, @Nullable Slab journal, @Nullable Fd fd) {
        memory.handsJournal(journal);
        legacy.hand(client, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES), fd);
    }

    private static Slab journal(int incarnation) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal _ = new Journal(memory, incarnation);
        return memory;
    }

    private static Message.HandObject object(String name, Location location, Told... told) {
        return new Message.HandObject(
                BEFORE + 1, name, Bench.TWO_PERMITS, new Token(9, 1), location, Location.BROKER, false, true, false, 0, 0,
                List.of(told));
    }

    private static Location at(int offset) {
        return new Location(SLAB, offset, 1);
    }

    @Test
    void theJournalOfWhoHasGoneCountsNoMore() {
        Slab newer = journal(Bench.LAST);
        Slab older = journal(Bench.LAST - 1);
        handJournal(ONE, newer, null);
        handJournal(TWO, older, null);
        handJournal(THREE, older, null);
        legacy.forget(ONE);
        legacy.forget(TWO);
        assertThat(legacy.journals()).extracting(Legacy.Bequeathed::journal).containsExactly(older);
        assertThat(legacy.journals()).extracting(Legacy.Bequeathed::owners).containsExactly(MemberSet.of(THREE));
        assertThatCode(() -> handJournal(ONE, older, null)).as("it may come again").doesNotThrowAnyException();
    }

    /** A file of another broker's may have the mark that is written down, but not its own. */
    @Test
    void whatIsWrittenDownIsAFileAndWhoMadeIt() {
        Slab journal = journal(Bench.LAST);
        handJournal(ONE, journal, null);
        memory.write(new Chronicle(List.of(new Chronicle.Line(journal, Bench.LAST - 1))));
        assertThat(legacy.named()).isNull();
        memory.named(journal(Bench.LAST), journal);
        assertThat(legacy.named()).isEqualTo(legacy.journals().getFirst());
    }

    @Test
    void ofAJournalThatIsKnownNoDescriptorIsKept() {
        Slab journal = journal(Bench.LAST);
        handJournal(ONE, journal, null);
        try (Fd same = Memfd.create("journal", BYTES).fd();
                Fd second = Memfd.create("journal", BYTES).fd()) {
            handJournal(TWO, journal, same);
            assertThat(same.isClosed()).isTrue();
            assertThatThrownBy(() -> handJournal(TWO, journal(1), second)).isInstanceOf(ProtocolException.class);
            assertThat(second.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SLAB", "OWN"})
    void memoryIsOfABrokerBefore(Memory kind) {
        for (long maker : new long[] {0, Bench.LAST + 1, Integer.MIN_VALUE, -1}) {
            assertThatThrownBy(() -> hand(ONE, kind, maker << Integer.SIZE | 1, BYTES)).isInstanceOf(ProtocolException.class);
        }
        assertThatCode(() -> hand(ONE, kind, 1L << Integer.SIZE | 1, BYTES)).doesNotThrowAnyException();
    }

    @Test
    void itIsNoLargerThanAnySlab() {
        assertThatCode(() -> hand(ONE, Memory.SLAB, SLAB, SlabCache.LARGEST_BYTES)).doesNotThrowAnyException();
        for (int size : new int[] {0, -BYTES, BYTES - 8, SlabCache.LARGEST_BYTES + BYTES}) {
            assertThatThrownBy(() -> hand(TWO, Memory.SLAB, SLAB, size)).isInstanceOf(ProtocolException.class);
        }
    }

    /** Whichever kind it is, and together. */
    @Test
    void noMoreIsTakenThanABrokerLooksThroughInOneEvent() {
        int many = (1 << 30) / SlabCache.LARGEST_BYTES;
        for (int i = 0; i < many; i++) {
            hand(ONE, i % 2 == 0 ? Memory.SLAB : Memory.OWN, SLAB + i, SlabCache.LARGEST_BYTES);
        }
        for (Memory kind : List.of(Memory.SLAB, Memory.OWN)) {
            assertThatThrownBy(() -> hand(TWO, kind, SLAB + many, BYTES)).isInstanceOf(LimitExceededException.class);
        }
        legacy.forget(ONE);
        assertThatCode(() -> hand(TWO, Memory.SLAB, SLAB + many, BYTES)).doesNotThrowAnyException();
    }

    /** The rule is about files: journals are some, too. */
    @Test
    void noMoreFilesAreTakenThanABrokerCanHaveHad() {
        handJournal(TWO, journal(Bench.LAST), null);
        for (int i = 1; i < Legacy.MOST_FILES; i++) {
            hand(ONE, i % 2 == 0 ? Memory.SLAB : Memory.OWN, SLAB + i, BYTES);
        }
        assertThatThrownBy(() -> hand(THREE, Memory.SLAB, SLAB, BYTES)).isInstanceOf(LimitExceededException.class);
        legacy.forget(TWO);
        assertThatCode(() -> hand(THREE, Memory.SLAB, SLAB, BYTES)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(names = {"SLAB", "OWN"})
    void theGreediestHasHandedMostOfWhatNobodyElseHas(Memory kind) {
        assertThat(legacy.greediest()).isZero();
        hand(ONE, kind, SLAB, BYTES);
        hand(THREE, kind, SLAB, BYTES);
        hand(TWO, kind, SLAB + 1, BYTES);
        assertThat(legacy.greediest()).isEqualTo(TWO);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLAB", "OWN"})
    void whoContradictsMostIsTheLiar(Memory kind) {
        hand(TWO, kind, SLAB, BYTES);
        hand(THREE, kind, SLAB, BYTES);
        memory.forge(BYTES);
        hand(ONE, kind, SLAB, BYTES);
        assertThat(legacy.liar()).isEqualTo(ONE);
        legacy.forget(ONE);
        assertThat(legacy.liar()).isZero();
        assertThat(legacy.decide()).isEqualTo(MemberSet.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BYTES - 8})
    void anObjectAndWhereItMayHaveMovedAreInMemoryThatItsClientHas(int offset) {
        hand(ONE, Memory.SLAB, SLAB, BYTES);
        legacy.hand(ONE, object("s", at(offset), new Told(1, at(offset))));
        assertThat(legacy.objects()).hasSize(1);
        assertThat(legacy.shared(at(offset))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-8, 4, BYTES - 4, BYTES})
    void whatIsNotInItIsRefused(int offset) {
        hand(ONE, Memory.SLAB, SLAB, BYTES);
        hand(TWO, Memory.OWN, SLAB + 1, BYTES);
        assertThatThrownBy(() -> legacy.hand(ONE, object("s", at(offset)))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> legacy.hand(ONE, object("s", at(0), new Told(1, at(offset)))))
                .isInstanceOf(ProtocolException.class);
        assertThat(legacy.shared(at(offset))).isNull();
        assertThat(legacy.own(new Location(SLAB + 1, offset, 1))).isNull();
    }

    @Test
    void whoHandsAnObjectTwiceIsRefused() {
        hand(ONE, Memory.SLAB, SLAB, BYTES);
        legacy.hand(ONE, object("s", at(0)));
        assertThatThrownBy(() -> legacy.hand(ONE, object("s", at(0)))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> legacy.hand(ONE, object("t", at(0)))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatIsSaidOfAnObjectIsPaidForUntilItIsForgotten() {
        long all = budget.left();
        hand(ONE, Memory.SLAB, SLAB, BYTES);
        hand(TWO, Memory.SLAB, SLAB, BYTES);
        legacy.hand(ONE, object("s", at(0), new Told(1, at(8)), new Told(2, at(16))));
        long first = Budget.HANDLE_BYTES + Budget.STATEMENT_BYTES + 2 * Budget.TOLD_BYTES + Budget.ofObject("s");
        assertThat(all - budget.left()).isEqualTo(first);
        legacy.hand(TWO, object("s", at(0)));
        long second = Budget.HANDLE_BYTES + Budget.STATEMENT_BYTES;
        assertThat(all - budget.left()).isEqualTo(first + second);
        legacy.forget(ONE);
        assertThat(all - budget.left()).isEqualTo(second + Budget.ofObject("s"));
        legacy.forget(TWO);
        assertThat(budget.left()).isEqualTo(all);
    }

    @Test
    void ofWhatABrokerHadForItselfNothingIsKeptOfWhoHasGone() {
        Location place = new Location(SLAB, 64, 1);
        hand(ONE, Memory.OWN, SLAB, BYTES);
        assertThat(legacy.own(place)).isNotNull();
        legacy.forget(ONE);
        assertThat(legacy.own(place)).isNull();
    }

    /** It is this broker's from then on, and nothing of it is to be found, or paid back, once more. */
    @Test
    void whenAllIsTakenOverNothingIsLeft() {
        hand(ONE, Memory.SLAB, SLAB, BYTES);
        hand(ONE, Memory.OWN, SLAB + 1, BYTES);
        handJournal(ONE, journal(Bench.LAST), null);
        legacy.hand(ONE, object("s", at(0)));
        legacy.settle();
        long left = budget.left();
        assertThat(legacy.objects()).isEmpty();
        assertThat(legacy.slabs()).isEmpty();
        assertThat(legacy.journals()).isEmpty();
        assertThat(legacy.own(new Location(SLAB + 1, 64, 1))).isNull();
        legacy.forget(ONE);
        assertThat(budget.left()).isEqualTo(left);
        assertThat(legacy.takeUnwanted()).isEmpty();
    }
}
