package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.SlabCache;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a word is that the broker before was moving, for clients that are at different places of its way. */
class WhereaboutsTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final int SLAB_BYTES = 4096;
    private static final int VALUE = 2;
    private static final int MOVE = 7;
    private static final Location O = new Location(BEFORE + 1, 64, 1);
    private static final Location N = new Location(BEFORE + 1, 128, 1);
    private static final Location P = new Location(BEFORE + 1, 192, 1);

    private final HeapSlabs memory = new HeapSlabs();
    private final Legacy legacy =
            new Legacy(memory, new Budget(1 << 20), new Lineage(Bench.INCARNATION, Bench.LAST, List.of(ONE, TWO, THREE)));

    @BeforeEach
    void aSlabOfWhichNothingIsUsed() {
        memory.create(O.slab(), SLAB_BYTES);
        for (Location free : List.of(O, N, P)) {
            memory.cell(free).store(SlabCache.POISON);
        }
        for (int client : List.of(ONE, TWO, THREE)) {
            legacy.hand(client, new Message.Hand(Memory.SLAB, O.slab(), SLAB_BYTES), null);
        }
    }

    private void write(Location place, int data, int flags) {
        memory.cell(place).store(Word.pack(place.base(), data, flags));
    }

    private static Message.HandObject at(Location place, Told... told) {
        return new Message.HandObject(
                BEFORE + 1, "s", Bench.TWO_PERMITS, new Token(9, 1), place, Location.BROKER, false, true, false, 0, 0,
                List.of(told));
    }

    private Whereabouts.Place find(Message.HandObject... statements) {
        Bequest bequest = new Bequest(statements[0]);
        for (int i = 0; i < statements.length; i++) {
            bequest.add(List.of(ONE, TWO, THREE).get(i), statements[i]);
        }
        return Objects.requireNonNull(new Whereabouts(legacy).find(bequest));
    }

    private void assertIsAt(Location place, Message.HandObject... statements) {
        Whereabouts.Place found = find(statements);
        assertThat(found.slot().location()).isEqualTo(place);
        assertThat(found.sound()).isTrue();
        assertThat(found.slot().load()).isEqualTo(Word.pack(place.base(), VALUE, 0));
    }

    /** After which step of a move the broker died; what it had written then. */
    enum Death {
        LOCKING,
        WRITING,
        UNLOCKING,
        BURYING;

        Location place() {
            return compareTo(UNLOCKING) < 0 ? O : N;
        }
    }

    private void dies(Death death) {
        boolean buried = death == Death.BURYING;
        write(O, buried ? MOVE : VALUE, buried ? Word.MOVED : Word.LOCKED);
        if (death != Death.LOCKING) {
            write(N, VALUE, death == Death.WRITING ? Word.LOCKED : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsWhereTheMoveThatTheBrokerDiedInHasBroughtIt(Death death) {
        dies(death);
        boolean told = death.place().equals(N);
        assertIsAt(death.place(), told ? at(O, new Told(MOVE, N)) : at(O), at(O, new Told(MOVE, N)));
    }

    /** Of those who are at the old place, whether it was this one that was told or another one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWasNotToldLearnsItFromTheOthers(boolean first) {
        dies(Death.BURYING);
        Message.HandObject told = at(O, new Told(MOVE, N));
        assertIsAt(N, first ? told : at(O), first ? at(O) : told);
    }

    /** Whoever has seen the tombstone has forgotten what it was told. */
    @Test
    void whoIsThereAlreadyIsBelieved() {
        dies(Death.BURYING);
        assertIsAt(N, at(N));
    }

    @Test
    void theLockIsEndedWithATombstoneOfTheNumberThatClientsWereTold() {
        dies(Death.UNLOCKING);
        find(at(O, new Told(MOVE - 1, P), new Told(MOVE, N)));
        assertThat(memory.cell(O).load()).isEqualTo(Word.pack(O.base(), MOVE, Word.MOVED));
        assertThat(memory.wakes()).contains("64 DATA", "64 FLAGS");
    }

    @Test
    void whoSleepsOnALockThatIsTakenAwayIsWoken() {
        dies(Death.LOCKING);
        find(at(O));
        assertThat(memory.wakes()).contains("64 DATA", "64 FLAGS");
    }

    @ParameterizedTest
    @ValueSource(ints = {Word.WAKE_BROKER, 0})
    void theOtherFlagsOfALockedWordStay(int flags) {
        write(O, VALUE, Word.LOCKED | flags);
        assertThat(find(at(O)).slot().load()).isEqualTo(Word.pack(O.base(), VALUE, flags));
    }

    /** Each of them knows another part of the way. */
    @Test
    void thereMayHaveBeenSeveralMoves() {
        write(O, 4, Word.MOVED);
        write(N, MOVE, Word.MOVED);
        write(P, VALUE, 0);
        assertIsAt(P, at(O, new Told(4, N)), at(N, new Told(MOVE, P)));
        assertIsAt(P, at(N, new Told(MOVE, P)), at(O, new Told(4, N)));
    }

    /** It was told for a move that was given up, and the place is another object's by now. */
    @Test
    void aNumberThatNoTombstoneCarriesLeadsNowhere() {
        dies(Death.BURYING);
        write(P, 5, 0);
        assertIsAt(N, at(O, new Told(MOVE - 1, P), new Told(MOVE, N)));
    }

    @Test
    void whoSaysThatItWasToldOfWhatIsNoWordLeadsNobodyAstray() {
        dies(Death.BURYING);
        assertIsAt(N, at(O, new Told(MOVE, P)), at(O, new Told(MOVE, N)));
    }

    @Test
    void whereATombstoneLeadsThatNobodyWasToldOfNobodyKnows() {
        write(O, MOVE, Word.MOVED);
        Whereabouts.Place found = find(at(O, new Told(MOVE - 1, N)));
        assertThat(found.slot().location()).isEqualTo(O);
        assertThat(found.sound()).isFalse();
    }

    @Test
    void aCircleHasNoEnd() {
        write(O, 4, Word.MOVED);
        write(N, MOVE, Word.MOVED);
        assertThat(find(at(O, new Told(4, N), new Told(MOVE, O))).sound()).isFalse();
    }

    /** For a lock as for a tombstone. */
    @ParameterizedTest
    @EnumSource(names = {"LOCKING", "BURYING"})
    void aPlaceInMemoryThatNobodyHasIsNone(Death death) {
        dies(death);
        Location gone = new Location(BEFORE + 9, 64, 1);
        assertIsAt(death.place(), at(O, new Told(MOVE, gone)), at(O, new Told(MOVE, N)));
    }

    /** Nor if it was marked as bad, or makes a claim itself. */
    @ParameterizedTest
    @ValueSource(ints = {Word.LOCKED, Word.MOVED, Word.CORRUPTED})
    void whatIsNotPlainWasNotCommitted(int flag) {
        dies(Death.LOCKING);
        write(N, VALUE, flag);
        assertIsAt(O, at(O, new Told(MOVE, N)));
    }

    @Test
    void whatIsBadIsNotFollowed() {
        write(O, VALUE, Word.CORRUPTED);
        assertThat(find(at(O)).sound()).isFalse();
        memory.cell(O).store(Word.pack(O.base(), VALUE, 0) ^ 1);
        assertThat(find(at(O)).sound()).isFalse();
    }

    /** One who gets to a word knows better than all who do not. */
    @Test
    void whereAWordIsCountsForMoreThanWhereNoneIs() {
        write(P, VALUE, 0);
        assertIsAt(P, at(O), at(O), at(P));
        assertIsAt(P, at(P), at(O), at(O));
    }

    @Test
    void ofSeveralWordsThatCountsWhichMostGetTo() {
        write(O, 1, 0);
        write(P, VALUE, 0);
        assertIsAt(P, at(O), at(P), at(P));
        assertIsAt(P, at(P), at(P), at(O));
    }

    /** Or one client could keep the broker from everything else for as long as it likes. */
    @Test
    void howEverManyMovesAreClaimedThatLeadInACircleEachIsLookedAtOnce() {
        int many = 1000;
        write(O, MOVE, Word.MOVED);
        write(N, MOVE + 1, Word.MOVED);
        Told[] told = new Told[many];
        for (int i = 0; i < many; i++) {
            told[i] = new Told(MOVE + i, i % 2 == 0 ? N : O);
        }
        int[] looks = new int[1];
        memory.beforeAccess(() -> looks[0]++);
        Whereabouts.Place found = find(at(O, told), at(N), at(P));
        assertThat(found.sound()).isFalse();
        assertThat(looks[0]).isBetween(many, many + 20);
    }
}
