package io.hybridsync.broker;

import static io.hybridsync.object.SemaphoreRule.ACQUIRE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.slab.Half;
import io.hybridsync.slab.SleeplessCell;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a transaction writes, step by step, and what it does when others write in between. */
class TransactionTest {

    private static final int MAXIMUM = 9;

    private final List<String> trace = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private @Nullable Runnable beforeWrite;

    @Test
    void allAreLockedInOrderBeforeOneIsTaken() {
        Transaction transaction = of(2, 3 | Word.WAITERS);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.DONE);
        assertThat(trace).containsExactly(
                "0: 2 [LOCKED]", "1: 3w [LOCKED]", "0: 1 []", "wake 0 FLAGS", "1: 2w []", "wake 1 FLAGS");
        assertThat(List.of(transaction.value(0), transaction.value(1))).containsExactly(2, 3);
    }

    @Test
    void oneThatIsNotSignaledIsSubscribedAtAndNothingIsLocked() {
        Transaction transaction = of(2, 0 | Word.WAITERS, 0);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.REFUSED);
        assertThat(transaction.at()).isEqualTo(1);
        assertThat(trace).containsExactly("1: 0w [WAKE_BROKER]");
    }

    @Test
    void oneThatIsTakenMeanwhileIsSubscribedAtAndTheOthersAreAsBefore() {
        Transaction transaction = of(2, 1);
        beforeWrite = () -> store(1, 0, 0);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.REFUSED);
        assertThat(transaction.at()).isEqualTo(1);
        assertThat(trace).containsExactly(
                "0: 2 [LOCKED]", "1: 0 [WAKE_BROKER]", "0: 2 []", "wake 0 FLAGS");
    }

    @Test
    void theFlagsThatWereThereStay() {
        Transaction transaction = of(2, 1);
        store(0, 2, Word.WAKE_BROKER);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.DONE);
        assertThat(Word.flags(slots.getFirst().load())).isEqualTo(Word.WAKE_BROKER);
    }

    @Test
    void aReleaseInBetweenIsKept() {
        Transaction transaction = of(2, 1);
        beforeWrite = () -> store(0, 7, 0);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.DONE);
        assertThat(Word.data(slots.getFirst().load())).isEqualTo(6);
    }

    @Test
    void aBadWordUnlocksTheOthers() {
        Transaction transaction = of(2, 1);
        beforeWrite = () -> slots.get(1).cell().store(4711);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.CORRUPTED);
        assertThat(transaction.at()).isEqualTo(1);
        assertThat(trace).containsExactly("0: 2 [LOCKED]", "0: 2 []", "wake 0 FLAGS");
    }

    @Test
    void alsoTheMarkOfAClientAndAClaimThatIsNotTheBrokersAreCorruption() {
        for (int flag : new int[] {Word.CORRUPTED, Word.LOCKED, Word.MOVED}) {
            Transaction transaction = of(2, 1);
            store(1, 1, flag);
            assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.CORRUPTED);
        }
    }

    @Test
    void whatOverwritesALockIsNamedAndTheOthersAreTaken() {
        Transaction transaction = of(2, 1);
        beforeWrite = () -> beforeWrite = () -> slots.get(0).cell().store(4711);
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.DONE);
        assertThat(transaction.overwritten()).containsExactly(0);
        assertThat(slots.get(1).load()).isEqualTo(slots.get(1).pack(0, 0));
        assertThat(slots.get(0).load()).isEqualTo(4711);
    }

    @Test
    void aWordThatOthersKeepWritingIsGivenUpAndTheOthersAreAsBefore() {
        Transaction transaction = of(2, 1, 1);
        List<Integer> turns = new ArrayList<>();
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            turns.add(1);
            store(1, 1 + turns.size() % 2, 0);
            beforeWrite = again[0];
        };
        beforeWrite = () -> beforeWrite = again[0];
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.BUSY);
        assertThat(transaction.at()).isEqualTo(1);
        assertThat(turns.size()).isLessThan(10_000);
        assertThat(slots.get(0).load()).isEqualTo(slots.get(0).pack(2, 0));
        assertThat(slots.get(2).load()).isEqualTo(slots.get(2).pack(1, 0));
    }

    /** Or nobody would ever take the locks away. */
    @Test
    void aPromiseThatFailsLeavesNoLockBehind() {
        Transaction transaction = of(2, 1);
        assertThatThrownBy(() -> transaction.run(() -> {
                    throw new IllegalStateException("for a test");
                }))
                .hasMessage("for a test");
        assertThat(trace).containsExactly(
                "0: 2 [LOCKED]", "1: 1 [LOCKED]", "0: 2 []", "wake 0 FLAGS", "1: 1 []", "wake 1 FLAGS");
    }

    @Test
    void whatOverwritesALockIsNamedAlsoWhenNothingIsTaken() {
        Transaction transaction = of(2, 1);
        beforeWrite = () -> beforeWrite = () -> {
            slots.get(0).cell().store(4711);
            store(1, 0, 0);
        };
        assertThat(transaction.run(() -> true)).isEqualTo(Step.Result.REFUSED);
        assertThat(transaction.overwritten()).containsExactly(0);
        assertThat(slots.get(0).load()).isEqualTo(4711);
    }

    private Transaction of(int... data) {
        slots.clear();
        trace.clear();
        List<Transaction.Part> parts = new ArrayList<>();
        for (int i = 0; i < data.length; i++) {
            slots.add(new Slot(new Location(1, 64 * i, 1), new TracedCell(i)));
            parts.add(new Transaction.Part(slots.get(i), ACQUIRE, 1, MAXIMUM));
            store(i, data[i], 0);
        }
        trace.clear();
        return new Transaction(parts);
    }

    private void store(int index, int data, int flags) {
        slots.get(index).cell().store(slots.get(index).pack(data, flags));
    }

    private final class TracedCell extends SleeplessCell {

        private final int index;
        private final long[] word = new long[1];

        TracedCell(int index) {
            this.index = index;
        }

        @Override
        public long load() {
            return word[0];
        }

        @Override
        public boolean compareAndSet(long expected, long next) {
            Runnable first = beforeWrite;
            beforeWrite = null;
            if (first != null) {
                first.run();
            }
            boolean equal = word[0] == expected;
            if (equal) {
                word[0] = next;
                String waiters = (Word.data(next) & Word.WAITERS) == 0 ? "" : "w";
                trace.add("%d: %d%s %s".formatted(
                        index, Word.data(next) & Word.VALUE, waiters, Word.flagNames(Word.flags(next))));
            }
            return equal;
        }

        @Override
        public void store(long next) {
            Arrays.fill(word, next);
        }

        @Override
        public int wake(Half half, int count) {
            trace.add("wake %d %s".formatted(index, half));
            return 0;
        }
    }
}
