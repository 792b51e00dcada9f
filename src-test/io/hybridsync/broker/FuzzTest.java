package io.hybridsync.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Codec;
import io.hybridsync.wire.CodecFuzz;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Messages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * The fuzz targets with what a generator makes up: messages in any order, with ids that exist or nearly, and then with bytes
 * that are others. A fuzzer goes on from there, by hand: see the profile fuzz of the build.
 */
class FuzzTest {

    private static final int SMALL_IDS = 12;

    @Property(tries = 1000)
    void anyBytesAreAMessageOrRefused(@ForAll byte[] bytes) {
        CodecFuzz.fuzzerTestOneInput(bytes);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void anySequenceOfMessagesLeavesNothing(@ForAll("messages") List<Message> messages, @ForAll long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Message message : messages) {
            append(all, message, random);
        }
        RegistryFuzz.fuzzerTestOneInput(all.toByteArray());
    }

    /** Most bytes choose among a few events and things. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void whateverIsHandedOverHarmsNobodyAndLeavesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(1200)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextInt(4) > 0 ? (byte) random.nextInt(17) : bytes[i];
        }
        TakeOverFuzz.fuzzerTestOneInput(bytes);
    }

    /** What a fuzzer has found worth keeping, since it leads to code that nothing else led to. */
    @Example
    void whatTheFuzzerKeptIsHarmless() throws IOException {
        replay("RegistryFuzz.zip", RegistryFuzz::fuzzerTestOneInput);
        replay("TakeOverFuzz.zip", TakeOverFuzz::fuzzerTestOneInput);
        replay("CodecFuzz.zip", CodecFuzz::fuzzerTestOneInput);
    }

    private static void replay(String resource, Consumer<byte[]> target) throws IOException {
        int inputs = 0;
        try (ZipInputStream zip = new ZipInputStream(requireNonNull(FuzzTest.class.getResourceAsStream(resource), resource))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                target.accept(zip.readAllBytes());
                inputs++;
            }
        }
        assertThat(inputs).isGreaterThan(100);
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        return Messages.any().filter(message -> message instanceof Message.FromClient).list().ofMaxSize(60);
    }

    /** Objects of the broker have its incarnation in the upper half of their ids: random ones would hit none. */
    private static void append(ByteArrayOutputStream all, Message message, Random random) {
        ByteBuffer frame = Codec.encode(message);
        byte[] fields = new byte[Math.min(255, frame.limit() - Codec.HEADER)];
        frame.get(Codec.HEADER, fields);
        int number = frame.getShort(4);
        int id = message instanceof Message.Corrupted || message instanceof Message.Acknowledge ? 0 : Integer.BYTES;
        if (fields.length >= id + Long.BYTES && !(message instanceof Message.Open)) {
            long object = (long) Bench.INCARNATION << Integer.SIZE | random.nextInt(SMALL_IDS);
            ByteBuffer.wrap(fields).order(frame.order()).putLong(id, object);
        }
        if (fields.length > 0 && random.nextInt(10) == 0) {
            fields[random.nextInt(fields.length)] = (byte) random.nextInt();
        }
        int end = random.nextInt(30);
        all.write(random.nextInt(3));
        all.write(end == 0 ? 0 : end == 1 ? 255 : number);
        all.write(fields.length);
        all.writeBytes(fields);
    }
}
