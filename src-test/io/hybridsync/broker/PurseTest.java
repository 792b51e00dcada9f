package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Ledger;
import io.hybridsync.slab.Slab;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one client's ledgers say, and how much of them is taken. */
class PurseTest {

    private static final int PAGE = 4096;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_LEDGERS = 64;
    private static final long OBJECT = 77;

    private final HeapSlabs memory = new HeapSlabs();
    private final Moment moment = new Moment(() -> 0);
    private final Purse purse = new Purse(moment);

    @BeforeEach
    void open() {
        purse.opened(OBJECT);
    }

    private static long holds(int permits) {
        return (long) permits << Integer.SIZE;
    }

    private Slab ledger(long number, int bytes) {
        Slab ledger = memory.create(number, bytes);
        assertThat(purse.hasRoom(number, bytes)).isTrue();
        purse.add(number, ledger);
        return ledger;
    }

    private static void write(Slab ledger, int at, long object, long word) {
        ledger.cell(at + Ledger.WORD).store(word);
        ledger.cell(at + Ledger.OBJECT).store(object);
    }

    @Test
    void noMoreBytesAreTakenThanAClientCanNeed() {
        assertThat(purse.hasRoom(1, MOST_BYTES)).isTrue();
        assertThat(purse.hasRoom(1, MOST_BYTES + PAGE)).isFalse();
        ledger(1, PAGE);
        assertThat(purse.hasRoom(2, MOST_BYTES - PAGE)).isTrue();
        assertThat(purse.hasRoom(2, MOST_BYTES)).isFalse();
        assertThat(purse.hasRoom(1, MOST_BYTES)).as("in its place").isTrue();
    }

    @Test
    void noMoreLedgersAreTakenThanThat() {
        for (int i = 0; i < MOST_LEDGERS; i++) {
            ledger(i, PAGE);
        }
        assertThat(purse.hasRoom(MOST_LEDGERS, PAGE)).isFalse();
        assertThat(purse.hasRoom(MOST_LEDGERS - 1, PAGE)).as("in its place").isTrue();
        assertThat(purse.ledgers()).hasSize(MOST_LEDGERS);
    }

    @Test
    void allEntriesCountFromTheFirstToTheLast() {
        Slab first = ledger(1, PAGE);
        Slab second = ledger(2, PAGE);
        write(first, 0, OBJECT, holds(2));
        write(second, PAGE - Ledger.ENTRY_BYTES, OBJECT, holds(3));
        write(second, 0, OBJECT + 1, holds(100));
        purse.grant(OBJECT, 4);
        assertThat(purse.held(OBJECT)).isEqualTo(9);
        purse.grant(OBJECT, -1);
        assertThat(purse.held(OBJECT)).isEqualTo(8);
    }

    @Test
    void whatIsUnderWayCannotBeSaid() {
        Slab ledger = ledger(1, PAGE);
        write(ledger, 0, OBJECT, holds(2));
        write(ledger, Ledger.ENTRY_BYTES, OBJECT, holds(3) + 1);
        assertThat(purse.held(OBJECT)).isEqualTo(Settlement.UNDER_WAY);
        write(ledger, Ledger.ENTRY_BYTES, OBJECT, holds(3));
        assertThat(purse.held(OBJECT)).isEqualTo(5);
    }

    /** Where the entries of an object were, another's may be. */
    @Test
    void anEntryCountsForTheObjectThatItNames() {
        Slab ledger = ledger(1, PAGE);
        write(ledger, 0, OBJECT, holds(2));
        write(ledger, Ledger.ENTRY_BYTES, OBJECT, 0);
        assertThat(purse.held(OBJECT)).isEqualTo(2);
        write(ledger, 0, OBJECT + 1, holds(2));
        write(ledger, Ledger.ENTRY_BYTES, OBJECT + 1, 0);
        purse.opened(OBJECT + 1);
        moment.over();
        assertThat(purse.held(OBJECT)).isZero();
        moment.over();
        assertThat(purse.held(OBJECT + 1)).isEqualTo(2);
        purse.closed(OBJECT + 1);
        moment.over();
        assertThat(purse.held(OBJECT + 1)).as("whatever the ledger says").isZero();
    }

    @Test
    void nothingIsKeptOfWhatIsNotOpen() {
        Slab ledger = ledger(1, PAGE);
        for (int at = 0; at < PAGE; at += Ledger.ENTRY_BYTES) {
            write(ledger, at, OBJECT + 1 + at, holds(1));
        }
        write(ledger, PAGE / 2, OBJECT, holds(3));
        assertThat(purse.held(OBJECT)).isEqualTo(3);
        assertThat(purse.size()).as("the object, and one entry").isEqualTo(2);
        purse.closed(OBJECT);
        assertThat(purse.size()).isZero();
    }

    /** A client has two, and for a while those of the place before. */
    @Test
    void ofOneObjectNoMoreEntriesCountThanAClientMakes() {
        Slab ledger = ledger(1, PAGE);
        for (int at = 0; at < PAGE; at += Ledger.ENTRY_BYTES) {
            write(ledger, at, OBJECT, holds(1));
        }
        assertThat(purse.held(OBJECT)).isEqualTo(4);
        assertThat(purse.size()).isEqualTo(5);
    }
}
