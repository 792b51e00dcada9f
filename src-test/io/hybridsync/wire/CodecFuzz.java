package io.hybridsync.wire;

import io.hybridsync.error.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a message: they are one or a {@link ProtocolException}, and what is one stays the same however often it is
 * written and read. A fuzzer calls {@link #fuzzerTestOneInput}; what it found is replayed by a test.
 */
public final class CodecFuzz {

    private static final int NUMBER = 4;
    private static final int ZERO = 6;
    private static final int LENGTH = 8;

    private CodecFuzz() {}

    /** The bytes as they are, and with a header that makes them a frame: nobody guesses a checksum. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(ByteBuffer.wrap(bytes));
        if (bytes.length > 0) {
            check(framed(bytes[0], bytes, 1, bytes.length - 1));
        }
    }

    /** A message, if a frame with this number and these fields is one. */
    public static @Nullable Message message(int number, byte[] bytes, int from, int length) {
        return check(framed(number, bytes, from, length));
    }

    private static @Nullable Message check(ByteBuffer frame) {
        Message message;
        try {
            message = Codec.decode(frame);
        } catch (ProtocolException e) {
            return null;
        }
        ByteBuffer again = Codec.encode(message);
        if (!Codec.decode(again).equals(message)) {
            throw new AssertionError(message + " is not what it was when it is read again");
        }
        return message;
    }

    private static ByteBuffer framed(int number, byte[] bytes, int from, int length) {
        ByteBuffer frame = Codec.encode(new Message.Alive());
        ByteBuffer made = ByteBuffer.allocate(Codec.HEADER + length).order(frame.order());
        made.putShort(NUMBER, (short) number).putShort(ZERO, (short) 0).putInt(LENGTH, made.limit());
        made.put(Codec.HEADER, bytes, from, length);
        CRC32C crc = new CRC32C();
        crc.update(made.duplicate().position(NUMBER));
        made.putInt(0, (int) crc.getValue());
        return made;
    }
}
