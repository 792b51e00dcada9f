package io.hybridsync.chaos;

import io.hybridsync.word.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a process writes down of its accesses while it lives, in a file that it has mapped: the pages are the kernel's, so the
 * last line is there although nobody had the time to write it anywhere.
 *
 * <pre>
 *   0        8                                      48
 *   +--------+--------+--------+--------+--------+--------+ - -
 *   | lines  | kind   | first  | second | third  | result |
 *   +--------+--------+--------+--------+--------+--------+ - -
 *
 *   kind: the number of the {@link Access}, {@link #OWN} for the thread that performs the operation, {@link #DONE} after it
 * </pre>
 *
 * Threads write lines of their own; what does not fit is not written.
 */
final class BlackBox {

    private static final int LINES = 4096;
    private static final int LINE_BYTES = 5 * Long.BYTES;
    private static final int ACCESS_MASK = 0xff;
    private static final int OWN = 0x100;
    private static final int DONE = 0x200;

    private final MappedByteBuffer file;
    private final AtomicInteger lines = new AtomicInteger();

    private BlackBox(MappedByteBuffer file) {
        this.file = file;
    }

    /** Opens one, which is empty if it was not there. */
    static BlackBox open(Path path) {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer file =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES + (long) LINES * LINE_BYTES);
            file.order(ByteOrder.nativeOrder());
            return new BlackBox(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empties it. */
    void clear() {
        lines.set(0);
        file.putLong(0, 0);
    }

    /** Somebody is about to make an access: the number of its line. */
    int begin(Access access, boolean own, long first, long second, long third) {
        int line = lines.getAndIncrement();
        if (line < LINES) {
            int at = at(line);
            file.putLong(at + 8, first);
            file.putLong(at + 16, second);
            file.putLong(at + 24, third);
            file.putLong(at, access.number() | (own ? OWN : 0));
            file.putLong(0, Math.max(file.getLong(0), line + 1));
        }
        return line;
    }

    /** It has made it. */
    void end(int line, long result) {
        if (line < LINES) {
            int at = at(line);
            file.putLong(at + 32, result);
            file.putLong(at, file.getLong(at) | DONE);
        }
    }

    /** Whether the latest line of the operation's thread is of a call of the kernel that has not returned. */
    boolean isInKernel() {
        List<Line> own = own();
        return !own.isEmpty() && own.getLast().access() == Access.CALL && !own.getLast().done();
    }

    /** How many lines there are. */
    int size() {
        return (int) file.getLong(0);
    }

    /**
     * A line.
     *
     * @param own whether it is of the thread that performs the operation
     * @param done whether the access was made, so that there is a result
     */
    record Line(Access access, boolean own, boolean done, long first, long second, long third, long result) {

        /** Whether a word was changed. */
        boolean swapped() {
            return access == Access.SWAP && done && result != 0;
        }

        @Override
        public String toString() {
            String arguments = switch (access) {
                case LOAD, LOAD_HALF -> "%x".formatted(first);
                case CALL -> "%d: %x, %x".formatted(first, second, third);
                default -> "%x: %x, %x".formatted(first, second, third);
            };
            return "%s%s %s = %s".formatted(own ? "" : "(other) ", access, arguments, done ? Long.toHexString(result) : "?");
        }
    }

    /** All lines. */
    List<Line> lines() {
        List<Line> all = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            int at = at(i);
            int kind = (int) file.getLong(at);
            all.add(new Line(
                    Access.of(kind & ACCESS_MASK),
                    (kind & OWN) != 0,
                    (kind & DONE) != 0,
                    file.getLong(at + 8),
                    file.getLong(at + 16),
                    file.getLong(at + 24),
                    file.getLong(at + 32)));
        }
        return all;
    }

    /** Those of the thread that performs the operation. */
    List<Line> own() {
        return lines().stream().filter(Line::own).toList();
    }

    /** What the operation's thread has changed words to, in that order: the values before and after, without WAITERS. */
    List<Death.Change> changes() {
        return own().stream()
                .filter(Line::swapped)
                .map(line -> new Death.Change(Word.data(line.second()) & Word.VALUE, Word.data(line.third()) & Word.VALUE))
                .filter(change -> change.from() != change.to())
                .toList();
    }

    @Override
    public String toString() {
        return lines().toString();
    }

    private static int at(int line) {
        return Long.BYTES + line * LINE_BYTES;
    }
}
