package io.hybridsync.wire;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.word.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Appends the fields of a message to a frame that grows, up to {@link Codec#MAX_FRAME}. */
final class FieldWriter {

    private static final int FIRST_BYTES = 256;

    private ByteBuffer frame = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** The header, but for what is known only at the end. */
    FieldWriter start(int number) {
        int32(0);
        int16(number);
        int16(0);
        int32(0);
        return this;
    }

    FieldWriter int8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    FieldWriter int16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    FieldWriter int32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    FieldWriter int64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    FieldWriter bool(boolean value) {
        int8(value ? 1 : 0);
        return this;
    }

    /** The length in bytes, 16 bits, then UTF-8. */
    FieldWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Codec.MAX_TEXT) {
            throw new IllegalArgumentException("a text of " + bytes.length + " bytes in a message");
        }
        int16(bytes.length);
        room(bytes.length).put(bytes);
        return this;
    }

    /** The number of values, 16 bits, then the values. */
    FieldWriter int32s(List<Integer> values) {
        count(values.size());
        for (int value : values) {
            int32(value);
        }
        return this;
    }

    FieldWriter count(int count) {
        if (count > Codec.MAX_COUNT) {
            throw new IllegalArgumentException("a list of " + count + " in a message");
        }
        int16(count);
        return this;
    }

    FieldWriter writers(List<Writer> writers) {
        count(writers.size());
        for (Writer writer : writers) {
            int32(writer.client()).int32(writer.pid());
        }
        return this;
    }

    FieldWriter told(List<Told> told) {
        count(told.size());
        for (Told next : told) {
            int32(next.move()).location(next.to());
        }
        return this;
    }

    FieldWriter spec(Spec spec) {
        int8(spec.kind().code());
        int32(spec.initialData());
        int32(spec.maximum());
        int32(spec.attributes());
        return this;
    }

    FieldWriter token(Token token) {
        int64(token.high());
        int64(token.low());
        return this;
    }

    FieldWriter location(Location location) {
        int64(location.slab());
        int32(location.offset());
        int32(location.generation());
        return this;
    }

    FieldWriter entries(List<Entry> entries) {
        count(entries.size());
        for (Entry entry : entries) {
            entry.write(this);
        }
        return this;
    }

    FieldWriter wanted(List<Wanted> wanted) {
        count(wanted.size());
        for (Wanted next : wanted) {
            next.write(this);
        }
        return this;
    }

    /** What was written so far, from its start. */
    ByteBuffer frame() {
        return frame.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    private ByteBuffer room(int bytes) {
        if (frame.remaining() < bytes) {
            int needed = frame.position() + bytes;
            if (needed > Codec.MAX_FRAME) {
                throw new IllegalArgumentException("a message of more than " + Codec.MAX_FRAME + " bytes");
            }
            int size = Math.min(Codec.MAX_FRAME, Math.max(needed, 2 * frame.capacity()));
            frame = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(frame.flip());
        }
        return frame;
    }
}
