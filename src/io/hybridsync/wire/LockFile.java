package io.hybridsync.wire;

import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.FileContents;
import io.hybridsync.kernel.FileLock;
import io.hybridsync.kernel.Unwinding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code lock} of a domain's directory decides who plays a role in it, at most one at a time. The lock belongs
 * to the open file and goes with it, so at the latest when its holder dies; the file may stay.
 *
 * <p>A cleaner may delete the file, and a broker that ends does. A lock on a file that has lost its name excludes
 * nobody who comes later: so the name is looked up again once the lock is held.
 *
 * <p>The contents, little endian; zeroes, or nothing, for what there is not:
 *
 * <pre>
 *    0                  8        16      24            32       40      48            56  ...  200             208
 *   +------------------+--------+-------+-------------+--------+-------+-------------+--- ... ---+---------------+
 *   | last incarnation | device | inode | incarnation | device | inode | incarnation |           | last id of a  |
 *   | of a broker      | of the last broker's journal | of that which it goes on     | and so on | client        |
 *   |                  |                              | from                         |           |               |
 *   +------------------+------------------------------+------------------------------+--- ... ---+---------------+
 * </pre>
 *
 * Only brokers write there; but whoever may take a role has it open for writing, and could.
 *
 * <p>What a broker writes it writes at once, so its death leaves all of it or nothing.
 */
public final class LockFile implements AutoCloseable {

    /** What there is at most one of. */
    public enum Role {
        /** Has the domain's state. Holds it as long as it lives. */
        BROKER(0),
        /** Starts a broker. Holds it until the broker listens. */
        STARTER(1),
        /** Is BROKER, in a process that is there for nothing else: it may be told to end. Held as long as BROKER is. */
        PROCESS(2),
        /** Starts a broker because STARTER, for long, has not come to an end with that. Holds it in the same way. */
        DEPUTY(3);

        private final int offset;

        Role(int offset) {
            this.offset = offset;
        }
    }

    /** Which file something is, whatever it is called. */
    public record Identity(long device, long inode) {}

    /** A journal, and the incarnation of the broker that made it; less than 0 if nobody knows whether one has. */
    public record Named(Identity file, long incarnation) {}

    /**
     * What brokers have written down.
     *
     * @param incarnation of the last one; 0 if nothing tells
     * @param journals those that count, {@link #FILES} at most; empty if nothing tells
     * @param lastClient the last id that a client may have been given; 0 if nothing tells
     */
    public record Contents(int incarnation, List<Named> journals, int lastClient) {

        /** Keeps its own copy. */
        public Contents {
            journals = List.copyOf(journals);
        }

        /** The same with other journals. */
        public Contents with(List<Named> others) {
            return new Contents(incarnation, others, lastClient);
        }

        /** The same with another last client. */
        public Contents withLastClient(int id) {
            return new Contents(incarnation, journals, id);
        }
    }

    /** How many journals are named. */
    public static final int FILES = 8;

    private static final int CLIENTS = Long.BYTES + FILES * 3 * Long.BYTES;
    private static final int BYTES = CLIENTS + Long.BYTES;

    /** Seconds from 1970 to 2020. */
    private static final long EPOCH = 1_577_836_800L;

    private final Fd file;

    private LockFile(Fd file) {
        this.file = file;
    }

    /**
     * Takes a role.
     *
     * @return null when somebody else has it, or the directory is gone
     */
    public static @Nullable LockFile tryLock(DomainDirectory directory, Role role) {
        for (;;) {
            Fd file = directory.openFile(DomainDirectory.LOCK);
            if (file == null) {
                return null;
            }
            boolean taken = false;
            try {
                LockFile lock = new LockFile(file);
                if (!lock.alsoTake(role)) {
                    return null;
                }
                taken = lock.isCurrent(directory);
                if (taken) {
                    return lock;
                }
            } finally {
                if (!taken) {
                    Unwinding.close(file);
                }
            }
        }
    }

    /** Takes another role, which goes with the first; false when somebody else has it. */
    public boolean alsoTake(Role role) {
        return FileLock.tryLock(file, role.offset, 1);
    }

    /** Whether somebody else has a role now. */
    public static boolean isHeld(DomainDirectory directory, Role role) {
        Fd file = directory.openFile(DomainDirectory.LOCK);
        if (file == null) {
            return false;
        }
        try (file) {
            return FileLock.isLockedElsewhere(file, role.offset, 1);
        }
    }

    /** Whether the file has its name in a directory, so that the lock excludes others there. */
    public boolean isCurrent(DomainDirectory directory) {
        return directory.isCurrent(DomainDirectory.LOCK, file);
    }

    /**
     * The incarnation of a new broker: greater than those before it, as far as the file tells, and than those of
     * brokers whose file was deleted, as far as the clock tells. Kept in the file.
     *
     * @param nowSeconds since 1970
     * @return 1 to 2^31-1
     */
    public int nextIncarnation(long nowSeconds) {
        long byClock = Math.clamp(nowSeconds - EPOCH, 1, Integer.MAX_VALUE - 1);
        int next = (int) Math.max(lastIncarnation() + 1L, byClock);
        byte[] written = new byte[Long.BYTES];
        little(written).putLong(next);
        FileContents.write(file, 0, written);
        return next;
    }

    /** The incarnation of the last broker that the file tells of; 0 if it tells of none. */
    public int lastIncarnation() {
        return incarnation(read(0, Long.BYTES).getLong());
    }

    /** All that it says. */
    public Contents contents() {
        ByteBuffer all = read(0, BYTES);
        int incarnation = incarnation(all.getLong());
        List<Named> journals = new ArrayList<>();
        while (all.position() < CLIENTS) {
            Named named = new Named(new Identity(all.getLong(), all.getLong()), all.getLong());
            if (named.file.inode != 0 && named.incarnation != 0) {
                journals.add(named);
            }
        }
        long client = all.getLong();
        return new Contents(incarnation, journals, client > 0 && client <= Integer.MAX_VALUE ? (int) client : 0);
    }

    /** Says that to whoever has the lock later, instead of all that it said before. */
    public void write(Contents contents) {
        byte[] written = new byte[BYTES];
        ByteBuffer all = little(written).putLong(contents.incarnation);
        contents.journals.forEach(named -> all.putLong(named.file.device)
                .putLong(named.file.inode)
                .putLong(named.incarnation));
        all.position(CLIENTS).putLong(contents.lastClient);
        FileContents.write(file, 0, written);
    }

    /** What is there, by the descriptor that has the lock: there may be no other. Zeroes where there is no whole number. */
    private ByteBuffer read(long offset, int length) {
        byte[] there = FileContents.read(file, offset, length);
        int whole = there.length / Long.BYTES * Long.BYTES;
        return little(Arrays.copyOf(Arrays.copyOf(there, whole), length));
    }

    private static int incarnation(long written) {
        return written > 0 && written < Integer.MAX_VALUE - 1 ? (int) written : 0;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives the role up. */
    @Override
    public void close() {
        file.close();
    }
}
