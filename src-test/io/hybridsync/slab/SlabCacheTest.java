package io.hybridsync.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlabCacheTest {

    /** Found by search: places at which a word that nobody wrote would verify. */
    private static final Location ZERO_IS_VALID = new Location(0x1_0000_0001L, 28_672, 618_947);

    private static final Location POISON_IS_VALID = new Location(0x1_0000_0001L, 7_616, 749_919);

    private final List<HeapSlab> slabs = new ArrayList<>();
    private final List<String> intrusions = new ArrayList<>();
    private final SlabCache cache = new SlabCache(() -> 0x1_0000_0001L + slabs.size(), (id, size) -> {
        HeapSlab slab = new HeapSlab(id, size);
        slabs.add(slab);
        return slab;
    }, (place, word) -> intrusions.add("%d: 0x%x".formatted(place.offset(), word)));

    /** Against a plain model: which bytes are whose. 0, 1: allocate wide, compact; others: free one. */
    @Property(tries = 300)
    void slotsNeverOverlapAndNeverLeak(@ForAll @Size(max = 400) List<@IntRange(max = 3) Integer> steps, @ForAll int seed) {
        slabs.clear();
        SlabCache fresh = new SlabCache(() -> 1L + slabs.size(), (id, size) -> {
            HeapSlab slab = new HeapSlab(id, size);
            slabs.add(slab);
            return slab;
        }, SlabCacheTest::nobodyWrites);
        Set<String> taken = new HashSet<>();
        Map<String, Integer> generations = new HashMap<>();
        List<Slot> live = new ArrayList<>();
        List<Boolean> kinds = new ArrayList<>();
        int pick = seed;
        for (int step : steps) {
            if (step <= 1) {
                Slot slot = fresh.allocate(step == 1);
                Location at = slot.location();
                int previous = generations.getOrDefault(at.slab() + ":" + at.offset(), 0);
                assertThat(at.generation()).isGreaterThan(previous);
                generations.put(at.slab() + ":" + at.offset(), at.generation());
                assertThat(taken).doesNotContainAnyElementsOf(bytes(at, step == 1));
                taken.addAll(bytes(at, step == 1));
                assertThat(slot.load()).isEqualTo(SlabCache.POISON);
                live.add(slot);
                kinds.add(step == 1);
            } else if (!live.isEmpty()) {
                pick = Math.floorMod(pick * 31 + step, live.size());
                Slot slot = live.remove(pick);
                boolean compact = kinds.remove(pick);
                taken.removeAll(bytes(slot.location(), compact));
                fresh.free(slot.location());
            }
            assertThat(fresh.used()).isEqualTo(live.size());
        }
        live.forEach(slot -> fresh.free(slot.location()));
        assertThat(fresh.used()).isZero();
        int before = slabs.size();
        int lines = slabs.stream().mapToInt(slab -> slab.size() / SlotMap.LINE_BYTES).sum();
        for (int i = 0; i < lines; i++) {
            fresh.allocate(false);
        }
        assertThat(slabs).as("a line of the old slabs has leaked").hasSize(before);
    }

    @Test
    void compactObjectsShareALineAndOthersDoNot() {
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            offsets.add(cache.allocate(true).location().offset());
        }
        assertThat(offsets).containsExactly(0, 8, 16, 24, 32, 40, 48, 56, 64);
        assertThat(cache.allocate(false).location().offset()).isEqualTo(128);
        assertThat(cache.allocate(true).location().offset()).isEqualTo(72);
    }

    @Test
    void aSecondFreeIsRefusedAndChangesNothing() {
        Slot slot = cache.allocate(true);
        Slot neighbour = cache.allocate(true);
        cache.free(slot.location());
        assertThatThrownBy(() -> cache.free(slot.location())).isInstanceOf(IllegalStateException.class);
        assertThat(cache.used()).isOne();

        Slot next = cache.allocate(true);
        next.cell().store(next.pack(7, 0));
        assertThat(next.location().offset()).isEqualTo(slot.location().offset());
        assertThat(next.location().generation()).isNotEqualTo(slot.location().generation());
        assertThatThrownBy(() -> cache.free(slot.location())).isInstanceOf(IllegalStateException.class);
        assertThat(next.load()).isEqualTo(next.pack(7, 0));
        assertThat(neighbour.load()).isEqualTo(SlabCache.POISON);
        assertThat(cache.used()).isEqualTo(2);
    }

    @Test
    void whatWasNeverHandedOutCannotBeFreed() {
        Location wide = cache.allocate(false).location();
        long id = wide.slab();
        for (Location wrong : List.of(
                new Location(id + 1, 0, 1),
                new Location(id, 8, 1),
                new Location(id, 64, 1),
                new Location(id, 4, 1),
                new Location(id, -64, 1),
                new Location(id, 1 << 20, 1),
                new Location(id, 0, 2))) {
            assertThatThrownBy(() -> cache.free(wrong)).as("%s", wrong).isInstanceOf(IllegalStateException.class);
        }
        assertThat(cache.used()).isOne();
    }

    @Test
    void freePlacesArePoisonedAndALateWordIsNotValidThere() {
        Slot old = cache.allocate(false);
        long word = old.pack(3, 0);
        old.cell().store(word);
        cache.free(old.location());
        assertThat(old.load()).isEqualTo(SlabCache.POISON);
        assertThat(old.isValid(old.load())).isFalse();
        for (int offset = 0; offset < slabs.getFirst().size(); offset += Long.BYTES) {
            assertThat(slabs.getFirst().cell(offset).load()).isEqualTo(SlabCache.POISON);
        }
        Slot next = cache.allocate(false);
        assertThat(next.location().offset()).isEqualTo(old.location().offset());
        assertThat(next.isPlain(word)).isFalse();
        assertThat(next.isValid(word)).isFalse();
    }

    @Test
    void slabsGrowGeometricallyUpToALimit() {
        while (slabs.size() < 11) {
            cache.allocate(false);
        }
        assertThat(slabs.stream().map(Slab::size).toList()).containsExactly(
                4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576, 1_048_576, 1_048_576);
        assertThat(slabs.stream().map(Slab::id).distinct()).hasSize(11);
    }

    @Test
    void aPlaceWhereZeroOrPoisonVerifiesIsNotUsable() {
        assertThat(Word.isValid(ZERO_IS_VALID.base(), 0)).isTrue();
        assertThat(SlabCache.isUsable(ZERO_IS_VALID)).isFalse();
        assertThat(Word.isValid(POISON_IS_VALID.base(), SlabCache.POISON)).isTrue();
        assertThat(SlabCache.isUsable(POISON_IS_VALID)).isFalse();
        assertThat(SlabCache.isUsable(new Location(0x1_0000_0001L, 28_672, 618_948))).isTrue();
    }

    /** The place of the second vector, until its generations have come to it: it is left out. */
    @Test
    void aGenerationThatWouldMakePoisonValidIsLeftOut() {
        List<Slot> below = new ArrayList<>();
        SlabCache one = new SlabCache(() -> POISON_IS_VALID.slab(), (id, size) -> new HeapSlab(id, 8192), SlabCacheTest::nobodyWrites);
        for (int line = 0; line < POISON_IS_VALID.offset() / SlotMap.LINE_BYTES; line++) {
            below.add(one.allocate(false));
        }
        Slot slot = one.allocate(false);
        assertThat(slot.location().offset()).isEqualTo(POISON_IS_VALID.offset());
        int previous = 0;
        while (slot.location().generation() < POISON_IS_VALID.generation()) {
            previous = slot.location().generation();
            one.free(slot.location());
            slot = one.allocate(false);
        }
        assertThat(previous).isEqualTo(POISON_IS_VALID.generation() - 1);
        assertThat(slot.location().generation()).isEqualTo(POISON_IS_VALID.generation() + 1);
        assertThat(below).hasSize(119);
    }

    @Test
    void aFreePlaceThatSomebodyWroteToIsNeverHandedOutAgain() {
        cache.allocate(false);
        Slot first = cache.allocate(false);
        cache.allocate(false);
        cache.free(first.location());
        first.cell().store(first.pack(3, 0));
        slabs.getFirst().cell(3 * SlotMap.LINE_BYTES).store(0);

        assertThat(cache.allocate(false).location().offset()).isEqualTo(4 * SlotMap.LINE_BYTES);

        assertThat(intrusions).containsExactly("64: 0x%x".formatted(first.pack(3, 0)), "192: 0x0");
        assertThat(cache.used()).isEqualTo(3);
        for (int i = 0; i < 100; i++) {
            assertThat(cache.allocate(i % 2 == 0).location()).doesNotMatch(at -> at.slab() == slabs.getFirst().id()
                    && (at.offset() / SlotMap.LINE_BYTES == 1 || at.offset() / SlotMap.LINE_BYTES == 3));
        }
    }

    @Test
    void aPackedLineLosesTheWordThatSomebodyWroteToAndNoOther() {
        cache.allocate(true);
        Slot second = cache.allocate(true);
        Slot third = cache.allocate(true);
        cache.free(second.location());
        second.cell().store(0);
        assertThat(cache.allocate(true).location().offset()).isEqualTo(24);
        assertThat(intrusions).containsExactly("8: 0x0");
        cache.free(third.location());
        assertThat(cache.allocate(true).location().offset()).isEqualTo(16);
        assertThat(cache.used()).isEqualTo(3);
    }

    @Test
    void whatIsInQuarantineCannotBeFreedAndDoesNotKeepTheSlab() {
        Slot only = cache.allocate(false);
        Slot other = cache.allocate(false);
        cache.free(only.location());
        only.cell().store(1);
        cache.free(cache.allocate(false).location());
        for (int generation = 0; generation < 4; generation++) {
            Location past = new Location(only.location().slab(), 0, generation);
            assertThatThrownBy(() -> cache.free(past)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(cache.dropIfEmpty(other.location().slab())).isNull();
        cache.free(other.location());
        assertThat(cache.used()).isZero();
        assertThat(cache.dropIfEmpty(other.location().slab())).isSameAs(slabs.getFirst());
    }

    @Test
    void aSlabThatWasEmptiedBehindOurBackIsToldOfInAFewLinesAndReplaced() {
        Slot kept = cache.allocate(false);
        HeapSlab punched = slabs.getFirst();
        for (int offset = SlotMap.LINE_BYTES; offset < punched.size(); offset += Long.BYTES) {
            punched.cell(offset).store(0);
        }
        Slot next = cache.allocate(true);
        assertThat(next.location().slab()).isNotEqualTo(kept.location().slab());
        assertThat(next.load()).isEqualTo(SlabCache.POISON);
        assertThat(intrusions).containsExactly("64: 0x0", "72: 0x0", "80: 0x0", "88: 0x0");
    }

    @Test
    void aCellIsAWholeAlignedWordOfTheSlab() {
        HeapSlab slab = new HeapSlab(1, 4096);
        for (int wrong : new int[] {-8, 4, 4092, 4096, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> slab.cell(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        slab.cell(4088).store(1);
        assertThat(slab.cell(4088).load()).isOne();
    }

    private static void nobodyWrites(Location place, long word) {
        throw new AssertionError("0x%x at %s".formatted(word, place));
    }

    private static List<String> bytes(Location at, boolean compact) {
        List<String> bytes = new ArrayList<>();
        for (int i = 0; i < (compact ? Long.BYTES : SlotMap.LINE_BYTES); i += Long.BYTES) {
            bytes.add(at.slab() + ":" + (at.offset() + i));
        }
        return bytes;
    }
}
