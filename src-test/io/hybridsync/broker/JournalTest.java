package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a journal says is what was written to it, or nothing. */
class JournalTest {

    private final Slab memory = new HeapSlabs().create(0, Journal.BYTES);
    private final Journal journal = new Journal(memory, 7);

    /** What the longest wait can be for. */
    private static final List<Amendments.Amendment> AMENDMENTS = entry(3, 4000).changes().stream()
            .map(change -> new Amendments.Amendment(3, change))
            .toList();

    private static Journal.Entry entry(int client, int changes) {
        List<Integer> abandoned = IntStream.range(0, changes).boxed().toList();
        return new Journal.Entry(
                client,
                -5,
                IntStream.range(0, changes)
                        .mapToObj(i -> new Journal.Change(new Location(-i, 8 * i, ~i), ~(long) i, i))
                        .toList(),
                IntStream.range(0, changes).mapToObj(i -> new Journal.Permits(-i, -i)).toList(),
                new Message.Awaited(-5, WaitOutcome.TAKEN, 0, abandoned));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        assertThat(Journal.incarnation(memory)).isEqualTo(7);
        assertThat(Journal.incarnation(new HeapSlabs().create(0, Journal.BYTES))).as("without its format").isZero();
        assertThat(Journal.read(memory)).isNull();
        for (int changes : new int[] {0, 1, 4000, 2}) {
            journal.write(entry(3, changes));
            assertThat(Journal.read(memory)).isEqualTo(entry(3, changes));
        }
        journal.clear();
        assertThat(Journal.read(memory)).isNull();
    }

    @Test
    void whatDoesNotFitIsNotHalfWritten() {
        journal.write(entry(3, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> journal.write(entry(3, 8000)));
        assertThat(Journal.read(memory)).isNull();
    }

    /** It counts with its reply. */
    @Test
    void whatDoesNotFitForItsReplyIsNotWrittenEither() {
        int most = (208 << 10) / 16 - 3;
        List<Journal.Permits> permits =
                IntStream.range(0, most).mapToObj(i -> new Journal.Permits(i, 1)).toList();
        Message.Answer reply = new Message.Awaited(-5, WaitOutcome.TAKEN, 0, List.of(1, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.write(new Journal.Entry(3, -5, List.of(), permits, reply)));
        Journal.Entry less = new Journal.Entry(3, -5, List.of(), permits.subList(0, most - 3), reply);
        journal.write(less);
        assertThat(Journal.read(memory)).isEqualTo(less);
    }

    @Test
    void thatThereAreSignalsWithoutANoteIsReadToo() {
        assertThat(Journal.hasMoreSignals(memory)).isFalse();
        int _ = journal.signals().addUnnoted();
        assertThat(Journal.hasMoreSignals(memory)).isTrue();
        assertThat(Journal.hasMoreSignals(new HeapSlabs().create(0, 4096))).as("of another size").isFalse();
    }

    @Test
    void whatBrokersBeforeOweStaysBesideTheRecord() {
        List<Journal.Entry> debts =
                IntStream.range(0, Journal.DEBTS + 3).mapToObj(i -> entry(i, 4000)).toList();
        journal.inherit(debts, AMENDMENTS);
        journal.write(entry(99, 4000));
        assertThat(Journal.debts(memory)).hasSize(Journal.DEBTS)
                .isEqualTo(debts.stream().limit(Journal.DEBTS).map(debt -> debt.with(List.of())).toList());
        assertThat(Journal.debts(memory)).extracting(Journal.Entry::client).startsWith(0, 1, 2);
        assertThat(Journal.read(memory)).isEqualTo(entry(99, 4000));
        assertThat(Journal.amendments(memory)).isEqualTo(AMENDMENTS);
    }

    @Test
    void asManyWordsOfBrokersBeforeAreRememberedAsThereIsRoomFor() {
        List<Amendments.Amendment> more = IntStream.range(0, 2).boxed().flatMap(_ -> AMENDMENTS.stream()).toList();
        journal.inherit(List.of(), more);
        assertThat(Journal.amendments(memory)).isEqualTo(more.subList(0, Amendments.MOST));
        int start = Journal.BYTES - OutcastNotes.BYTES - SignalNotes.BYTES - Amendments.BYTES;
        memory.cell(start).store(Long.MAX_VALUE);
        assertThat(Journal.amendments(memory)).hasSize(Amendments.MOST);
        memory.cell(start).store(-1);
        assertThat(Journal.amendments(memory)).isEmpty();
    }

    @Test
    void nonsenseIsNoRecord() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            journal.write(entry(3, 2));
            memory.cell(16 + 8 * random.nextInt(14)).store(random.nextBoolean() ? random.nextLong() : -1);
            Journal.Entry read = Journal.read(memory);
            assertThat(read == null || read.changes().size() < 9000).as("seed %d, %d", seed, i).isTrue();
        }
    }
}
