package io.hybridsync.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which journal counts, and that nobody makes one that does. */
class TestamentTest {

    private static final int LIAR = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final int REQUEST = 10;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final int SLAB_BYTES = 4096;
    private static final Location PLACE = new Location(BEFORE + 1, 64, 1);
    private static final long LOCK = Word.pack(PLACE.base(), 2, Word.LOCKED);
    private static final Journal.Change CHANGE = new Journal.Change(PLACE, LOCK, Word.pack(PLACE.base(), 1, 0));

    /** Of two brokers that die the other one does at each so many steps, beginning at another one each time. */
    private static final int STRIDE = 16;

    private static final Spec OWN = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);
    private static final long MUTEX = BEFORE + 2;

    private final Bench bench = new Bench(Options.defaults(), List.of(LIAR, TWO, THREE));
    private final Legacy legacy = new Legacy(
            bench.memory, bench.budget, new Lineage(Bench.INCARNATION, Bench.LAST, List.of(LIAR, TWO, THREE)));
    private final Slab newer = journal(Bench.LAST);
    private final Slab older = journal(Bench.LAST - 1);
    private final Slab oldest = journal(1);

    private static Slab journal(int incarnation) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal _ = new Journal(memory, incarnation);
        return memory;
    }

    private void hand(int client, Slab journal) {
        bench.memory.handsJournal(journal);
        legacy.hand(client, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES), null);
    }

    private Testament testament() {
        return requireNonNull(Testament.of(legacy));
    }

    @Test
    void whatIsWrittenDownCountsAndNotWhatIsNewer() {
        hand(LIAR, newer);
        hand(TWO, older);
        hand(THREE, oldest);
        bench.memory.named(older, oldest);
        assertThat(testament().journal()).isSameAs(older);
        assertThat(testament().isProven()).isTrue();
        assertThat(testament().owners()).isEqualTo(MemberSet.of(TWO));
        assertThat(testament().heirs().ids()).containsExactly(LIAR, TWO, THREE);
    }

    @Test
    void whatTheLastBrokerHasGivenToNobodyHasSaidWhatItInheritedSays() {
        hand(LIAR, newer);
        hand(TWO, oldest);
        bench.memory.named(journal(Bench.LAST), oldest);
        assertThat(testament().journal()).isSameAs(oldest);
        assertThat(testament().isProven()).isTrue();
    }

    /** A build that is older or newer made it: nobody knows what is where. */
    @Test
    void whatIsOfAnotherFormatIsNotRead() {
        Slab foreign = journal(Bench.LAST);
        new Journal(foreign, Bench.LAST).write(promise());
        bench.memory.named(foreign, older);
        foreign.cell(0).store(foreign.cell(0).load() + (1L << Integer.SIZE));
        hand(LIAR, foreign);
        assertThat(Testament.of(legacy)).isNull();
        assertThat(legacy.overruled()).isEqualTo(MemberSet.NONE);
        assertThatThrownBy(() -> hand(LIAR, older)).isInstanceOf(ProtocolException.class).hasMessageContaining("two");
        hand(TWO, older);
        assertThat(testament().journal()).isSameAs(older);
        assertThat(testament().heirs()).isEqualTo(MemberSet.of(TWO));
        assertThat(testament().of(LIAR)).isNull();
    }

    @Test
    void whereNothingIsWrittenDownTheNewestCountsThatMostHave() {
        assertThat(Testament.of(legacy)).isNull();
        hand(LIAR, journal(Bench.LAST));
        hand(TWO, newer);
        hand(THREE, newer);
        assertThat(testament().journal()).isSameAs(newer);
        assertThat(testament().isProven()).isFalse();
    }

    /** All but one stood still when the last broker took over; and it has expelled them. */
    @Test
    void alsoOneAloneMayHaveTheOneThatIsWrittenDown() {
        new Journal(newer, Bench.LAST).outcasts().add(new Outcast(TWO, 1));
        hand(LIAR, newer);
        hand(TWO, older);
        hand(THREE, older);
        assertThat(testament().outcasts()).isEmpty();
        bench.memory.named(newer, older);
        assertThat(testament().outcasts()).containsExactly(new Outcast(TWO, 1));
    }

    private static Journal.Entry promise() {
        return new Journal.Entry(
                TWO, REQUEST, List.of(CHANGE), List.of(), new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of()));
    }

    private long resumed(int client, Slab journal) {
        long connection = bench.connection();
        bench.memory.handsJournal(journal);
        bench.say(connection, new Message.Resume(Version.MAJOR, Version.MINOR, client, "a test"));
        bench.say(connection, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
        return connection;
    }

    private void object(long connection, long object, Spec spec, String name, Location location, Location home) {
        bench.say(connection, new Message.HandObject(
                object, name, spec, new Token(9, object), location, home, false, true, false, 0, 0, List.of()));
    }

    private void shares(long connection) {
        bench.say(connection, new Message.Hand(Memory.SLAB, PLACE.slab(), SLAB_BYTES));
        object(connection, BEFORE + 1, Bench.TWO_PERMITS, "s", PLACE, Location.BROKER);
    }

    private void locked() {
        bench.memory.create(PLACE.slab(), SLAB_BYTES);
        bench.memory.cell(PLACE).store(LOCK);
    }

    private int value() {
        Message.Opened opened = bench.opened(bench.client(), Mode.OPEN, "s");
        return Word.data(bench.memory.cell(opened.location()).load()) & Word.VALUE;
    }

    /** One client has the newer journal, the others have the older one and the word. */
    private void assertTakenWhenAllHaveCome() {
        bench.say(resumed(LIAR, newer), new Message.HandedOver());
        for (int client : new int[] {TWO, THREE}) {
            long connection = resumed(client, older);
            shares(connection);
            bench.say(connection, new Message.HandedOver());
        }
        assertThat(value()).isEqualTo(1);
    }

    /** The last broker died before it gave its journal to anybody. */
    @Test
    void whoMakesAJournalOfTheLastBrokerSuppressesNoPromise() {
        locked();
        new Journal(older, Bench.LAST - 1).write(promise());
        bench.memory.named(older);
        assertTakenWhenAllHaveCome();
    }

    /** Nor a signal: the first of two who waited was told and is dead, and it is the second one's. */
    @Test
    void whoMakesAJournalOfTheLastBrokerSuppressesNoSignal() {
        int _ = new Journal(older, Bench.LAST - 1)
                .signals()
                .add(new SignalNotes.Note(9, REQUEST, MUTEX, SignalNotes.hash("c")));
        bench.memory.named(older);
        bench.say(resumed(LIAR, newer), new Message.HandedOver());
        bench.memory.create(PLACE.slab(), SLAB_BYTES);
        bench.memory.cell(PLACE).store(Word.pack(PLACE.base(), 0, 0));
        bench.alive.remove(THREE);
        bench.registry.lookForHeirs();
        long two = resumed(TWO, older);
        bench.say(two, new Message.Hand(Memory.SLAB, PLACE.slab(), SLAB_BYTES));
        object(two, MUTEX, new Spec(Kind.MUTEX, 0, 1, 0), "m", PLACE, Location.BROKER);
        bench.say(two, new Message.HandTicket(REQUEST, 1));
        bench.say(two, new Message.HandedOver());
        bench.say(two, new Message.ConditionAwait(REQUEST, MUTEX, "c"));
        assertThat(bench.registry.isTakingOver()).isFalse();
        assertThat(bench.out(two)).contains(new Message.Awaited(REQUEST, WaitOutcome.TAKEN, 0, List.of()));
    }

    /** The client to which it was promised had no descriptor for it, and who has it has not got the word. */
    @Test
    void whatABrokerHasMadeIsBelievedOfThoseToo() {
        locked();
        new Journal(newer, Bench.LAST).write(promise());
        bench.memory.named(newer, older);
        assertTakenWhenAllHaveCome();
    }

    /** The same where it was inherited. */
    @Test
    void whatABrokerHasInheritedIsBelievedOfThoseToo() {
        locked();
        new Journal(newer, Bench.LAST).inherit(List.of(), List.of(new Amendments.Amendment(TWO, CHANGE)));
        bench.memory.named(newer, older);
        bench.say(resumed(LIAR, newer), new Message.HandedOver());
        bench.say(resumed(THREE, older), new Message.HandedOver());
        long two = resumed(TWO, older);
        bench.say(two, new Message.Hand(Memory.OWN, PLACE.slab(), SLAB_BYTES));
        object(two, BEFORE + 1, OWN, "s", Location.BROKER, PLACE);
        bench.say(two, new Message.HandedOver());
        assertThat(bench.list(bench.client(), 0).entries().getFirst().value()).isEqualTo(1);
    }

    @Test
    void aBrokerWritesDownItsJournalAndTheOneItHasInheritedFrom() {
        bench.memory.named(older);
        for (int client : new int[] {LIAR, TWO, THREE}) {
            bench.say(resumed(client, older), new Message.HandedOver());
        }
        assertThat(bench.memory.journals()).containsExactly(bench.memory.journal(), older);
        long _ = bench.client();
        assertThat(bench.memory.journals()).as("once and for all").containsExactly(bench.memory.journal(), older);
    }

    /** Nor is it believed more by the next one, if the broker that has gone on from it dies before it gives its own to anybody. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatABrokerHasWrittenDownThatItTookForTheLastOneIsNoProof(boolean made) {
        if (made) {
            bench.memory.named(newer);
        }
        for (int client : new int[] {LIAR, TWO, THREE}) {
            bench.say(resumed(client, client == LIAR ? newer : older), new Message.HandedOver());
        }
        assertThat(bench.memory.journals()).containsExactly(bench.memory.journal(), newer);
        for (int brokers = 0; brokers < 2; brokers++) {
            Slab another = journal(Bench.LAST);
            bench.memory.write(bench.memory.chronicle()
                    .with(new Chronicle.Line(another, Bench.LAST), new Chronicle.Line(newer, Bench.LAST)));
        }
        hand(LIAR, newer);
        hand(TWO, older);
        assertThat(testament().journal()).isSameAs(newer);
        assertThat(testament().isProven()).isEqualTo(made);
    }

    @Test
    void itIsWrittenDownBeforeAnythingIsChanged() {
        locked();
        new Journal(older, Bench.LAST - 1).write(promise());
        bench.memory.named(older);
        Cell word = bench.memory.cell(PLACE);
        for (int client : new int[] {LIAR, TWO, THREE}) {
            long connection = resumed(client, older);
            shares(connection);
            bench.memory.beforeAccess(() -> bench.memory.unobserved(() -> {
                boolean changed = word.load() != LOCK;
                assertThat(changed && bench.memory.journals().size() < 2).isFalse();
            }));
            bench.say(connection, new Message.HandedOver());
        }
        assertThat(word.load()).isNotEqualTo(LOCK);
        assertThat(bench.memory.journals()).hasSize(2);
    }

    @Test
    void aBrokerToWhichNobodyComesWritesDownItsOwnInFrontOfAll() {
        Bench first = new Bench(Options.defaults());
        first.memory.named(older, oldest);
        long _ = first.client();
        assertThat(first.memory.journals()).containsExactly(first.memory.journal(), older, oldest);
    }

    /** Also when it was given to some only; and when that is not so the one before counts. */
    @Test
    void whereverABrokerDiesTheJournalsThatItsClientsHaveAreWrittenDown() {
        boolean over = false;
        int given = 0;
        for (int steps = 0; !over; steps++) {
            Dynasty all = new Dynasty();
            List<Kin> clients = List.of(all.client(false), all.client(false));
            Slab before = requireNonNull(clients.getFirst().journal);
            all.succeed();
            over = all.survives(steps, all::handOver);
            List<Slab> last = clients.stream().map(client -> requireNonNull(client.journal)).toList();
            assertThat(all.memory.journals()).contains(before).containsAll(last);
            given += !last.getFirst().equals(last.getLast()) ? 1 : 0;
        }
        assertThat(given).as("to one of the two").isPositive();
    }

    /**
     * One is promised a permit by the second broker, and stands still while the third goes on from the first one's journal: the
     * other client has not got the second one's, nor, or so, the third one's. Wherever the two brokers die, who is not told that
     * all is lost has one permit then.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatABrokerHasGoneOnWithoutIsNotGrantedByTheNext(boolean keepsTheThird) {
        Set<Boolean> ends = new HashSet<>();
        boolean promised = false;
        for (int second = 0; !promised; second++) {
            boolean over = false;
            for (int third = second % STRIDE; !over; third += STRIDE) {
                Dynasty all = new Dynasty();
                all.expected.add("");
                Kin one = all.client(false);
                Kin other = all.client(false);
                all.open(one, Mode.CREATE, "s", OWN);
                all.open(other, Mode.OPEN, "s", OWN);
                Slab first = requireNonNull(other.journal);
                all.succeed();
                all.handOver();
                other.journal = first;
                long object = one.home("s").opened.object();
                Message.FromClient acquire =
                        new Message.Operate(all.nextRequest(), object, SemaphoreRule.ACQUIRE.code(), 1);
                promised = all.survives(second, () -> all.ask(one, acquire));
                all.succeed();
                over = all.survives(third, () -> {
                    all.handOver(other);
                    all.registry().takeOverNow();
                });
                other.journal = keepsTheThird ? other.journal : first;
                all.succeed();
                all.handOver();
                boolean lost = all.refused.containsKey(one.connection);
                if (!lost) {
                    assertThat(one.answers.stream().filter(Message.Operated.class::isInstance)).hasSize(1);
                    assertThat(all.value("s")).as("%d steps, then %d", second, third).isEqualTo(1);
                }
                ends.add(lost);
            }
        }
        assertThat(ends).containsExactlyInAnyOrder(true, false);
    }
}
