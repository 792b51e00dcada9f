package io.hybridsync.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slabs that another broker has made, caches that become one, and the look at what is nobody's. */
class AdoptedSlabsTest {

    private static final long OWN = 0x2_0000_0001L;
    private static final long OTHER = 0x1_0000_0007L;
    private static final int BYTES = 4096;
    private static final int WORDS = BYTES / Long.BYTES;

    private final List<HeapSlab> slabs = new ArrayList<>();
    private final List<String> intrusions = new ArrayList<>();
    private final SlabCache cache = cache(OWN);
    private final HeapSlab other = new HeapSlab(OTHER, BYTES);

    private SlabCache cache(long first) {
        return new SlabCache(() -> first + slabs.size(), (id, size) -> {
            HeapSlab slab = new HeapSlab(id, size);
            slabs.add(slab);
            return slab;
        }, (place, word) -> intrusions.add("%d: 0x%x".formatted(place.offset(), word)));
    }

    private static Location place(int offset) {
        return new Location(OTHER, offset, 3);
    }

    @Test
    void nothingIsAllocatedInASlabOfAnother() {
        cache.adopt(other);
        assertThat(cache.isAdopted(OTHER)).isTrue();
        for (int i = 0; i < WORDS; i++) {
            assertThat(cache.allocate(i % 2 == 0).location().slab()).isNotEqualTo(OTHER);
        }
        assertThat(cache.isAdopted(slabs.getFirst().id())).isFalse();
        assertThat(cache.isAdopted(99)).isFalse();
        assertThat(cache.slabs()).contains(OTHER, slabs.getFirst().id());
        assertThat(cache.slab(OTHER)).isSameAs(other);
        assertThat(cache.slab(99)).isNull();
    }

    @Test
    void aPlaceInItIsClaimedOnceAndTheSlabGoesWithTheLast() {
        cache.adopt(other);
        int[] offsets = {0, 8, 56, 64, BYTES - 8};
        for (int offset : offsets) {
            assertThat(Objects.requireNonNull(cache.claim(place(offset))).location()).isEqualTo(place(offset));
            assertThat(cache.claim(place(offset))).as("once").isNull();
        }
        assertThat(cache.used()).isEqualTo(offsets.length);
        assertThatIllegalStateException().isThrownBy(() -> cache.free(place(16)));
        assertThatIllegalStateException().isThrownBy(() -> cache.free(new Location(OTHER, 8, 4)));
        for (int offset : offsets) {
            assertThat(cache.dropIfEmpty(OTHER)).isNull();
            cache.free(place(offset));
            assertThat(other.cell(offset).load()).isEqualTo(SlabCache.POISON);
            assertThatIllegalStateException().isThrownBy(() -> cache.free(place(offset)));
        }
        assertThat(cache.claim(place(8))).as("it may be found again").isNotNull();
        cache.free(place(8));
        assertThat(cache.dropIfEmpty(OTHER)).isSameAs(other);
        assertThat(cache.dropIfEmpty(OTHER)).isNull();
        assertThat(cache.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-8, -1, 1, 4, BYTES - 4, BYTES, BYTES + 8})
    void whatIsNoPlaceIsNotClaimed(int offset) {
        cache.adopt(other);
        assertThat(cache.claim(place(offset))).isNull();
    }

    @Test
    void nothingIsClaimedWhereThisBrokerHasDivided() {
        Location own = cache.allocate(false).location();
        assertThat(cache.claim(own)).isNull();
        assertThat(cache.claim(new Location(own.slab(), own.offset() + 64, 1))).isNull();
        assertThat(cache.claim(place(0))).as("nobody has that slab").isNull();
    }

    @Test
    void oneCacheTakesOverAllSlabsOfAnother() {
        SlabCache second = cache(0x3_0000_0001L);
        Location there = second.allocate(false).location();
        second.adopt(other);
        cache.absorb(second);
        assertThat(second.slabs()).isEmpty();
        assertThat(cache.slabs()).containsExactlyInAnyOrder(there.slab(), OTHER);
        cache.free(there);
        assertThat(cache.dropIfEmpty(there.slab())).isNotNull();
    }

    /** A tombstone, or what was begun and never told; in a slab of this broker's own it is known where these are. */
    @Test
    void whatIsInASlabOfAnotherIsNoIntrusion() {
        poisonAll();
        other.cell(64).store(Word.pack(place(64).base(), 1, Word.MOVED));
        other.cell(128).store(Word.pack(place(128).base(), 1, Word.LOCKED));
        other.cell(192).store(Word.pack(place(192).base(), 1, 0));
        cache.adopt(other);
        int free = cache.allocate(false).location().offset() + 64;
        slabs.getFirst().cell(free).store(Word.pack(0, 1, Word.MOVED));
        cache.patrol(4 * WORDS);
        assertThat(intrusions).extracting(AdoptedSlabsTest::offset).containsExactly("" + free);
    }

    @Test
    void whatIsWrittenInASlabOfAnotherLaterIsOneWhereItWasPoisoned() {
        poisonAll();
        other.cell(128).store(Word.pack(place(128).base(), 1, 0));
        cache.adopt(other);
        Slot used = Objects.requireNonNull(cache.claim(place(128)));
        other.cell(64).store(Word.pack(place(64).base(), 1, Word.MOVED));
        cache.patrol(2 * WORDS);
        assertThat(intrusions).extracting(AdoptedSlabsTest::offset).containsExactly("64");
        cache.free(used.location());
        used.cell().store(0);
        cache.patrol(2 * WORDS);
        assertThat(intrusions).extracting(AdoptedSlabsTest::offset).containsExactly("64", "128");
    }

    private void poisonAll() {
        for (int offset = 0; offset < BYTES; offset += Long.BYTES) {
            other.cell(offset).store(SlabCache.POISON);
        }
    }

    private static String offset(String intrusion) {
        return intrusion.replaceAll(":.*", "");
    }

    @Test
    void whatIsNobodysIsLookedAtInPartsAndEachIntrusionIsToldOnce() {
        Slot used = cache.allocate(false);
        used.cell().store(7);
        HeapSlab slab = slabs.getFirst();
        int bytes = slab.size();
        slab.cell(bytes - 8).store(9);
        int words = bytes / Long.BYTES;
        assertThat(cache.patrol(words - 1)).isEqualTo(words - 1);
        assertThat(intrusions).as("the last word has not been looked at").isEmpty();
        assertThat(cache.patrol(10)).as("to the end").isEqualTo(1);
        String found = "%d: 0x9".formatted(bytes - 8);
        assertThat(intrusions).containsExactly(found);
        slab.cell(bytes - 8).store(10);
        slab.cell(bytes - 16).store(11);
        assertThat(cache.patrol(words)).isEqualTo(words);
        assertThat(intrusions).containsExactly(found, "%d: 0xb".formatted(bytes - 16));
    }
}
