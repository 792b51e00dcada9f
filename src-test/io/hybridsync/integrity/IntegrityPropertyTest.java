package io.hybridsync.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.BrokerMode;
import io.hybridsync.process.Residue;
import io.hybridsync.word.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The {@link Siege} and the {@link Sieve} in this process alone; jqwik prints the seed that fails. */
class IntegrityPropertyTest {

    private static final int STEPS = 20;

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void everyWrongWordIsFoundAndNothingElseIsHarmed(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("hybrid-sync-integrity");
        AtomicInteger steps = new AtomicInteger();
        Siege siege = new Siege(directory, BrokerMode.IN_PROCESS, 0, seed);
        siege.run(() -> steps.getAndIncrement() < STEPS);
        assertThat(siege.tally().isWithinTheBound()).isTrue();
        assertThat(siege.tally().planted()).isPositive();
        Residue.assertOnly(directory, "integrity/broker.log");
        Files.delete(directory.resolve("integrity/broker.log"));
        Files.delete(directory.resolve("integrity"));
        Files.delete(directory);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void wordsAloneKeepTheBound(@ForAll long seed) {
        AtomicInteger places = new AtomicInteger();
        Tally tally = new Sieve(seed).run(() -> places.getAndIncrement() < 20);
        assertThat(tally.isWithinTheBound()).as("%s", tally).isTrue();
        assertThat(tally.isAtTheBound(Sort.RANDOM)).as("%s", tally).isTrue();
        assertThat(tally.undetected(Sort.FLIP)).as("one bit is always noticed").isZero();
    }

    /** One byte of the data, or anything of the flags and the hash, cannot go wrong unnoticed; that is no matter of chance. */
    @Property
    void aChangeWithinOneByteIsAlwaysNoticed(@ForAll int base, @ForAll int data, @ForAll byte bits, @ForAll Random random) {
        long word = Word.pack(base, data, random.nextInt(16));
        long change = (bits & 0xffL) << (Byte.SIZE * random.nextInt(Long.BYTES / 2));
        assertThat(Word.isValid(base, word ^ change)).isEqualTo(change == 0);
    }

    @Example
    void whatChanceDoesNotExplainIsTold() {
        assertThat(Tally.isTooMany(0, 0)).isFalse();
        assertThat(Tally.isTooMany(1, 0.001)).isFalse();
        assertThat(Tally.isTooMany(2, 0.001)).isTrue();
        assertThat(Tally.isTooMany(20, 4)).isTrue();
        Tally tally = new Tally();
        tally.count(Sort.RANDOM, 1L << 33, 1);
        assertThat(tally.isWithinTheBound()).isTrue();
        assertThat(tally.isAtTheBound(Sort.RANDOM)).as("1 where 32 are expected").isFalse();
        tally.count(Sort.REPLAYED, 1000, 500);
        assertThat(tally.isWithinTheBound()).isTrue();
        tally.count(Sort.TORN, 1000, 2);
        assertThat(tally.isWithinTheBound()).isFalse();
    }
}
