package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.Slot;
import org.junit.jupiter.api.Test;

/** What a move leaves when it fails; what it does otherwise is proved by the model of words. */
class MoveTest {

    private final SlabCache cache = new SlabCache(() -> 1, HeapSlab::new, (place, word) -> {});

    @Test
    void aTellingThatFailsLeavesTheWordAsItWas() {
        Slot from = cache.allocate(false);
        long word = from.pack(3, 0);
        from.cell().store(word);
        Move move = new Move(from, cache.allocate(false), 6, (number, to) -> {
            throw new IllegalStateException("told nobody");
        });
        assertThatThrownBy(move::run).isInstanceOf(IllegalStateException.class).hasMessage("told nobody");
        assertThat(from.load()).isEqualTo(word);
        assertThat(move.number()).isEqualTo(7);
    }
}
