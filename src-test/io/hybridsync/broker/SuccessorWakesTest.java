package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sleeps where the broker before had changed a word and not come to wake: the next one wakes there. */
class SuccessorWakesTest {

    private static final int HEIR = 3;
    private static final int REQUEST = 1;
    private static final long SLAB = ((long) Bench.LAST << Integer.SIZE) + 1;
    private static final int SLAB_BYTES = 4096;

    private final Bench bench = new Bench(Options.defaults(), List.of(HEIR));
    private long heir;

    @BeforeEach
    void theBrokerBeforeHasLeftASlab() {
        bench.memory.create(SLAB, SLAB_BYTES);
    }

    private static Location place(int object) {
        return new Location(SLAB, object * 64, 1);
    }

    private static long word(int object, int data, int flags) {
        return Word.pack(place(object).base(), data, flags);
    }

    private void write(int object, int data, int flags) {
        bench.memory.cell(place(object)).store(word(object, data, flags));
    }

    private void handOver(Slab journal, int... objects) {
        heir = bench.connection();
        bench.memory.handsJournal(journal);
        bench.say(heir, new Message.Resume(Version.MAJOR, Version.MINOR, HEIR, "a test"));
        bench.say(heir, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
        bench.say(heir, new Message.Hand(Memory.SLAB, SLAB, SLAB_BYTES));
        for (int object : objects) {
            bench.say(heir, new Message.HandObject(
                    SLAB + object, "s" + object, Bench.TWO_PERMITS, new Token(9, object), place(object),
                    Location.BROKER, false, true, false, 0, 0, List.of()));
        }
        bench.say(heir, new Message.HandedOver());
        assertThat(bench.codes).isEmpty();
        assertThat(bench.registry.isTakingOver()).isFalse();
    }

    private static Slab journal(Journal.Change... changes) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal journal = new Journal(memory, Bench.LAST);
        if (changes.length > 0) {
            journal.write(new Journal.Entry(HEIR, REQUEST, List.of(changes), List.of(), new Message.Operated(REQUEST, 0)));
        }
        return memory;
    }

    private void assertWoken(int object) {
        assertThat(bench.memory.wakes()).contains(object * 64 + " DATA", object * 64 + " FLAGS");
    }

    @Test
    void whereAWordIsThatWasUnlockedAndNobodyWokenYet() {
        write(1, 2 | Word.WAITERS, 0);
        handOver(journal(), 1);
        assertWoken(1);
    }

    @Test
    void whereAWordIsStillLocked() {
        write(1, 2 | Word.WAITERS, Word.LOCKED);
        handOver(journal(), 1);
        assertThat(Word.flags(bench.memory.cell(place(1)).load()) & Word.LOCKED).isZero();
        assertWoken(1);
    }

    @Test
    void whereAWordIsThatTheJournalChanges() {
        write(1, 2 | Word.WAITERS, Word.LOCKED);
        handOver(journal(new Journal.Change(place(1), word(1, 2 | Word.WAITERS, Word.LOCKED), word(1, 3, 0))), 1);
        assertThat(Word.data(bench.memory.cell(place(1)).load())).isEqualTo(3);
        assertWoken(1);
    }

    /** Also where the word that the journal names is of an object that nobody has open any more. */
    @Test
    void whereTheJournalChangesWhatNobodyHas() {
        write(2, 2 | Word.WAITERS, Word.LOCKED);
        handOver(journal(new Journal.Change(place(2), word(2, 2 | Word.WAITERS, Word.LOCKED), word(2, 3, 0))), 1);
        assertWoken(2);
    }

    @Test
    void whereATombstoneIsThatNobodyTellsOf() {
        write(1, 2, 0);
        write(5, 7, Word.MOVED);
        handOver(journal(), 1);
        assertWoken(5);
    }
}
