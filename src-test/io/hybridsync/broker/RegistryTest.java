package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Messages;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final Spec MUTEX = new Spec(Kind.MUTEX, 1, 1, 0);
    private static final Spec EVENT = new Spec(Kind.EVENT, 1, 1, Spec.AUTO_RESET);

    private static final List<Class<?>> FIRST =
            List.of(Message.Hello.class, Message.Alive.class, Message.Resume.class);
    private static final List<Class<?>> HANDING = List.of(
            Message.Hand.class,
            Message.HandObject.class,
            Message.HandTicket.class,
            Message.HandSignal.class,
            Message.HandedOver.class);

    private final Bench bench = new Bench(Options.defaults());

    // Connections

    @Test
    void helloIsAnsweredWithAnIdThatNobodyGoesBy() {
        bench.alive.add(1);
        long connection = bench.greeted();
        assertThat(bench.take(connection)).isEqualTo(new Message.Welcome(1, 0, 2, Bench.INCARNATION));
        assertThat(bench.registry.clientId(connection)).isZero();
    }

    @Test
    void ofTwoMinorVersionsTheLowerIsSpoken() {
        long connection = bench.connection();
        bench.say(connection, new Message.Hello(Version.MAJOR, 99, "newer"));
        assertThat(((Message.Welcome) bench.take(connection)).minor()).isEqualTo(Version.MINOR);
    }

    @Test
    void anotherMajorIsRefusedAndBothAreNamed() {
        long connection = bench.connection();
        bench.say(connection, new Message.Hello(9, 3, ""));
        assertThat(bench.refused.get(connection)).contains("9.3").contains("1.0");
        assertThat(bench.registry.isEmpty()).isTrue();
    }

    @Test
    void whoDoesNotHoldItsLockIsNoClient() {
        long connection = bench.greeted();
        bench.say(connection, new Message.Alive());
        assertThat(bench.refused.get(connection)).contains("lock");
    }

    @Test
    void everyMessageOutOfPlaceExpels() {
        List<Message> all = List.of(
                new Message.Hello(1, 0, ""), new Message.Alive(), new Message.Close(1, 1),
                new Message.ListObjects(1, 0), new Message.Describe(1, 1),
                new Message.Corrupted(1, new Location(1, 0, 1), 0), new Message.Done(1),
                new Message.Welcome(1, 0, 1, 1), new Message.OpenToken(1, Kind.EVENT, new Token(1, 1), true));
        for (Message message : all) {
            assertThat(isExpelled(bench.connection(), message)).isEqualTo(!(message instanceof Message.Hello));
            assertThat(isExpelled(bench.greeted(), message)).isTrue();
            boolean request = !(message instanceof Message.Hello)
                    && !(message instanceof Message.Alive)
                    && message instanceof Message.FromClient;
            assertThat(isExpelled(bench.client(), message)).isEqualTo(!request);
        }
    }

    private boolean isExpelled(long connection, Message message) {
        bench.out(connection).clear();
        bench.say(connection, message);
        return bench.refused.containsKey(connection);
    }

    @Test
    void whoHasNotShownInTimeThatItIsAClientMayTryAgain() {
        long silent = bench.connection();
        long greeted = bench.greeted();
        long client = bench.client();
        for (long connection : new long[] {silent, greeted, client}) {
            bench.registry.requireClient(connection);
        }
        assertThat(bench.codes).containsOnlyKeys(silent, greeted).containsValue(Code.LATE).doesNotContainValue(Code.PROTOCOL);
        assertThat(bench.id(client)).isPositive();
    }

    @Test
    void everyMessageOfAClientIsKnown() {
        for (Class<?> type : Message.FromClient.class.getPermittedSubclasses()) {
            if (!FIRST.contains(type) && !HANDING.contains(type)) {
                long client = bench.client();
                bench.say(client, Messages.of(type).sample());
                assertThat(bench.refused).as(type.getSimpleName()).doesNotContainKey(client);
            }
        }
    }

    @Test
    void onlyWhoResumesHandsOver() {
        for (Class<?> type : HANDING) {
            long client = bench.client();
            bench.say(client, Messages.of(type).filter(message -> !isLedger(message)).sample());
            assertThat(bench.codes).as(type.getSimpleName()).containsEntry(client, Code.PROTOCOL);
        }
    }

    private static boolean isLedger(Message message) {
        return message instanceof Message.Hand hand && hand.memory() == Memory.LEDGER;
    }

    @Test
    void nobodyResumesWhereThereWasNoBrokerBefore() {
        long client = bench.connection();
        bench.alive.add(77);
        bench.say(client, new Message.Resume(Version.MAJOR, Version.MINOR, 77, "a test"));
        assertThat(bench.codes).containsEntry(client, Code.LOST);
        assertThat(bench.refused.get(client)).contains("has taken over already");
        long other = bench.connection();
        bench.say(other, new Message.Resume(Version.MAJOR + 1, 0, 77, "a test"));
        assertThat(bench.codes).containsEntry(other, Code.PROTOCOL);
    }

    @Test
    void allWhoHaveBeenWelcomedShowThatTheyLiveInAnotherFile() {
        long silent = bench.connection();
        long greeted = bench.greeted();
        long client = bench.client();
        bench.registry.showAgain();
        assertThat(bench.out(silent)).isEmpty();
        assertThat(bench.out(greeted)).endsWith(new Message.ShowAgain());
        assertThat(bench.out(client)).containsExactly(new Message.ShowAgain());
    }

    /** Nothing is kept but what a client hands over, and of that nothing that is of no use. */
    @Test
    void whatComesAlongIsClosed() {
        long client = bench.client();
        Message odd = new Message.Hand(Memory.LEDGER, 1, 17);
        for (long connection : new long[] {bench.connection(), client, client, 4711}) {
            try (Memfd file = Memfd.create("test", 4096)) {
                bench.registry.received(connection, connection == client ? odd : new Message.ListObjects(1, 0), file.fd());
                assertThat(file.fd().isClosed()).isTrue();
            }
        }
        assertThat(bench.codes).containsEntry(client, Code.PROTOCOL);
    }

    @Test
    void alsoWhereSomethingFails() {
        Bench next = new Bench(Options.defaults(), List.of(3));
        long heir = next.connection();
        next.say(heir, new Message.Resume(Version.MAJOR, Version.MINOR, 3, "a test"));
        Message unknown = new Message.Hand(Memory.SLAB, (long) Bench.LAST << Integer.SIZE | 1, 4096);
        try (Memfd file = Memfd.create("test", 4096)) {
            assertThatNullPointerException()
                    .as("there is no such slab in this test")
                    .isThrownBy(() -> next.registry.received(heir, unknown, file.fd()));
            assertThat(file.fd().isClosed()).isTrue();
        }
    }

    @Test
    void whatAnExpelledConnectionSaysIsIgnored() {
        long client = bench.client();
        bench.opened(client, Mode.CREATE, "a");
        assertThat(bench.registry.isEmpty()).isFalse();
        int id = bench.id(client);
        bench.registry.expel(client, "for a test");
        assertThat(bench.log).containsExactly("WARN client %d (process %d) is expelled: for a test".formatted(id, 1000 + client));
        bench.say(client, new Message.ListObjects(1, 0));
        bench.registry.expel(client, "again");
        bench.registry.ended(client, true);
        assertThat(bench.out(client)).isEmpty();
        assertThat(bench.refused).containsEntry(client, "for a test");
        assertThat(bench.registry.objects()).isZero();
    }

    @Test
    void theNumberOfClientsIsLimited() {
        Bench small = new Bench(Options.defaults().withQuotas(1, 9, 9, 9999, 9));
        long first = small.client();
        long second = small.greeted();
        assertThat(small.refused.get(second)).contains("limit");
        assertThat(small.codes).containsEntry(second, Code.LIMIT);
        small.kill(first);
        assertThat(small.take(small.greeted())).isInstanceOf(Message.Welcome.class);
    }

    @Test
    void whoeverHoldsBytesThatAreNobodysKeepsOthersFromComing() {
        IntStream.rangeClosed(1, ClientIds.TRIES).forEach(bench.alive::add);
        long refused = bench.greeted();
        assertThat(bench.codes).containsEntry(refused, Code.LIMIT);
        assertThat(bench.refused.get(refused)).contains("no client id is free");
    }

    /** It may write to memory that nobody else can be given, so it takes up room. */
    @Test
    void whoIsExpelledAndLivesCountsAsAClient() {
        Bench small = new Bench(Options.defaults().withQuotas(3, 9, 9, 9999, 9));
        long expelled = small.client();
        long lost = small.client();
        int[] ids = {small.id(expelled), small.id(lost)};
        small.say(expelled, new Message.Alive());
        small.registry.ended(lost, false);
        long third = small.client();
        long fourth = small.greeted();
        assertThat(small.codes).containsEntry(fourth, Code.LIMIT).doesNotContainKey(third);
        assertThat(small.refused.get(fourth)).contains("3 clients", "2 of them have lost their connection and live");
        small.registry.died(ids[0]);
        assertThat(small.codes).doesNotContainKey(small.client());
        assertThat(small.refused.get(small.greeted())).contains("1 of them");
        small.registry.died(ids[1]);
        assertThat(small.codes).doesNotContainKey(small.client());
        assertThat(small.refused.get(small.greeted())).endsWith("its limit");
    }

    // Names

    @Test
    void openCreateAndOpenOrCreate() {
        long one = bench.client();
        long two = bench.client();
        assertThat(failure(bench.open(one, Mode.OPEN, "a", Bench.TWO_PERMITS))).isEqualTo(Code.NONE);
        Message.Opened created = bench.opened(one, Mode.OPEN_OR_CREATE, "a");
        assertThat(created.created()).isTrue();
        assertThat(failure(bench.open(two, Mode.CREATE, "a", Bench.TWO_PERMITS))).isEqualTo(Code.EXISTS);
        Message.Opened opened = bench.opened(two, Mode.OPEN, "a");
        assertThat(opened.created()).isFalse();
        assertThat(opened.object()).isEqualTo(created.object());
        assertThat(bench.opened(two, Mode.OPEN_OR_CREATE, "a").created()).isFalse();
        assertThat(bench.opened(one, Mode.CREATE, "b").object()).isNotEqualTo(created.object());
    }

    @Test
    void theExistingSpecWins() {
        long one = bench.client();
        bench.opened(one, Mode.CREATE, "a");
        Spec other = new Spec(Kind.SEMAPHORE, 0, 99, Spec.COMPACT);
        Message.Opened opened = (Message.Opened) bench.open(bench.client(), Mode.OPEN_OR_CREATE, "a", other);
        assertThat(opened.spec()).isEqualTo(Bench.TWO_PERMITS);
    }

    @Test
    void anotherKindIsRefusedAndBothAreNamed() {
        long one = bench.client();
        bench.opened(one, Mode.CREATE, "a");
        Message.Failed failed = (Message.Failed) bench.open(one, Mode.OPEN_OR_CREATE, "a", EVENT);
        assertThat(failed.code()).isEqualTo(Code.KIND);
        assertThat(failed.message()).contains("semaphore").contains("event").contains("a");
    }

    @Test
    void objectsWithoutNameAreOpenedByTheirToken() {
        long one = bench.client();
        Message.Opened first = bench.opened(one, Mode.CREATE, "");
        Message.Opened second = bench.opened(one, Mode.CREATE, "");
        assertThat(second.object()).isNotEqualTo(first.object());
        long two = bench.client();
        Message.Opened opened = (Message.Opened) bench.openToken(two, Kind.SEMAPHORE, second.token());
        assertThat(opened.object()).isEqualTo(second.object());
        assertThat(opened.created()).isFalse();
        assertThat(failure(bench.openToken(two, Kind.MUTEX, first.token()))).isEqualTo(Code.KIND);
        assertThat(failure(bench.openToken(two, Kind.MUTEX, new Token(0, 0)))).isEqualTo(Code.NONE);
        bench.close(one, first.object());
        assertThat(failure(bench.openToken(two, Kind.SEMAPHORE, first.token()))).isEqualTo(Code.NONE);
    }

    @Test
    void idsCarryTheIncarnation() {
        Message.Opened opened = bench.opened(bench.client(), Mode.CREATE, "a");
        assertThat(opened.object() >>> 32).isEqualTo(Bench.INCARNATION);
        assertThat(opened.location().slab() >>> 32).isEqualTo(Bench.INCARNATION);
    }

    // Memory

    @Test
    void theFirstWordIsWhatTheSpecSays() {
        long client = bench.client();
        assertThat(value(bench.opened(client, Mode.CREATE, "s"))).isEqualTo(2);
        assertThat(value((Message.Opened) bench.open(client, Mode.CREATE, "e", EVENT))).isEqualTo(1);
        assertThat(value((Message.Opened) bench.open(client, Mode.CREATE, "m", MUTEX))).isEqualTo(bench.id(client));
    }

    private int value(long client, long object) {
        return ((Message.Listing) bench.describe(client, object)).entries().get(0).value();
    }

    private int value(Message.Opened opened) {
        long word = bench.memory.cell(opened.location()).load();
        assertThat(Word.isValid(opened.location().base(), word)).isTrue();
        assertThat(Word.flags(word)).isZero();
        return Word.data(word);
    }

    @Test
    void aSlabIsGrantedOnceAndBeforeItIsNamed() {
        long one = bench.client();
        for (int i = 0; i < 200; i++) {
            bench.say(one, new Message.Open(i, Mode.CREATE, Kind.SEMAPHORE, "", Bench.TWO_PERMITS, false));
        }
        List<Long> granted = new ArrayList<>();
        while (!bench.out(one).isEmpty()) {
            switch (bench.take(one)) {
                case Slab slab -> granted.add(slab.id());
                case Message.Opened opened -> assertThat(granted).contains(opened.location().slab());
                default -> throw new AssertionError();
            }
        }
        assertThat(granted).doesNotHaveDuplicates().hasSizeGreaterThan(1);
    }

    @Test
    void withItsLastHandleAnObjectIsGone() {
        long one = bench.client();
        long two = bench.client();
        Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
        bench.opened(two, Mode.OPEN, "a");
        bench.opened(two, Mode.OPEN, "a");

        assertThat(bench.close(one, opened.object())).isInstanceOf(Message.Done.class);
        assertThat(failure(bench.close(one, opened.object()))).isEqualTo(Code.CLOSED);
        assertThat(value(two, opened.object())).isEqualTo(2);
        assertThat(bench.close(two, opened.object())).isInstanceOf(Message.Done.class);

        assertThat(bench.memory.cell(opened.location()).load()).isEqualTo(SlabCache.POISON);
        assertThat(bench.registry.objects() + bench.registry.slots()).isZero();
        Message.Opened next = bench.opened(two, Mode.CREATE, "a");
        assertThat(next.object()).isNotEqualTo(opened.object());
        assertThat(next.location()).isNotEqualTo(opened.location());
    }

    @Test
    void theEndOfMemoryIsAnAnswer() {
        long client = bench.client();
        bench.memory.limit(0);
        long left = bench.budget.left();
        assertThat(failure(bench.open(client, Mode.CREATE, "a", Bench.TWO_PERMITS))).isEqualTo(Code.LIMIT);
        assertThat(bench.budget.left()).isEqualTo(left);
        assertThat(bench.registry.groups()).isZero();
        assertThat(bench.log).anyMatch(line -> line.startsWith("WARN no memory for an object of client"));
        bench.memory.limit(1);
        assertThat(bench.opened(client, Mode.CREATE, "a").created()).isTrue();
    }

    @Test
    void quotasAreAnAnswer() {
        Bench small = new Bench(Options.defaults().withQuotas(9, 2, 3, 1 << 20, 1 << 20));
        long one = small.client();
        long two = small.client();
        long a = small.opened(one, Mode.CREATE, "a").object();
        small.opened(one, Mode.CREATE, "b");
        assertThat(failure(small.open(one, Mode.CREATE, "c", Bench.TWO_PERMITS))).isEqualTo(Code.LIMIT);
        small.opened(two, Mode.CREATE, "c");
        small.opened(two, Mode.CREATE, "d");
        small.opened(one, Mode.OPEN, "c");
        assertThat(failure(small.open(one, Mode.OPEN, "d", Bench.TWO_PERMITS))).isEqualTo(Code.LIMIT);
        assertThat(small.opened(one, Mode.OPEN, "c").created()).isFalse();
        small.close(one, a);
        small.opened(one, Mode.CREATE, "e");
    }

    @Test
    void theBudgetIsAnAnswerAndComesBack() {
        Bench small = new Bench(Options.defaults().withQuotas(9, 99, 99, 2300, 9));
        long one = small.client();
        long two = small.client();
        small.opened(one, Mode.CREATE, "a");
        small.opened(two, Mode.OPEN, "a");
        small.opened(one, Mode.CREATE, "b");
        assertThat(failure(small.open(two, Mode.CREATE, "c", Bench.TWO_PERMITS))).isEqualTo(Code.LIMIT);
        small.kill(one);
        small.kill(two);
        assertThat(small.budget.left()).isEqualTo(2300);
    }

    // Death

    @Test
    void aDeathClosesWhatTheClientHadOpenAndWakesTheOthers() {
        long one = bench.client();
        long two = bench.client();
        bench.opened(one, Mode.CREATE, "other");
        Message.Opened other = bench.opened(two, Mode.OPEN, "other");
        bench.opened(one, Mode.CREATE, "shared");
        Message.Opened shared = bench.opened(two, Mode.OPEN, "shared");
        bench.opened(one, Mode.CREATE, "alone");
        bench.memory.wakes().clear();

        bench.kill(one);

        assertThat(bench.memory.wakes())
                .contains(other.location().offset() + " DATA", shared.location().offset() + " DATA");
        assertThat(bench.list(two, 0).entries()).extracting(Entry::name).containsExactly("other", "shared");
        assertThat(bench.registry.slots()).isEqualTo(2);
        assertThat(value(shared)).isEqualTo(2);
        bench.kill(two);
        assertThat(bench.registry.objects() + bench.registry.slots()).isZero();
        assertThat(bench.registry.isEmpty()).isTrue();
    }

    @Test
    void theCreatorsQuotaSurvivesIt() {
        Bench small = new Bench(Options.defaults().withQuotas(9, 1, 9, 1 << 20, 9));
        long one = small.client();
        long two = small.client();
        Message.Opened opened = small.opened(one, Mode.CREATE, "a");
        small.opened(two, Mode.OPEN, "a");
        small.kill(one);
        small.close(two, opened.object());
        small.opened(two, Mode.CREATE, "b");
    }

    // Corruption

    @Test
    void aBadWordIsNotOpened() {
        long one = bench.client();
        Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
        long bad = bench.memory.cell(opened.location()).load() ^ 2;
        bench.memory.cell(opened.location()).store(bad);

        assertThat(bench.open(bench.client(), Mode.OPEN, "a", Bench.TWO_PERMITS))
                .isInstanceOfSatisfying(Message.FailedCorrupted.class, failed -> {
                    assertThat(failed.word()).isEqualTo(bad);
                    assertThat(failed.location()).isEqualTo(opened.location());
                    assertThat(failed.name()).isEqualTo("a");
                });
        assertMarked(opened.location());
        assertThat(bench.close(one, opened.object())).isInstanceOf(Message.Done.class);
        assertThat(bench.opened(one, Mode.CREATE, "a").created()).isTrue();
    }

    @Test
    void aRepairMakesAnotherOfWhatIsCorruptedAndOfNothingElse() {
        long one = bench.client();
        Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
        assertThat(bench.opened(one, Mode.REPAIR, "a").object()).as("it is sound").isEqualTo(opened.object());
        bench.memory.cell(opened.location()).store(4711);
        assertThat(failure(bench.open(one, Mode.REPAIR, "a", EVENT))).isEqualTo(Code.KIND);
        assertThat(bench.open(one, Mode.OPEN_OR_CREATE, "a", Bench.TWO_PERMITS)).isInstanceOf(Message.FailedCorrupted.class);
        Message.Opened another = bench.opened(one, Mode.REPAIR, "a");
        assertThat(another.created()).isTrue();
        assertThat(another.object()).isNotEqualTo(opened.object());
        assertThat(bench.opened(bench.client(), Mode.OPEN, "a").object()).isEqualTo(another.object());
        assertThat(failure(bench.open(one, Mode.REPAIR, "b", Bench.TWO_PERMITS))).isEqualTo(Code.NONE);
    }

    @Test
    void theMarkMayBeOverwrittenTheBrokerKnows() {
        long one = bench.client();
        Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
        long good = bench.memory.cell(opened.location()).load();
        bench.say(one, new Message.Corrupted(opened.object(), opened.location(), good ^ 1));
        assertMarked(opened.location());
        bench.memory.cell(opened.location()).store(good);
        assertThat(bench.open(one, Mode.OPEN, "a", Bench.TWO_PERMITS)).isInstanceOf(Message.FailedCorrupted.class);
        assertThat(bench.list(one, 0).entries().get(0).corrupted()).isTrue();
        assertThat(bench.log).anyMatch(line -> line.startsWith("WARN") && line.contains("corrupted"));
    }

    private void assertMarked(Location location) {
        long word = bench.memory.cell(location).load();
        assertThat(Word.isValid(location.base(), word)).isTrue();
        assertThat(Word.flags(word)).isEqualTo(Word.CORRUPTED);
        assertThat(Word.data(word) & Word.WAITERS).isZero();
        assertThat(bench.memory.wakes()).contains(location.offset() + " DATA", location.offset() + " FLAGS");
    }

    @Test
    void aReportIsBelievedOnlyFromWhoCouldHaveWrittenAndOnlyOfABadWord() {
        long one = bench.client();
        long two = bench.client();
        Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
        long good = bench.memory.cell(opened.location()).load();
        Location elsewhere = new Location(opened.location().slab(), opened.location().offset(), 99);
        bench.say(two, new Message.Corrupted(opened.object(), opened.location(), good ^ 1));
        bench.say(one, new Message.Corrupted(opened.object(), elsewhere, good ^ 1));
        bench.say(one, new Message.Corrupted(opened.object(), opened.location(), good));
        assertThat(bench.log).singleElement().asString().contains("reports a good word");
        bench.say(one, new Message.Corrupted(opened.object(), opened.location(), good));
        assertThat(bench.opened(two, Mode.OPEN, "a").created()).isFalse();
        assertThat(bench.log).hasSize(1);
    }

    // Lists

    @Test
    void anEntryTellsEverything() {
        long one = bench.client();
        long two = bench.client();
        Message.Opened opened = (Message.Opened) bench.open(one, Mode.CREATE, "m", MUTEX);
        Entry entry = ((Message.Listing) bench.describe(two, opened.object())).entries().get(0);
        assertThat(entry.object()).isEqualTo(opened.object());
        assertThat(entry.name()).isEqualTo("m");
        assertThat(entry.kind()).isEqualTo(Kind.MUTEX);
        assertThat(entry.value()).isEqualTo(bench.id(one));
        assertThat(entry.flags()).isZero();
        assertThat(entry.waiters()).isFalse();
        assertThat(entry.hashValid()).isTrue();
        assertThat(entry.location()).isEqualTo(opened.location());
        assertThat(entry.group()).containsExactly(bench.id(one));
        assertThat(entry.ownerClient()).isEqualTo(bench.id(one));
        assertThat(entry.ownerPid()).isEqualTo(1000 + (int) one);
        assertThat(failure(bench.describe(two, 1))).isEqualTo(Code.NONE);
    }

    @Test
    void aLongListComesInPages() {
        long client = bench.client();
        String longName = "x".repeat(1000);
        for (int i = 0; i < 300; i++) {
            bench.opened(client, Mode.CREATE, longName + i);
        }
        List<Entry> all = new ArrayList<>();
        Message.Listing page = bench.list(client, 0);
        int pages = 1;
        all.addAll(page.entries());
        while (page.more()) {
            page = bench.list(client, all.getLast().object());
            assertThat(Codec.encode(page).remaining()).isPositive();
            all.addAll(page.entries());
            pages++;
        }
        assertThat(pages).isGreaterThan(5);
        assertThat(all).extracting(Entry::object).hasSize(300).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theOptionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.defaults().withQuotas(Options.MOST_CLIENTS + 1, 1, 1, 1, 1))
                .withMessageContaining("clients");
        assertThatIllegalArgumentException().isThrownBy(() -> Options.defaults().withQuotas(1, 0, 1, 1, 1));
    }

    private static Code failure(Object answer) {
        assertThat(answer).isInstanceOf(Message.Failed.class);
        return ((Message.Failed) answer).code();
    }
}
