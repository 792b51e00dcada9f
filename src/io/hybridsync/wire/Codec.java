package io.hybridsync.wire;

import io.hybridsync.error.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One message, one packet, one frame; all numbers little endian.
 *
 * <pre>
 *    0              4       6       8              12
 *   +--------------+-------+-------+--------------+-----------
 *   | crc:32       | num:16| zero:16| length:32   | fields ...
 *   +--------------+-------+-------+--------------+-----------
 * </pre>
 *
 * <p>crc is the CRC-32C of everything behind it; length counts the whole frame. The sum is no defence against a peer
 * that means harm, who can compute it: for that, every field is checked when it is read. It tells a stranger's bytes,
 * and a bug on either side, from a message.
 */
public final class Codec {

    /** The largest frame, in bytes. */
    public static final int MAX_FRAME = 1 << 16;

    /** Bytes before the fields. */
    public static final int HEADER = 12;

    /** The longest text in a message, in bytes of UTF-8. */
    static final int MAX_TEXT = 8192;

    /** The longest list in a message. */
    static final int MAX_COUNT = MAX_FRAME / Integer.BYTES;

    private static final int CRC = 0;
    private static final int NUMBER = 4;
    private static final int ZERO = 6;
    private static final int LENGTH = 8;

    private Codec() {}

    /**
     * The frame of a message, from position to limit.
     *
     * @throws IllegalArgumentException when it would be larger than {@link #MAX_FRAME}
     */
    public static ByteBuffer encode(Message message) {
        FieldWriter out = new FieldWriter();
        message.write(out);
        ByteBuffer frame = out.frame();
        frame.putInt(LENGTH, frame.limit());
        return frame.putInt(CRC, crc(frame));
    }

    /**
     * The message that a frame contains.
     *
     * @param frame from position to limit; consumed
     * @throws ProtocolException when it is not exactly a frame of a message that this version knows
     */
    public static Message decode(ByteBuffer frame) {
        ByteBuffer whole = frame.slice().order(ByteOrder.LITTLE_ENDIAN);
        frame.position(frame.limit());
        checkHeader(whole);
        FieldReader in = new FieldReader(whole.position(HEADER));
        try {
            Message message = read(whole.getShort(NUMBER), in);
            in.requireEnd();
            return message;
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("a message that makes no sense: " + e.getMessage());
        }
    }

    private static void checkHeader(ByteBuffer frame) {
        if (frame.limit() < HEADER || frame.limit() > MAX_FRAME) {
            throw new ProtocolException("%d bytes are no message".formatted(frame.limit()));
        }
        boolean framed = frame.getInt(LENGTH) == frame.limit() && frame.getShort(ZERO) == 0;
        if (!framed || frame.getInt(CRC) != crc(frame)) {
            throw new ProtocolException("%d bytes that are no message of this protocol".formatted(frame.limit()));
        }
    }

    private static int crc(ByteBuffer frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate().position(NUMBER));
        return (int) crc.getValue();
    }

    /** The message with this number whose fields come next. */
    private static Message read(int number, FieldReader in) {
        return switch (number) {
            case Message.Hello.NUMBER -> Message.Hello.read(in);
            case Message.Alive.NUMBER -> new Message.Alive();
            case Message.Open.NUMBER -> Message.Open.read(in);
            case Message.OpenToken.NUMBER -> Message.OpenToken.read(in);
            case Message.Close.NUMBER -> Message.Close.read(in);
            case Message.ListObjects.NUMBER -> Message.ListObjects.read(in);
            case Message.Describe.NUMBER -> Message.Describe.read(in);
            case Message.Corrupted.NUMBER -> Message.Corrupted.read(in);
            case Message.Claim.NUMBER -> Message.Claim.read(in);
            case Message.Leave.NUMBER -> Message.Leave.read(in);
            case Message.Acknowledge.NUMBER -> Message.Acknowledge.read(in);
            case Message.SlabDeclined.NUMBER -> Message.SlabDeclined.read(in);
            case Message.Operate.NUMBER -> Message.Operate.read(in);
            case Message.Await.NUMBER -> Message.Await.read(in);
            case Message.Withdraw.NUMBER -> Message.Withdraw.read(in);
            case Message.Signaled.NUMBER -> Message.Signaled.read(in);
            case Message.ConditionAwait.NUMBER -> Message.ConditionAwait.read(in);
            case Message.ConditionSignal.NUMBER -> Message.ConditionSignal.read(in);
            case Message.ConditionLeft.NUMBER -> Message.ConditionLeft.read(in);
            case Message.Sync.NUMBER -> Message.Sync.read(in);
            case Message.Resume.NUMBER -> Message.Resume.read(in);
            case Message.Hand.NUMBER -> Message.Hand.read(in);
            case Message.HandObject.NUMBER -> Message.HandObject.read(in);
            case Message.HandTicket.NUMBER -> Message.HandTicket.read(in);
            case Message.HandSignal.NUMBER -> Message.HandSignal.read(in);
            case Message.HandedOver.NUMBER -> new Message.HandedOver();
            case Message.AskWriters.NUMBER -> Message.AskWriters.read(in);
            case Message.Welcome.NUMBER -> Message.Welcome.read(in);
            case Message.Refused.NUMBER -> Message.Refused.read(in);
            case Message.Opened.NUMBER -> Message.Opened.read(in);
            case Message.SlabGrant.NUMBER -> Message.SlabGrant.read(in);
            case Message.Done.NUMBER -> Message.Done.read(in);
            case Message.Failed.NUMBER -> Message.Failed.read(in);
            case Message.FailedCorrupted.NUMBER -> Message.FailedCorrupted.read(in);
            case Message.Listing.NUMBER -> Message.Listing.read(in);
            case Message.ClaimAnswer.NUMBER -> Message.ClaimAnswer.read(in);
            case Message.Moving.NUMBER -> Message.Moving.read(in);
            case Message.Moved.NUMBER -> Message.Moved.read(in);
            case Message.SlabRevoke.NUMBER -> Message.SlabRevoke.read(in);
            case Message.Operated.NUMBER -> Message.Operated.read(in);
            case Message.Awaited.NUMBER -> Message.Awaited.read(in);
            case Message.Queued.NUMBER -> Message.Queued.read(in);
            case Message.Keep.NUMBER -> Message.Keep.read(in);
            case Message.Located.NUMBER -> Message.Located.read(in);
            case Message.TakenOver.NUMBER -> new Message.TakenOver();
            case Message.ShowAgain.NUMBER -> new Message.ShowAgain();
            case Message.Writers.NUMBER -> Message.Writers.read(in);
            default -> throw new ProtocolException("no message has the number " + number);
        };
    }
}
