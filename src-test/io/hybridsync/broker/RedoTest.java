package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients are owed that have not read the answers of brokers before. */
class RedoTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int REQUEST = 10;

    private final HeapSlabs memory = new HeapSlabs();
    private final Legacy legacy = new Legacy(
            memory, new Budget(1 << 20), new Lineage(Bench.INCARNATION, Bench.LAST, List.of(ONE, TWO)));
    private final Slab before = new HeapSlabs().create(0, Journal.BYTES);
    private final Journal journal = new Journal(before, Bench.LAST);

    private static Journal.Entry entry(int client, int request, int value) {
        return new Journal.Entry(client, request, List.of(), List.of(), new Message.Operated(request, value));
    }

    private List<Journal.Entry> debts(Redo.Asking asking) {
        memory.handsJournal(before);
        for (int client : List.of(ONE, TWO)) {
            legacy.hand(client, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES), null);
        }
        return Redo.of(legacy, Testament.of(legacy), asking).debts();
    }

    /** One broker died when it owed one client something, and the next one when it owed it, or another one, something else. */
    @Test
    void whatSeveralBrokersOweIsOwedAllTogether() {
        List<Journal.Entry> inherited = List.of(entry(ONE, REQUEST, 1), entry(TWO, REQUEST + 1, 2));
        journal.inherit(inherited, List.of());
        journal.write(entry(TWO, REQUEST, 3));
        assertThat(debts((client, request) -> true))
                .containsExactly(entry(ONE, REQUEST, 1), entry(TWO, REQUEST, 3), entry(TWO, REQUEST + 1, 2));
    }

    /** It had asked again then: a number is used again when it has been answered. */
    @Test
    void ofOneRequestTheLastAnswerCounts() {
        journal.inherit(List.of(entry(ONE, REQUEST, 1)), List.of());
        journal.write(entry(ONE, REQUEST, 2));
        assertThat(debts((client, request) -> true)).containsExactly(entry(ONE, REQUEST, 2));
    }

    @Test
    void whoDoesNotAskAgainHasReadIt() {
        journal.inherit(List.of(entry(ONE, REQUEST, 1)), List.of());
        journal.write(entry(TWO, REQUEST, 2));
        assertThat(debts((client, request) -> client == ONE)).containsExactly(entry(ONE, REQUEST, 1));
    }
}
