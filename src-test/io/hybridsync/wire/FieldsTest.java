package io.hybridsync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limits of fields: the last value that is one, and the first that is none. */
class FieldsTest {

    private final FieldWriter out = new FieldWriter();

    private FieldReader in() {
        return new FieldReader(out.frame());
    }

    private static FieldReader reader(int length, int bytes) {
        return new FieldReader(ByteBuffer.allocate(Short.BYTES + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(0, (short) length));
    }

    @Test
    void aTextHasItsMost() {
        String longest = "x".repeat(Codec.MAX_TEXT);
        assertThat(out.text(longest)).isSameAs(out);
        assertThat(in().text()).isEqualTo(longest);
        assertThatIllegalArgumentException().isThrownBy(() -> out.text(longest + "x"));
        assertThatThrownBy(() -> reader(Codec.MAX_TEXT + 1, Codec.MAX_TEXT + 1).text())
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aListHasItsMost() {
        assertThat(out.count(Codec.MAX_COUNT)).isSameAs(out);
        assertThatIllegalArgumentException().isThrownBy(() -> out.count(Codec.MAX_COUNT + 1));
        assertThat(reader(Codec.MAX_COUNT, Codec.MAX_COUNT).count(1)).isEqualTo(Codec.MAX_COUNT);
        assertThatThrownBy(() -> reader(Codec.MAX_COUNT + 1, Codec.MAX_COUNT + 1).count(1))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aListIsNoLongerThanWhatFollows() {
        assertThat(reader(2, 8).count(4)).isEqualTo(2);
        assertThat(reader(2, 9).int32s()).containsExactly(0, 0);
        assertThatThrownBy(() -> reader(2, 7).count(4)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aFrameGrowsToItsMost() {
        int values = Codec.MAX_FRAME / Long.BYTES;
        for (int i = 0; i < values; i++) {
            assertThat(out.int64(i)).isSameAs(out);
        }
        assertThat(out.frame().remaining()).isEqualTo(Codec.MAX_FRAME);
        assertThatIllegalArgumentException().isThrownBy(() -> out.int8(0));
        FieldReader in = in();
        for (int i = 0; i < values; i++) {
            assertThat(in.int64()).isEqualTo(i);
        }
    }

    @Test
    void aFrameOfTheMostBytesIsAMessage() {
        assertThatThrownBy(() -> Codec.decode(ByteBuffer.allocate(Codec.MAX_FRAME)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("no message of this protocol");
        assertThatThrownBy(() -> Codec.decode(ByteBuffer.allocate(Codec.MAX_FRAME + 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("are no message");
    }

    @Test
    void attributesAreSetTogetherOrNot() {
        Spec spec = new Spec(Kind.SEMAPHORE, 0, 1, Spec.FAIR | Spec.GLOBAL);
        assertThat(spec.has(Spec.FAIR)).isTrue();
        assertThat(spec.has(Spec.FAIR | Spec.GLOBAL)).isTrue();
        assertThat(spec.has(Spec.FAIR | Spec.COMPACT)).isFalse();
        assertThat(spec.has(Spec.COMPACT)).isFalse();
    }

    /** So many entries are put into one message as are sure to fit. */
    @Test
    void anEntryTakesNoMoreThanItSays() {
        Entry entry = new Entry(1, "\u20ac".repeat(100), Spec.existing(Kind.EVENT), 0, Location.BROKER, true, false,
                Collections.nCopies(50, 7), 0, 0);
        int empty = Codec.encode(new Message.Listing(1, false, List.of())).remaining();
        assertThat(Codec.encode(new Message.Listing(1, false, List.of(entry))).remaining() - empty)
                .isEqualTo(entry.encodedBound());
    }
}
