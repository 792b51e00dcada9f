package io.hybridsync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

    @Provide
    Arbitrary<Message> messages() {
        return Messages.any();
    }

    static List<Class<?>> records() {
        return Messages.records();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyRecordOfTheListingComesBack(Class<?> record) {
        Message message = Messages.of(record).sample();
        assertThat(Codec.decode(Codec.encode(message))).isEqualTo(message);
    }

    @Property
    void whatIsDecodedIsWhatWasEncoded(@ForAll("messages") Message message) {
        assertThat(Codec.decode(Codec.encode(message))).isEqualTo(message);
    }

    @Property(tries = 200)
    void everyTruncationIsRejected(@ForAll("messages") Message message) {
        byte[] frame = bytes(Codec.encode(message));
        for (int length = 0; length < frame.length; length++) {
            assertRejected(Arrays.copyOf(frame, length));
        }
        assertRejected(Arrays.copyOf(frame, frame.length + 1));
    }

    @Property(tries = 200)
    void everyAlteredByteIsRejected(
            @ForAll("messages") Message message, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] frame = bytes(Codec.encode(message));
        for (int position = 0; position < frame.length; position++) {
            byte[] altered = frame.clone();
            altered[position] ^= (byte) change;
            assertRejected(altered);
        }
    }

    /** A peer that means harm computes the sum: then the fields are what is checked. */
    @Property
    void aWellSummedFrameIsRejectedOrTheOnlyOneForItsMessage(
            @ForAll("messages") Message message, @ForAll int seed, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] frame = bytes(Codec.encode(message));
        frame[4 + Math.floorMod(seed, frame.length - 4)] ^= (byte) change;
        sum(frame);
        try {
            Message other = Codec.decode(ByteBuffer.wrap(frame));
            if (!isOfAnotherVersion(other)) {
                assertThat(bytes(Codec.encode(other))).isEqualTo(frame);
            }
        } catch (ProtocolException e) {
            assertThat(e).hasMessageContaining("message");
        }
    }

    @Property
    void wellSummedTruncationsAreRejected(
            @ForAll("messages") Message message, @ForAll @IntRange(min = 1, max = 40) int cut) {
        byte[] frame = bytes(Codec.encode(message));
        byte[] shorter = Arrays.copyOf(frame, Math.max(Codec.HEADER, frame.length - cut));
        ByteBuffer.wrap(shorter).order(ByteOrder.LITTLE_ENDIAN).putInt(8, shorter.length);
        sum(shorter);
        if (shorter.length < frame.length) {
            assertRejected(shorter);
        }
    }

    @Test
    void theNumbersAreTheOnesThatWereGivenOut() {
        assertThat(Messages.records())
                .extracting(CodecTest::nameAndNumber)
                .containsExactlyInAnyOrder(
                        "Hello 1", "Alive 2", "Open 3", "OpenToken 4", "Close 5", "ListObjects 6", "Describe 7",
                        "Corrupted 8",
                        "Claim 9", "Leave 10", "Acknowledge 11", "SlabDeclined 12",
                        "Operate 13", "Await 14", "Withdraw 15", "Signaled 16", "ConditionAwait 17",
                        "ConditionSignal 18", "ConditionLeft 19", "Sync 20",
                        "Resume 21", "Hand 22", "HandObject 23", "HandTicket 24", "HandedOver 25", "AskWriters 26",
                        "HandSignal 27",
                        "Welcome 65", "Refused 66", "Opened 67", "SlabGrant 68", "Done 69", "Failed 70",
                        "FailedCorrupted 71", "Listing 72", "ClaimAnswer 73", "Moving 74", "Moved 75", "SlabRevoke 76",
                        "Operated 77", "Awaited 78", "Queued 79", "Keep 80", "Located 81", "TakenOver 82", "Writers 83",
                        "ShowAgain 84");
    }

    @Test
    void aFrameIsWhatTheDrawingSays() {
        ByteBuffer frame = Codec.encode(new Message.Close(0x01020304, 5));
        assertThat(frame.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(frame.remaining()).isEqualTo(24);
        assertThat(frame.getInt(0)).isEqualTo(crc(bytes(frame)));
        assertThat(frame.getShort(4)).isEqualTo((short) 5);
        assertThat(frame.getShort(6)).isZero();
        assertThat(frame.getInt(8)).isEqualTo(24);
        assertThat(frame.getInt(12)).isEqualTo(0x01020304);
        assertThat(frame.getLong(16)).isEqualTo(5);
    }

    @Test
    void theVersionsOfAnotherMajorAreReadWhateverFollows() {
        byte[] frame = {0, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 99, 0, 0, 0, 3, 0, 0, 0, -1, -1, -1};
        sum(frame);
        assertThat(Codec.decode(ByteBuffer.wrap(frame))).isEqualTo(new Message.Hello(99, 3, ""));
        frame[4] = 66;
        sum(frame);
        assertThat(Codec.decode(ByteBuffer.wrap(frame))).isEqualTo(new Message.Refused(99, 3, Code.PROTOCOL, ""));
    }

    @Test
    void nothingLargerThanAPacketIsEncoded() {
        Entry entry = new Entry(1, "", Spec.existing(Kind.EVENT), 0, new Location(1, 0, 1), true, false,
                Collections.nCopies(9000, 1), 0, 0);
        assertThat(Codec.encode(new Message.Listing(1, false, List.of(entry))).remaining())
                .isLessThanOrEqualTo(Codec.HEADER + 7 + entry.encodedBound());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.encode(new Message.Listing(1, false, List.of(entry, entry))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.encode(new Message.Failed(1, Code.NONE, "x".repeat(9000))));
    }

    @Test
    void failuresCarryTheExceptionOfTheirCode() {
        for (Code code : Code.values()) {
            RuntimeException first = new Message.Failed(1, code, "because").exception();
            assertThat(first).hasMessage("because");
            assertThat(Code.ofCode(code.code())).isSameAs(code);
        }
        Location location = new Location(1, 64, 1);
        assertThat(new Message.FailedCorrupted(1, Kind.SEMAPHORE, "jobs", location, 5, List.of(new Writer(3, 77)))
                        .exception())
                .isInstanceOfSatisfying(CorruptedObjectException.class, e -> {
                    assertThat(e.word()).isEqualTo(5);
                    assertThat(e.hashExpected()).isEqualTo(0xae344b0);
                    assertThat(e.writers()).containsExactly(new Writer(3, 77));
                })
                .hasMessageContaining("semaphore \"jobs\"");
    }

    private static String nameAndNumber(Class<?> record) {
        return record.getSimpleName() + " " + Codec.encode(Messages.of(record).sample()).getShort(4);
    }

    private static boolean isOfAnotherVersion(Message message) {
        return (message instanceof Message.Hello hello && hello.major() != Version.MAJOR)
                || (message instanceof Message.Resume resume && resume.major() != Version.MAJOR)
                || (message instanceof Message.Refused refused && refused.major() != Version.MAJOR);
    }

    private static void assertRejected(byte[] frame) {
        assertThatThrownBy(() -> Codec.decode(ByteBuffer.wrap(frame))).isInstanceOf(ProtocolException.class);
    }

    private static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return bytes;
    }

    private static void sum(byte[] frame) {
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(0, crc(frame));
    }

    private static int crc(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 4, frame.length - 4);
        return (int) crc.getValue();
    }
}
