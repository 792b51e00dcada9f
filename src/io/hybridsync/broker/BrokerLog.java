package io.hybridsync.broker;

import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Stat;
import io.hybridsync.wire.DomainDirectory;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the broker has to say to people: lines with time, level and text in the file {@code broker.log}. Two files of
 * bounded size: one that grows, and the one before it. A line that cannot be written is lost; nothing else is, for
 * that.
 */
final class BrokerLog implements AutoCloseable {

    /** How large a file may grow. */
    static final int FILE_BYTES = 1 << 20;

    private static final int LINE_CHARS = 2000;

    private final Clock clock;
    private DomainDirectory directory;
    private @Nullable FileOutputStream file;
    private long written;
    private boolean worthKeeping;

    BrokerLog(DomainDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Writes one line. */
    void write(Effects.Level level, String text) {
        worthKeeping |= level == Effects.Level.WARN;
        byte[] line = line(level, text).getBytes(StandardCharsets.UTF_8);
        try {
            FileOutputStream open = file;
            if (open == null || written + line.length > FILE_BYTES) {
                open = open(open != null);
            }
            if (open != null) {
                open.write(line);
                written += line.length;
            }
        } catch (IOException | SyncException e) {
            close();
        }
    }

    /** Whether it says something that somebody ought to read: anything above INFO. */
    boolean isWorthKeeping() {
        return worthKeeping;
    }

    /** The file is in another directory from now on. */
    void moveTo(DomainDirectory now) {
        close();
        directory = now;
    }

    private String line(Effects.Level level, String text) {
        String head = text.length() <= LINE_CHARS ? text : text.substring(0, LINE_CHARS) + "...";
        return clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + printable(head) + "\n";
    }

    /** Names are chosen by others, who may put line ends and terminal controls in them. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return printable.toString();
    }

    private @Nullable FileOutputStream open(boolean full) throws IOException {
        close();
        if (full) {
            directory.rename(DomainDirectory.LOG, DomainDirectory.OLD_LOG);
        }
        Fd fd = directory.openFile(DomainDirectory.LOG);
        if (fd == null) {
            return null;
        }
        try (fd) {
            // Through the descriptor: the name may lead elsewhere by now.
            Path itself = Path.of("/proc/self/fd/" + fd.value());
            FileOutputStream opened = new FileOutputStream(itself.toFile(), true);
            file = opened;
            written = Stat.of(fd).size();
            return opened;
        }
    }

    @Override
    public void close() {
        FileOutputStream open = file;
        file = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw new AssertionError("closing a file that is not buffered writes nothing", e);
        }
    }
}
