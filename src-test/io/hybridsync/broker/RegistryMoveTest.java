package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where objects live: in memory of exactly those who have them open; and what is told to whom when that changes. */
class RegistryMoveTest {

    private static final Spec GLOBAL = new Spec(Kind.SEMAPHORE, 2, 5, Spec.GLOBAL);

    private final Bench bench = new Bench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();

    @Test
    void aSecondHolderMovesTheWordToMemoryOfBoth() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        write(created.location(), Word.pack(created.location().base(), 4 | Word.WAITERS, 0));

        Message.Opened opened = bench.opened(two, Mode.OPEN, "a");

        assertThat(group("a")).containsExactly(bench.id(one), bench.id(two));
        assertThat(word(opened.location())).isEqualTo(Word.pack(opened.location().base(), 4, 0));
        assertThat(bench.notices(one)).containsExactly(
                new Message.Moving(created.object(), 1, created.location(), opened.location()),
                new Message.Moved(created.object(), 1, created.location()));
        assertThat(word(created.location())).isEqualTo(Word.pack(created.location().base(), 1, Word.MOVED));
        int offset = created.location().offset();
        assertThat(bench.memory.wakes()).contains(offset + " DATA", offset + " FLAGS");
    }

    @Test
    void theOldPlaceIsKeptUntilItIsAcknowledged() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        bench.opened(two, Mode.OPEN, "a");
        assertThat(bench.registry.slots()).isEqualTo(2);
        assertThat(bench.retired).isEmpty();

        bench.acknowledge(one);

        assertThat(bench.registry.slots()).isEqualTo(1);
        assertThat(word(created.location())).isEqualTo(SlabCache.POISON);
        assertThat(bench.retired).containsExactly(created.location().slab());
        assertThat(bench.notices(one)).containsExactly(new Message.SlabRevoke(created.location().slab()));
        assertThat(bench.registry.groups()).isEqualTo(1);
    }

    @Test
    void whoWritesToFreeMemoryIsNamedAndItsPlaceIsNotUsedAgain() {
        bench.opened(one, Mode.CREATE, "a");
        Message.Opened shared = bench.opened(two, Mode.OPEN, "a");
        Location next = new Location(shared.location().slab(), shared.location().offset() + 64, 1);
        write(next, 0);
        bench.opened(one, Mode.CREATE, "b");

        Message.Opened moved = bench.opened(two, Mode.OPEN, "b");

        assertThat(moved.location().offset()).isEqualTo(next.offset() + 64);
        assertThat(bench.log).containsExactly("WARN somebody has written 0x0000000000000000 to free memory at " + next
                + ", which is not used again. The members of the group now: client " + bench.id(one)
                + " (process 1001), client " + bench.id(two) + " (process 1002)");
        bench.kill(one);
        bench.kill(two);
        assertThat(bench.retired).contains(next.slab());
        assertThat(bench.registry.slots() + bench.registry.groups()).isZero();
    }

    /** Who has not left it finds no tombstone, and never gets to the word: then nobody is to go on with the object without it. */
    @Test
    void whoFindsABadWordWhereItHasNotLeftIsBelieved() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        bench.opened(two, Mode.OPEN, "a");
        long tombstone = word(created.location());
        bench.say(one, new Message.Corrupted(created.object(), created.location(), tombstone));
        bench.say(two, new Message.Corrupted(created.object(), created.location(), tombstone ^ 1));
        assertThat(bench.list(one, 0).entries().getFirst().corrupted()).isFalse();

        write(created.location(), tombstone ^ 1);
        bench.say(one, new Message.Corrupted(created.object(), created.location(), tombstone ^ 1));
        assertThat(bench.list(one, 0).entries().getFirst().corrupted()).isTrue();
        assertThat(bench.open(two, Mode.OPEN, "a", Bench.TWO_PERMITS)).isInstanceOf(Message.FailedCorrupted.class);
    }

    /** Not where the word is by now: who has it open there only could not have written it. */
    @Test
    void whoCouldHaveWrittenABadWordIsToldOfThePlaceWhereItWasFound() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        Location shared = bench.opened(two, Mode.OPEN, "a").location();
        bench.lazy.add(one);
        bench.close(two, created.object());
        long three = bench.client();
        bench.opened(three, Mode.OPEN, "a");
        bench.log.clear();

        bench.say(one, new Message.Corrupted(created.object(), shared, 77));

        assertThat(bench.log).containsExactly("WARN semaphore \"a\" is corrupted: its word at " + shared
                + " was 0x000000000000004d. The clients that could have written it: " + MemberSet.of(bench.id(one)).with(bench.id(two)));
        assertThat(bench.open(three, Mode.OPEN, "a", Bench.TWO_PERMITS))
                .isInstanceOfSatisfying(Message.FailedCorrupted.class, failed -> {
                    assertThat(failed.location()).isEqualTo(shared);
                    assertThat(failed.word()).isEqualTo(77);
                    assertThat(failed.writers()).extracting(Writer::client).containsExactly(bench.id(one), bench.id(two));
                });
    }

    @Test
    void aBadWordWhereOneHasLeftIsNobodysFault() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.opened(two, Mode.OPEN, "a");
        bench.say(one, new Message.Corrupted(created.object(), created.location(), 77));
        assertThat(bench.list(one, 0).entries().getFirst().corrupted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void ofVeryManyNotAllAreNamed(int members) {
        Bench many = new Bench(Options.defaults());
        Message.Opened opened = many.opened(many.client(), Mode.CREATE, "a");
        for (int i = 1; i < members; i++) {
            opened = many.opened(many.client(), Mode.OPEN, "a");
        }
        Location free = new Location(opened.location().slab(), opened.location().offset() + 64, 1);
        many.memory.cell(free).store(0);
        many.registry.patrol();
        assertThat(many.log).singleElement().asString().endsWith(
                members == 16 ? ", client 16 (process 1016)" : ", client 16 (process 1016) and 1 more");
    }

    /** However much memory there is: no event takes long, and each word has its turn. */
    @Test
    void aPatrolLooksAtSomeMemoryAndTheNextOneAtTheRest() {
        int clients = 20;
        int words = 0;
        for (int i = 0; i < clients; i++) {
            Location place = bench.opened(bench.client(), Mode.CREATE, "").location();
            bench.memory.cell(new Location(place.slab(), place.offset() + 64, 1)).store(0);
            words += bench.memory.size(place.slab()) / Long.BYTES;
        }
        int[] looks = new int[1];
        bench.memory.beforeAccess(() -> looks[0]++);
        bench.registry.patrol();
        assertThat(looks[0]).isLessThan(words * 9 / 10);
        assertThat(bench.log).hasSizeLessThan(clients);
        bench.registry.patrol();
        assertThat(bench.log).hasSize(clients);
    }

    @Test
    void aFalseAcknowledgementFreesNothing() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        Message.Opened opened = bench.opened(two, Mode.OPEN, "a");
        bench.say(two, new Message.Acknowledge(created.object(), created.location()));
        bench.say(one, new Message.Acknowledge(created.object(), opened.location()));
        bench.say(one, new Message.Acknowledge(created.object() + 1, created.location()));
        assertThat(bench.registry.tombstones()).isEqualTo(1);
    }

    @Test
    void whoClosesLosesTheMemory() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        Message.Opened opened = bench.opened(two, Mode.OPEN, "a");

        bench.close(one, created.object());

        assertThat(group("a")).containsExactly(bench.id(two));
        assertThat(bench.retired).contains(opened.location().slab());
        assertThat(bench.registry.slots()).isEqualTo(1);
        assertThat(bench.registry.groups()).isEqualTo(1);
        bench.close(two, created.object());
        assertThat(bench.registry.slots() + bench.registry.groups() + bench.registry.tombstones()).isZero();
    }

    /** As if it had acknowledged that the word is elsewhere. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoClosesIsNowhere(boolean leaves) {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        bench.opened(two, Mode.OPEN, "a");
        assertThat(bench.registry.tombstones()).isEqualTo(1);
        bench.say(one, leaves ? new Message.Leave(1) : new Message.Close(1, created.object()));
        assertThat(bench.registry.tombstones()).isZero();
    }

    @Test
    void whereThereIsNoMemoryForTheMoveNothingHasChanged() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        long left = bench.budget.left();
        bench.memory.limit(0);
        assertThat(failure(bench.open(two, Mode.OPEN, "a", Bench.TWO_PERMITS))).isEqualTo(Code.LIMIT);
        assertThat(bench.log).singleElement().asString().startsWith("WARN no memory for the move of semaphore \"a\"");
        assertThat(bench.budget.left()).isEqualTo(left);
        assertThat(bench.registry.groups()).isEqualTo(1);
        assertThat(entry("a").location()).isEqualTo(created.location());
        bench.memory.limit(1);
        assertThat(bench.opened(two, Mode.OPEN, "a").created()).isFalse();
    }

    /** Whenever the broker looks at it: who opens it is told, and pays nothing. */
    @Test
    void aWordThatIsOverwrittenWhileItMovesIsNotOpened() {
        int accesses = 0;
        Object answer;
        do {
            accesses++;
            answer = new RegistryMoveTest().openedWhileOverwrittenAt(accesses);
        } while (answer instanceof Message.FailedCorrupted);
        assertThat(answer).isInstanceOf(Message.Opened.class);
        assertThat(accesses).isGreaterThan(4);
    }

    private Object openedWhileOverwrittenAt(int access) {
        Location place = bench.opened(one, Mode.CREATE, "a").location();
        long left = bench.budget.left();
        int[] accesses = new int[1];
        bench.memory.beforeAccess(() -> {
            if (++accesses[0] == access) {
                bench.memory.unobserved(() -> write(place, word(place) ^ 1));
            }
        });
        Object answer = bench.open(two, Mode.OPEN, "a", Bench.TWO_PERMITS);
        if (answer instanceof Message.FailedCorrupted) {
            assertThat(bench.budget.left()).isEqualTo(left);
            assertThat(bench.log).anyMatch(line -> line.contains("\"a\" is corrupted"));
        }
        return answer;
    }

    /** Or it would be told of a place in memory that it never gets: others of the group have that already. */
    @Test
    void whoCouldNotBeGivenTheMemoryIsGivenItWhenItHasRoom() {
        bench.opened(one, Mode.CREATE, "a");
        Message.Opened shared = bench.opened(two, Mode.OPEN, "a");
        bench.say(one, new Message.SlabDeclined(shared.location().slab()));
        bench.opened(one, Mode.CREATE, "b");
        bench.full.add(one);
        bench.say(two, new Message.Open(1, Mode.OPEN, Kind.SEMAPHORE, "b", Bench.TWO_PERMITS, false));
        assertThat(bench.out(two)).noneMatch(Message.Opened.class::isInstance);
        bench.out(one).clear();
        bench.full.clear();
        bench.registry.roomAgain();
        Message.Opened opened = bench.out(two).stream()
                .filter(Message.Opened.class::isInstance)
                .map(Message.Opened.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(bench.out(one))
                .filteredOn(Slab.class::isInstance)
                .singleElement()
                .satisfies(slab -> assertThat(((Slab) slab).id()).isEqualTo(opened.location().slab()));
    }

    @Test
    void aFullSocketDelaysTheMoveAndNothingElse() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.full.add(one);
        bench.say(two, new Message.Open(77, Mode.OPEN, Kind.SEMAPHORE, "a", Spec.existing(Kind.SEMAPHORE), false));

        assertThat(bench.out(two)).isEmpty();
        assertThat(word(created.location())).isEqualTo(Word.pack(created.location().base(), 2, 0));
        assertThat(bench.memory.wakes()).contains(created.location().offset() + " FLAGS");
        assertThat(bench.registry.slots()).isEqualTo(1);
        assertThat(bench.opened(two, Mode.CREATE, "b").created()).isTrue();

        bench.full.clear();
        bench.registry.roomAgain();
        bench.settle();
        assertThat(bench.out(two).stream().filter(Message.Opened.class::isInstance)).hasSize(1);
        bench.out(two).clear();
        assertThat(group("a")).hasSize(2);
    }

    /** Who was told a place under a number goes there when he sees the number, so it must not come to mean another place. */
    @Test
    void theNumberOfAMoveThatWasGivenUpIsNotUsedAgain() {
        long three = bench.client();
        bench.opened(one, Mode.CREATE, "a");
        bench.opened(two, Mode.OPEN, "a");
        bench.lazy.add(one);
        bench.full.add(two);
        bench.say(three, new Message.Open(77, Mode.OPEN, Kind.SEMAPHORE, "a", Spec.existing(Kind.SEMAPHORE), false));
        bench.full.clear();
        bench.registry.roomAgain();
        assertThat(bench.notices(one).stream().filter(Message.Moving.class::isInstance).map(n -> ((Message.Moving) n).move()))
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void whereRoomIsKnownToBeMissingNobodyIsToldInVain() {
        bench.opened(one, Mode.CREATE, "a");
        bench.opened(two, Mode.OPEN, "a");
        bench.fullByNow.add(two);
        bench.lazy.add(one);
        bench.notices(one).clear();
        long three = bench.client();
        bench.memory.limit(0);
        bench.say(three, new Message.Open(77, Mode.OPEN, Kind.SEMAPHORE, "a", Spec.existing(Kind.SEMAPHORE), false));
        assertThat(bench.out(three)).as("delayed, and not refused for want of memory").isEmpty();
        assertThat(bench.notices(one)).isEmpty();
    }

    @Test
    void aFullSocketDoesNotKeepAnybodyFromClosing() {
        long three = bench.client();
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.opened(two, Mode.OPEN, "a");
        bench.opened(three, Mode.OPEN, "a");
        bench.full.add(one);
        assertThat(bench.close(two, created.object())).isInstanceOf(Message.Done.class);
        assertThat(group("a")).hasSize(3);
        bench.full.clear();
        bench.registry.roomAgain();
        assertThat(group("a")).containsExactly(bench.id(one), bench.id(three));
    }

    @Test
    void aDeathShedsTheDeadInPlace() {
        bench.opened(one, Mode.CREATE, "a");
        Location shared = bench.opened(two, Mode.OPEN, "a").location();
        Location own = bench.opened(two, Mode.CREATE, "b").location();
        bench.kill(one);
        assertThat(entry("a").location()).isEqualTo(shared);
        assertThat(entry("b").location()).isEqualTo(own);
        assertThat(group("a")).containsExactly(bench.id(two));
        assertThat(bench.registry.groups()).as("two groups of the same members are one").isEqualTo(1);
        bench.close(two, entry("a").object());
        bench.close(two, entry("b").object());
        assertThat(bench.registry.slots() + bench.registry.groups()).isZero();
    }

    @Test
    void aDeathAcknowledges() {
        bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        bench.opened(two, Mode.OPEN, "a");
        assertThat(bench.registry.tombstones()).isEqualTo(1);
        bench.kill(one);
        assertThat(bench.registry.tombstones()).isZero();
        assertThat(bench.registry.slots()).isEqualTo(1);
    }

    @Test
    void aLivingClientThatIsExpelledIsLeftBehindAndPinsWhatItMayWriteTo() {
        Message.Opened alone = bench.opened(one, Mode.CREATE, "alone");
        bench.opened(one, Mode.CREATE, "shared");
        Location shared = bench.opened(two, Mode.OPEN, "shared").location();
        int id = bench.id(one);

        bench.registry.expel(one, "for a test");
        bench.settle();

        assertThat(bench.expelled).containsExactly(id);
        assertThat(group("shared")).containsExactly(bench.id(two));
        assertThat(entry("shared").location()).isNotEqualTo(shared);
        assertThat(word(alone.location())).as("nobody else's").isNotEqualTo(SlabCache.POISON);
        assertThat(bench.registry.slots()).as("alone, shared before and now").isEqualTo(3);
        assertThat(failure(bench.open(two, Mode.OPEN, "alone", Bench.TWO_PERMITS))).isEqualTo(Code.NONE);

        bench.registry.died(id);
        assertThat(bench.registry.slots()).isEqualTo(1);
        assertThat(bench.registry.groups()).isEqualTo(1);
    }

    @Test
    void globalObjectsStay() {
        Message.Opened created = (Message.Opened) bench.open(one, Mode.CREATE, "g", GLOBAL);
        Message.Opened opened = bench.opened(two, Mode.OPEN, "g");
        assertThat(opened.location()).isEqualTo(created.location());
        bench.close(one, created.object());
        assertThat(entry("g").location()).isEqualTo(created.location());
        bench.close(two, created.object());
        assertThat(bench.registry.slots()).isZero();
    }

    @Test
    void theDeadAreNotAmongAll() {
        bench.open(one, Mode.CREATE, "g", GLOBAL);
        bench.opened(two, Mode.OPEN, "g");
        assertThat(group("g")).containsExactly(bench.id(one), bench.id(two));
        bench.kill(one);
        assertThat(group("g")).containsExactly(bench.id(two));
    }

    @Test
    void aLivingClientThatIsExpelledPinsGlobalPlacesToo() {
        bench.open(one, Mode.CREATE, "g", GLOBAL);
        bench.opened(two, Mode.OPEN, "g");
        int id = bench.id(one);
        bench.registry.expel(one, "for a test");
        bench.close(two, entry("g").object());
        assertThat(bench.registry.slots()).isEqualTo(1);
        bench.registry.died(id);
        assertThat(bench.registry.slots()).isZero();
    }

    @Test
    void aBadWordIsNotMoved() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        write(created.location(), word(created.location()) ^ 1);
        assertThat(bench.open(two, Mode.OPEN, "a", Bench.TWO_PERMITS)).isInstanceOf(Message.FailedCorrupted.class);
        assertThat(bench.registry.slots()).isEqualTo(1);
        assertThat(bench.notices(one)).isEmpty();
    }

    @Test
    void aClaimIsAnsweredWithThePlaceWhereTheWordIs() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.lazy.add(one);
        Message.Opened opened = bench.opened(two, Mode.OPEN, "a");
        bench.say(one, new Message.Claim(5, created.object(), created.location()));
        assertThat(bench.out(one).removeLast()).isEqualTo(
                new Message.ClaimAnswer(5, io.hybridsync.wire.ClaimState.CONFIRMED, opened.location()));
        bench.say(one, new Message.Claim(6, created.object(), opened.location()));
        assertThat(bench.out(one).removeLast()).isEqualTo(
                new Message.ClaimAnswer(6, io.hybridsync.wire.ClaimState.GONE, opened.location()));
        bench.say(one, new Message.Claim(7, created.object() + 1, opened.location()));
        assertThat(failure(bench.out(one).removeLast())).isEqualTo(Code.CLOSED);
    }

    @Test
    void whoHadNoRoomForTheMemoryIsNotToldThatItIsGone() {
        bench.lazy.add(one);
        for (boolean declines : new boolean[] {false, true}) {
            Message.Opened created = bench.opened(one, Mode.CREATE, "a");
            long slab = created.location().slab();
            if (declines) {
                bench.say(one, new Message.SlabDeclined(slab));
            }
            bench.notices(one).clear();
            bench.close(one, created.object());
            assertThat(bench.retired).contains(slab);
            assertThat(bench.notices(one).contains(new Message.SlabRevoke(slab))).isEqualTo(!declines);
        }
    }

    /** Or it would not find the word where it is said to be. */
    @Test
    void whoHadNoRoomForTheMemoryIsGivenItAgainWhenHeClaims() {
        Message.Opened created = bench.opened(one, Mode.CREATE, "a");
        bench.say(one, new Message.SlabDeclined(created.location().slab()));
        bench.say(one, new Message.Claim(5, created.object(), created.location()));
        assertThat(bench.take(one)).isInstanceOfSatisfying(Slab.class, slab ->
                assertThat(slab.id()).isEqualTo(created.location().slab()));
        assertThat(bench.take(one)).isInstanceOf(Message.ClaimAnswer.class);
    }

    private Entry entry(String name) {
        return bench.list(two, 0).entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private List<Integer> group(String name) {
        return entry(name).group();
    }

    private long word(Location location) {
        return bench.memory.cell(location).load();
    }

    private void write(Location location, long word) {
        bench.memory.cell(location).store(word);
    }

    private static Code failure(Object answer) {
        return ((Message.Failed) answer).code();
    }
}
