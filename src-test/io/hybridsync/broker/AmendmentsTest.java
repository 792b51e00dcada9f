package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker had promised of a word of its own when it died, where somebody knows that word only as it was before. */
class AmendmentsTest {

    private static final Spec OWN = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);

    /** A broker that dies in the middle of an acquisition that it has promised, and those after it. */
    private static final class Line {
        final Dynasty all = new Dynasty();
        final Kin taker = all.client(false);
        final Kin holder = all.client(false);
        final Kin other = all.client(false);

        Line() {
            all.open(taker, Mode.CREATE, "s", OWN);
            all.open(holder, Mode.OPEN, "s", OWN);
            all.open(other, Mode.CREATE, "t", OWN);
        }

        void acquire(Kin client, String name) {
            long object = client.home(name).opened.object();
            all.ask(client, new Message.Operate(all.nextRequest(), object, SemaphoreRule.ACQUIRE.code(), 1));
        }

        /** Whether it dies between the reply and what it has replied. */
        boolean diesInBetween(int steps) {
            boolean died = !all.survives(steps, () -> acquire(taker, "s"));
            return died && taker.answers.stream().anyMatch(Message.Operated.class::isInstance);
        }

        /** The next broker does something else, while one of those who have the word does not read where it is. */
        void nextDoesSomethingElse(boolean journalIsRead) {
            Slab before = holder.journal;
            all.deaf.add(holder.connection);
            next();
            acquire(other, "t");
            all.deaf.clear();
            holder.journal = journalIsRead ? holder.journal : before;
        }

        void next() {
            all.succeed();
            all.handOver();
        }

        int amended() {
            return Journal.amendments(Objects.requireNonNull(other.journal)).size();
        }

        static Line inTheMiddle() {
            return IntStream.range(0, 1000).boxed().flatMap(steps -> {
                Line line = new Line();
                return line.diesInBetween(steps) ? Stream.of(line) : Stream.empty();
            }).findFirst().orElseThrow();
        }
    }

    /** Only who does not read is left, and somebody who has nothing of it. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false", "5, true"})
    void whatWasPromisedIsKeptAlsoWhenThoseThatComeNextHavePromisedMore(int brokers, boolean journalIsRead) {
        Line line = Line.inTheMiddle();
        for (int i = 0; i < brokers; i++) {
            line.nextDoesSomethingElse(journalIsRead);
        }
        line.all.kill(line.taker);
        line.next();
        assertThat(line.all.value("s")).isEqualTo(1);
    }

    @Test
    void itIsRememberedOnceAndAsLongAsSomebodyHasThatMemory() {
        Line line = Line.inTheMiddle();
        for (int i = 0; i < 3; i++) {
            line.nextDoesSomethingElse(true);
            assertThat(line.amended()).isEqualTo(1);
        }
        line.next();
        for (Kin client : List.of(line.taker, line.holder, line.other)) {
            client.forgetsOldMemory();
        }
        line.next();
        assertThat(line.amended()).isZero();
    }

    private static final int LIAR = 3;
    private static final int TWO = 5;
    private static final int REQUEST = 10;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final int SLAB_BYTES = 4096;
    private static final Location PLACE = new Location(BEFORE + 1, 64, 1);
    private static final long LOCK = Word.pack(PLACE.base(), 2, Word.LOCKED);

    private final Bench bench = new Bench(Options.defaults(), List.of(LIAR, TWO));

    private static Slab journal(int client, long next, boolean inherited) {
        return journal(client, new Journal.Change(PLACE, LOCK, next), inherited);
    }

    private static Slab journal(int client, Journal.Change change, boolean inherited) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal journal = new Journal(memory, Bench.LAST);
        if (inherited) {
            journal.inherit(List.of(), List.of(new Amendments.Amendment(client, change)));
        } else {
            journal.write(new Journal.Entry(
                    client, REQUEST, List.of(change), List.of(), new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of())));
        }
        return memory;
    }

    private static Slab journal() {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal _ = new Journal(memory, Bench.LAST);
        return memory;
    }

    private long handsOver(int client, Slab journal) {
        long connection = bench.connection();
        bench.memory.handsJournal(journal);
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, client, "a test"));
        bench.say(connection, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
        bench.say(connection, new Message.Hand(Memory.OWN, PLACE.slab(), SLAB_BYTES));
        bench.say(connection, new Message.HandObject(
                BEFORE + 1, "s", OWN, new Token(9, 1), Location.BROKER, PLACE, false, true, false, 0, 0, List.of()));
        bench.say(connection, new Message.HandedOver());
        return connection;
    }

    /** The value that is taken over, when these two hand over a word that a broker has left locked. */
    private long value(Slab first, Slab second) {
        bench.memory.create(PLACE.slab(), SLAB_BYTES);
        bench.memory.cell(PLACE).store(LOCK);
        handsOver(LIAR, first);
        long two = handsOver(TWO, second);
        assertThat(bench.registry.isTakingOver()).isFalse();
        bench.out(two).clear();
        bench.say(two, new Message.Operate(REQUEST, BEFORE + 1, Rule.LOOK.code(), 0));
        return ((Message.Operated) bench.take(two)).result();
    }

    /** Of two journals of one broker that of the older client counts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJournalOfItsOwnPromisesNoWordToWhoHasAnotherOne(boolean inherited) {
        assertThat(value(journal(TWO, Word.pack(PLACE.base(), 5, 0), inherited), journal())).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWasPromisedAWordSaysSoToo(boolean inherited) {
        long next = Word.pack(PLACE.base(), 1, 0);
        assertThat(value(journal(TWO, next, true), journal(TWO, next, inherited))).isEqualTo(1);
    }

    @Test
    void whoIsDeadNeedNotSaySo() {
        long next = Word.pack(PLACE.base(), 1, 0);
        assertThat(value(journal(9, next, true), journal())).isEqualTo(1);
    }

    enum Nonsense {
        STILL_LOCKED(Word.pack(PLACE.base(), 1, Word.LOCKED)),
        OF_ANOTHER_PLACE(Word.pack(PLACE.base() + 16, 1, 0)),
        NOTHING(0);

        final long word;

        Nonsense(long word) {
            this.word = word;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatNoBrokerCanHaveMeantIsNotRemembered(Nonsense next) {
        Slab journal = journal(TWO, next.word, true);
        assertThat(value(journal, journal)).isEqualTo(2);
        assertThat(Journal.amendments(bench.memory.journal())).isEmpty();
    }

    @Test
    void whatIsNotForTheWordThatIsThereIsNotRemembered() {
        long other = Word.pack(PLACE.base(), 3, Word.LOCKED);
        Slab journal = journal(TWO, new Journal.Change(PLACE, other, Word.pack(PLACE.base(), 1, 0)), true);
        assertThat(value(journal, journal)).isEqualTo(2);
        assertThat(Journal.amendments(bench.memory.journal())).isEmpty();
    }
}
