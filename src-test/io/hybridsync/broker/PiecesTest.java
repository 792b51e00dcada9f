package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Slabs that clients hand over, and what is left of them when clients go. */
class PiecesTest {

    private static final int ONE = 3;
    private static final int TWO = 5;
    private static final int THREE = 6;
    private static final long SLAB = 17;
    private static final long OTHER = 18;
    private static final int BYTES = 4096;

    private final HeapSlabs memory = new HeapSlabs();
    private final Slab slab = memory.create(SLAB, BYTES);
    private final Slab other = memory.create(OTHER, 2 * BYTES);
    private final Pieces pieces = new Pieces(memory);

    private void hand(int client, String file, Slab handed) {
        hand(client, file, handed, null);
    }

    private void hand(int client, String file, Slab handed, @Nullable Fd fd) {
        pieces.hand(client, file, new Message.Hand(Memory.SLAB, handed.id(), handed.size()), fd);
    }

    private static Fd descriptor() {
        return Memfd.create("piece", BYTES).fd();
    }

    private void assertSize(int files, long bytes) {
        assertThat(pieces.files()).isEqualTo(files);
        assertThat(pieces.bytes()).isEqualTo(bytes);
    }

    @Test
    void whatSeveralHaveCountsOnce() {
        hand(ONE, "a", slab);
        hand(TWO, "a", slab);
        hand(ONE, "b", other);
        assertSize(2, 3 * BYTES);
        assertThat(pieces.slab(SLAB)).isSameAs(slab);
        assertThat(pieces.slab(OTHER)).isSameAs(other);
    }

    @Test
    void whoHandsTheSameTwiceIsRefused() {
        hand(TWO, "a", slab);
        hand(ONE, "a", slab);
        try (Fd again = descriptor()) {
            assertThatThrownBy(() -> hand(ONE, "b", slab, again)).isInstanceOf(ProtocolException.class);
            assertThat(again.isClosed()).isTrue();
        }
        assertSize(1, BYTES);
    }

    @Test
    void itStaysAsLongAsOneHasIt() {
        hand(ONE, "a", slab);
        hand(TWO, "a", slab);
        pieces.forget(ONE);
        assertThat(pieces.takeUnwanted()).isEmpty();
        assertSize(1, BYTES);
        assertThat(pieces.of(ONE, SLAB)).isNull();
        assertThat(pieces.of(TWO, SLAB)).isNotNull();
        pieces.forget(TWO);
        assertSize(0, 0);
        assertThat(pieces.slab(SLAB)).isNull();
    }

    /** Or it would be unmapped twice. */
    @Test
    void whatNobodyHasAnyMoreIsTakenOnce() {
        hand(ONE, "a", slab);
        hand(TWO, "b", other);
        pieces.forget(ONE);
        assertThat(pieces.takeUnwanted()).containsExactly(slab);
        pieces.forget(TWO);
        assertThat(pieces.takeUnwanted()).containsExactly(other);
        assertThat(pieces.takeUnwanted()).isEmpty();
    }

    @Test
    void aDescriptorThatIsNotNeededIsClosed() {
        hand(ONE, "a", slab);
        try (Fd same = descriptor();
                Fd another = descriptor()) {
            hand(TWO, "a", slab, same);
            assertThat(same.isClosed()).as("it is mapped").isTrue();
            hand(THREE, "b", slab, another);
            assertThat(another.isClosed()).as("it may be the one that counts").isFalse();
            assertSize(2, 2 * BYTES);
            pieces.forget(THREE);
            assertThat(another.isClosed()).isTrue();
        }
        assertSize(1, BYTES);
        assertThat(pieces.takeUnwanted()).as("it was not mapped").isEmpty();
    }

    @Test
    void oneFileOfTwoSizesIsTwo() {
        hand(ONE, "a", slab);
        pieces.hand(TWO, "a", new Message.Hand(Memory.SLAB, SLAB, 2 * BYTES), null);
        Contradictions contradictions = new Contradictions();
        pieces.compare(contradictions);
        assertThat(contradictions.most()).isEqualTo(TWO);
    }

    @Test
    void whatCountsIsMappedWhenWhoContradictedIsGone() {
        hand(ONE, "a", slab);
        hand(TWO, "b", slab);
        pieces.forget(ONE);
        assertThat(pieces.settle().isEmpty()).isTrue();
        assertThat(pieces.slab(SLAB)).isSameAs(slab);
    }

    @Test
    void whoHasHandedWhatCannotBeMappedIsKnown() {
        hand(THREE, "c", other);
        hand(ONE, "a", slab);
        hand(TWO, "b", slab);
        pieces.forget(ONE);
        memory.adoptsNothing(true);
        assertThat(pieces.settle().ids()).containsExactly(TWO);
    }

    /** Of what others have, too, it cannot be told whose fault it is. */
    @Test
    void whatAClientAloneHasIsWeighed() {
        hand(ONE, "a", slab);
        hand(TWO, "a", slab);
        hand(ONE, "b", other);
        hand(ONE, "c", memory.create(OTHER + 1, BYTES));
        Map<Integer, Long> weights = new HashMap<>(Map.of(TWO, 1L));
        pieces.weigh(weights, 100);
        assertThat(weights).isEqualTo(Map.of(TWO, 1L, ONE, 200L + 3 * BYTES));
    }

    @Test
    void whenAllIsTakenOverNothingIsLeft() {
        hand(ONE, "a", slab);
        hand(TWO, "b", other);
        pieces.forget(TWO);
        pieces.clear();
        assertSize(0, 0);
        assertThat(pieces.settled()).isEmpty();
        assertThat(pieces.takeUnwanted()).isEmpty();
    }

    /** Or a little memory could be looked through as often as there are ids. */
    @Test
    void whoHandsOneFileUnderTwoIdsIsRefused() {
        hand(ONE, "a", slab);
        try (Fd again = descriptor()) {
            assertThatThrownBy(() -> hand(ONE, "a", other, again)).isInstanceOf(ProtocolException.class);
            assertThat(again.isClosed()).isTrue();
        }
        assertSize(1, BYTES);
        pieces.forget(ONE);
        hand(ONE, "a", other);
        assertThat(pieces.of(ONE, OTHER)).isNotNull();
    }

    @Test
    void ofThoseWhoCallOneFileDifferentlySomebodyLies() {
        hand(THREE, "a", other);
        hand(ONE, "a", slab);
        hand(TWO, "a", slab);
        Contradictions contradictions = new Contradictions();
        pieces.compare(contradictions);
        assertThat(contradictions.most()).isEqualTo(THREE);
        pieces.forget(THREE);
        Contradictions none = new Contradictions();
        pieces.compare(none);
        assertThat(none.most()).isZero();
    }
}
