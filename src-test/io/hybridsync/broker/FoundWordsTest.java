package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.MutexRule;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker that takes over finds in words: owners who live, who are late, who are dead, and what one before has asked for. */
class FoundWordsTest {

    private static final int ONE = 3;
    private static final int LATE = 5;

    /** A client that has come since has the first id that nobody had. */
    private static final int NEWCOMER = 6;

    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final Location PLACE = new Location(BEFORE + 1, 64, 1);
    private static final int SLAB_BYTES = 4096;

    private final Bench bench = new Bench(Options.defaults(), List.of(ONE, LATE));

    @BeforeEach
    void theBrokerBeforeHasLeftASlab() {
        bench.memory.create(PLACE.slab(), SLAB_BYTES);
    }

    private void write(int data, int flags) {
        bench.memory.cell(PLACE).store(Word.pack(PLACE.base(), data, flags));
    }

    /** The one client that comes. */
    private long handedOver(Spec spec) {
        long connection = bench.connection();
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, ONE, "a test"));
        bench.say(connection, new Message.Hand(Memory.SLAB, PLACE.slab(), SLAB_BYTES));
        bench.say(connection, new Message.HandObject(
                BEFORE + 1, "o", spec, new Token(9, 1), PLACE, Location.BROKER, false, true, false, 0, 0, List.of()));
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    /** The word is to move away from who is late, and cannot yet: who lives may write there, and who is dead does not. */
    @ParameterizedTest
    @CsvSource({"3, 3", "5, 5", "9, 0", "6, 0"})
    void whoIsDeadOwnsNothing(int owner, int stays) {
        write(owner, 0);
        long one = handedOver(new Spec(Kind.MUTEX, 0, 1, 0));
        assertThat(bench.id(bench.client())).isEqualTo(NEWCOMER);
        bench.full.add(one);
        bench.registry.takeOverNow();
        assertThat(bench.registry.delayed()).isEqualTo(1);
        assertThat(Word.data(bench.memory.cell(PLACE).load())).isEqualTo(stays == 0 ? MutexRule.OWNER_DIED : stays);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheBrokerBeforeWaitedForIsNotTold(boolean byTime) {
        write(0, Word.WAKE_BROKER);
        long _ = handedOver(new Spec(Kind.SEMAPHORE, 0, 5, Spec.GLOBAL));
        if (byTime) {
            bench.registry.takeOverNow();
        } else {
            bench.alive.remove(LATE);
            bench.registry.lookForHeirs();
        }
        assertThat(bench.memory.cell(PLACE).load()).isEqualTo(Word.pack(PLACE.base(), 0, 0));
    }

    @Test
    void whoIsDeadIsNotLate() {
        write(0, 0);
        long _ = handedOver(new Spec(Kind.SEMAPHORE, 0, 5, 0));
        bench.alive.remove(LATE);
        bench.registry.takeOverNow();
        assertThat(bench.registry.outcasts()).isZero();
        assertThat(bench.expelled).isEmpty();
        assertThat(Journal.outcasts(bench.memory.journal())).isEmpty();
    }

    @Test
    void whoHasComeIsAmongAll() {
        write(0, 0);
        long _ = handedOver(new Spec(Kind.SEMAPHORE, 0, 5, Spec.GLOBAL));
        bench.registry.takeOverNow();
        long newcomer = bench.client();
        assertThat(bench.list(newcomer, 0).entries()).singleElement().satisfies(entry ->
                assertThat(entry.group()).containsExactly(ONE, bench.id(newcomer)));
    }
}
