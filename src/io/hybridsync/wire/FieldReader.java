package io.hybridsync.wire;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a message from a frame, and refuses what no {@link FieldWriter} writes. */
final class FieldReader {

    private final ByteBuffer frame;

    /** @param frame little endian, from the first field to the end of the frame */
    FieldReader(ByteBuffer frame) {
        this.frame = frame;
    }

    int int8() {
        return need(Byte.BYTES).get();
    }

    int int16() {
        return Short.toUnsignedInt(need(Short.BYTES).getShort());
    }

    int int32() {
        return need(Integer.BYTES).getInt();
    }

    long int64() {
        return need(Long.BYTES).getLong();
    }

    boolean bool() {
        int value = int8();
        if (value != 0 && value != 1) {
            throw new ProtocolException("a truth value in a message is " + value);
        }
        return value == 1;
    }

    String text() {
        int length = int16();
        if (length > Codec.MAX_TEXT) {
            throw new ProtocolException("a text of " + length + " bytes in a message");
        }
        return utf8(length);
    }

    List<Integer> int32s() {
        int count = count(Integer.BYTES);
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(int32());
        }
        return values;
    }

    /** The number of elements that follow; checked against what is there, before anybody makes room for them. */
    int count(int bytesEach) {
        int count = int16();
        if (count > Codec.MAX_COUNT || count * bytesEach > left()) {
            throw new ProtocolException("a list of %d in the last %d bytes of a message".formatted(count, left()));
        }
        return count;
    }

    Kind kind() {
        int code = int8();
        return known(Kind.ofCode(code), code);
    }

    Mode mode() {
        int code = int8();
        return known(Mode.ofCode(code), code);
    }

    ClaimState claim() {
        int code = int8();
        return known(ClaimState.ofCode(code), code);
    }

    WaitOutcome outcome() {
        int code = int8();
        return known(WaitOutcome.ofCode(code), code);
    }

    Code code() {
        int code = int8();
        return known(Code.ofCode(code), code);
    }

    Memory memory() {
        int code = int8();
        return known(Memory.ofCode(code), code);
    }

    List<Writer> writers() {
        int count = count(2 * Integer.BYTES);
        List<Writer> writers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            writers.add(new Writer(int32(), int32()));
        }
        return writers;
    }

    List<Told> told() {
        int count = count(Told.BYTES);
        List<Told> told = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            told.add(new Told(int32(), location()));
        }
        return told;
    }

    Spec spec() {
        return new Spec(kind(), int32(), int32(), int32());
    }

    Token token() {
        return new Token(int64(), int64());
    }

    Location location() {
        return new Location(int64(), int32(), int32());
    }

    /** Passes over what another version may have put behind the fields that all versions share. */
    String skipRest() {
        frame.position(frame.limit());
        return "";
    }

    List<Entry> entries() {
        int count = count(Entry.MIN_BYTES);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(Entry.read(this));
        }
        return entries;
    }

    List<Wanted> wanted() {
        int count = count(Wanted.BYTES);
        List<Wanted> wanted = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            wanted.add(Wanted.read(this));
        }
        return wanted;
    }

    void requireEnd() {
        if (frame.hasRemaining()) {
            throw new ProtocolException(frame.remaining() + " more bytes than the message has");
        }
    }

    private static <T> T known(@Nullable T value, int code) {
        if (value == null) {
            throw new ProtocolException("a field of a message is " + code + ", which stands for nothing");
        }
        return value;
    }

    private String utf8(int length) {
        ByteBuffer bytes = need(length).slice(frame.position(), length);
        frame.position(frame.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("a text in a message is not UTF-8");
        }
    }

    private int left() {
        return frame.remaining();
    }

    private ByteBuffer need(int bytes) {
        if (frame.remaining() < bytes) {
            throw new ProtocolException("a message ends within a field");
        }
        return frame;
    }
}
