package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Ledger;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Permits of a client that lives and has not been taken over: nobody knows how many, and it may still write to the word. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LateLeasesTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int LATE = 7;
    private static final int TOTAL = 3;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final long OBJECT = BEFORE + 1;
    private static final long SLAB = BEFORE + 1;
    private static final int BYTES = 4096;
    private static final Location PLACE = new Location(SLAB, 64, 1);

    private final Bench bench = new Bench(Options.defaults(), List.of(ONE, TWO, LATE));

    /** Each of the three holds one. */
    @BeforeEach
    void nothingIsLeft() {
        bench.memory.create(SLAB, BYTES);
        bench.memory.cell(PLACE).store(Word.pack(PLACE.base(), 0, 0));
    }

    /** A client of before that hands over all but the end; its ledger says that it holds so many. */
    private long handing(int id, int attributes, int held) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        bench.say(connection, new Message.Hand(Memory.SLAB, SLAB, BYTES));
        bench.say(connection, new Message.Hand(Memory.LEDGER, 1, BYTES));
        Slab ledger = bench.ledgers.getLast();
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            ledger.cell(entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(OBJECT);
        }
        ledger.cell(Ledger.WORD).store((long) held << Integer.SIZE);
        Spec spec = new Spec(Kind.SEMAPHORE, TOTAL, TOTAL, Spec.LEASED | attributes);
        bench.say(connection, new Message.HandObject(
                OBJECT, "s", spec, new Token(9, 1), PLACE, Location.BROKER, false, true, false, 0, 0, List.of()));
        return connection;
    }

    private long heir(int id, int attributes) {
        long connection = handing(id, attributes, 1);
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    private int valueThere() {
        long word = bench.memory.cell(PLACE).load();
        assertThat(Word.flags(word)).as("nobody is kept from it").isZero();
        return Word.data(word) & Word.VALUE;
    }

    private int value() {
        Entry entry = bench.list(bench.client(), 0).entries().getFirst();
        assertThat(entry.corrupted()).isFalse();
        return entry.value();
    }

    private void die(int late) {
        bench.alive.remove(late);
        bench.registry.died(late);
    }

    @Test
    void whereTheWordStaysTheyAreItsOwnUntilItIsDead() {
        heir(ONE, Spec.GLOBAL);
        long two = heir(TWO, Spec.GLOBAL);
        bench.registry.takeOverNow();
        assertThat(valueThere()).isZero();
        bench.kill(two);
        assertThat(valueThere()).as("nor when another one is dead").isZero();
        assertThat(bench.delayed).as("nothing to be tried again: it is told when it is dead").isEmpty();
        die(LATE);
        assertThat(value()).isEqualTo(TOTAL - 1);
    }

    @Test
    void whileTheWordCannotMoveTheyAreItsOwn() {
        long one = heir(ONE, 0);
        long two = heir(TWO, 0);
        bench.full.add(one);
        bench.registry.takeOverNow();
        bench.kill(two);
        assertThat(valueThere()).isZero();
        assertThat(bench.delayed).isEmpty();
        bench.full.clear();
        bench.registry.roomAgain();
        assertThat(value()).isEqualTo(TOTAL - 1);
    }

    /** What a broker took for it, which its ledgers do not say, is not known of it: they may say less than nothing. */
    @ParameterizedTest
    @ValueSource(ints = {-5, 0, 1})
    void whatItHasHandedBeforeItWasRefusedIsNotAllThatItHolds(int held) {
        heir(ONE, Spec.GLOBAL);
        heir(TWO, Spec.GLOBAL);
        long late = handing(LATE, Spec.GLOBAL, held);
        bench.registry.takeOverNow();
        assertThat(bench.codes).containsEntry(late, Code.LOST);
        assertThat(valueThere()).isZero();
        assertThat(value()).isZero();
        assertThat(bench.ledgers).as("of no use").hasSize(2);
        die(LATE);
        assertThat(value()).isEqualTo(TOTAL - 2);
    }

    @Test
    void wholeIsWhatTheOthersHoldOnceTheWordHasMoved() {
        heir(ONE, 0);
        heir(TWO, 0);
        handing(LATE, 0, -5);
        bench.registry.takeOverNow();
        assertThat(value()).isEqualTo(TOTAL - 2);
    }

    /** What clients have written is read once in an event, and to take over is one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoDiesAfterTheTakeOverLeavesWhatItHeldAtOnce(boolean byTime) {
        long one = heir(ONE, Spec.GLOBAL);
        Slab empty = bench.ledgers.getLast();
        for (int entry = 0; entry < Ledger.ENTRIES; entry++) {
            empty.cell(entry * Ledger.ENTRY_BYTES + Ledger.OBJECT).store(0);
        }
        long two = heir(TWO, Spec.GLOBAL);
        bench.alive.remove(LATE);
        if (byTime) {
            bench.registry.takeOverNow();
        } else {
            bench.registry.lookForHeirs();
        }
        assertThat(valueThere()).isEqualTo(TOTAL - 1);
        bench.kill(two);
        assertThat(valueThere()).isEqualTo(TOTAL);
        assertThat(bench.delayed).isEmpty();
        assertThat(bench.id(one)).isEqualTo(ONE);
    }
}
