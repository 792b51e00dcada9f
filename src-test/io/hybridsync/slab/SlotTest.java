package io.hybridsync.slab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlotTest {

    private final Location location = new Location(0x1_0000_0001L, 64, 3);
    private final Slot slot = new Slot(location, new HeapSlab(location.slab(), 4096).cell(location.offset()));

    @Test
    void aFreshSlotTakesNoWordOnTrust() {
        for (int value = 0; value < 64; value++) {
            for (int waiters : new int[] {0, Word.WAITERS}) {
                long hashless = (value | waiters) & 0xffff_ffffL;
                assertThat(new Slot(location, slot.cell()).isPlain(hashless)).isFalse();
                assertThat(new Slot(location, slot.cell()).pack(value | waiters, 0))
                        .isEqualTo(Word.pack(location.base(), value | waiters, 0));
            }
        }
    }

    /** Whatever the memo has seen, the slot says what the hash says. */
    @Property(tries = 200)
    void theMemoNeverAcceptsWhatDoesNotVerify(
            @ForAll @Size(max = 60) List<@IntRange(max = 20) Integer> values, @ForAll long scribble, @ForAll int otherGeneration) {
        Slot remembering = new Slot(location, slot.cell());
        int base = location.base();
        int foreign = new Location(location.slab(), location.offset(), otherGeneration).base();
        for (int value : values) {
            for (int data : new int[] {value, value | Word.WAITERS, value << 16, value ^ (int) scribble}) {
                assertThat(remembering.pack(data, 0)).isEqualTo(Word.pack(base, data, 0));
                for (int flags = 0; flags < 16; flags++) {
                    check(remembering, base, Word.pack(base, data, flags));
                    check(remembering, base, Word.pack(foreign, data, flags));
                    check(remembering, base, Word.pack(base, data, flags) ^ scribble);
                }
                check(remembering, base, data & 0xffff_ffffL);
            }
        }
        check(remembering, base, 0);
        check(remembering, base, scribble);
        check(remembering, base, SlabCache.POISON);
    }

    private static void check(Slot slot, int base, long word) {
        boolean valid = Word.isValid(base, word);
        assertThat(slot.isPlain(word)).isEqualTo(valid && Word.flags(word) == 0);
        assertThat(slot.isValid(word)).isEqualTo(valid);
        assertThat(slot.hashExpected(word)).isEqualTo(Word.hash(base, Word.data(word), Word.flags(word)));
    }

    @Test
    void replacesOnlyWhatWasSeen() {
        slot.cell().store(slot.pack(1, 0));
        assertThat(slot.replace(slot.pack(2, 0), 3, 0)).isFalse();
        assertThat(slot.load()).isEqualTo(slot.pack(1, 0));
        assertThat(slot.replace(slot.pack(1, 0), 3, Word.WAKE_BROKER)).isTrue();
        assertThat(slot.load()).isEqualTo(Word.pack(location.base(), 3, Word.WAKE_BROKER));
        assertThat(slot.location()).isEqualTo(location);
    }

    @Test
    void countsWhoIsOnTheSlowPath() {
        assertThat(slot.isOnSlowPath()).isFalse();
        slot.enterSlowPath();
        slot.enterSlowPath();
        slot.leaveSlowPath();
        assertThat(slot.isOnSlowPath()).isTrue();
        slot.leaveSlowPath();
        assertThat(slot.isOnSlowPath()).isFalse();
    }
}
