package io.hybridsync.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

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

    @Test
    void whereNothingIsWrittenDownTheNewestCountsThatMostHave() {
        assertThat(Testament.of(legacy)).isNull();
        hand(LIAR, journal(Bench.LAST));
        hand(TWO, newer);
        hand(THREE, newer);
        bench.memory.named(journal(Bench.LAST));
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

    /** The last broker died before it gave its journal to anybody. */
    @Test
    void whoMakesAJournalOfTheLastBrokerSuppressesNoPromise() {
        locked();
        new Journal(older, Bench.LAST - 1).write(promise());
        bench.memory.named(older);
        bench.say(resumed(LIAR, newer), new Message.HandedOver());
        for (int client : new int[] {TWO, THREE}) {
            long connection = resumed(client, older);
            shares(connection);
            bench.say(connection, new Message.HandedOver());
        }
        assertThat(value()).isEqualTo(1);
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
        bench.say(resumed(LIAR, newer), new Message.HandedOver());
        for (int client : new int[] {TWO, THREE}) {
            long connection = resumed(client, older);
            shares(connection);
            bench.say(connection, new Message.HandedOver());
        }
        assertThat(value()).isEqualTo(1);
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
        Spec own = new Spec(Kind.SEMAPHORE, 2, 5, Spec.BROKER_ONLY);
        object(two, BEFORE + 1, own, "s", Location.BROKER, PLACE);
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

    @Test
    void aBrokerWithoutAnyBeforeItWritesDownItsOwn() {
        Bench first = new Bench(Options.defaults());
        first.memory.named(older);
        long _ = first.client();
        assertThat(first.memory.journals()).containsExactly(first.memory.journal());
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
}
