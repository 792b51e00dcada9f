package io.hybridsync.broker;

import io.hybridsync.error.KernelException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Stat;
import io.hybridsync.kernel.Unwinding;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What makes a process the broker of a domain, all in one directory: it has the lock, it listens at the socket, it can
 * tell who is alive.
 *
 * <p>The lock is taken first and given up last, so everything else in the directory may be replaced or removed under
 * it, whoever left it. Cleaners take away what they please, and so does the end of a login: {@link #isWhole} tells, and
 * {@link #repair} makes it again.
 */
final class Seat implements Liveness, Register, AutoCloseable {

    /** How often to look, and how long between, while somebody listens though the lock is free. */
    private static final int PROBES = 100;

    private static final long PROBE_NANOS = 5_000_000;

    /** How many files of clients that were deleted are kept in mind. */
    private static final int FORMER_FILES = 16;

    private final Deque<ClientsFile> clients = new ArrayDeque<>();
    private DomainDirectory directory;
    private LockFile lock;
    private SeqPacket socket;
    private Stat name;
    private final List<Integer> heirs;

    /** Whether this process is there for nothing else. */
    private final boolean alone;

    /** What a lock file that was made again is to say and does not yet; null if it says all. */
    private LockFile.@Nullable Contents unwritten;

    private String reason = "";

    /** There is another file of clients than those that are connected know of. */
    private boolean renewed;

    private Seat(
            DomainDirectory directory,
            LockFile lock,
            ClientsFile file,
            List<Integer> heirs,
            SeqPacket socket,
            Stat name,
            boolean alone) {
        this.alone = alone;
        this.heirs = heirs;
        this.directory = directory;
        this.lock = lock;
        this.clients.push(file);
        this.socket = socket;
        this.name = name;
    }

    /**
     * Takes the seat in a directory.
     *
     * @param alone whether this process is there for nothing else, so that who replaces the broker may end it
     * @return null when another process has it, or the directory is gone
     */
    static @Nullable Seat take(DomainDirectory asked, boolean alone) {
        Deque<AutoCloseable> taken = Unwinding.parts();
        Seat seat = null;
        try {
            seat = take(asked, alone, taken);
            return seat;
        } finally {
            if (seat == null) {
                Unwinding.closeAll(taken);
            }
        }
    }

    private static @Nullable Seat take(DomainDirectory asked, boolean alone, Deque<AutoCloseable> taken) {
        DomainDirectory directory = kept(asked.again(), taken);
        LockFile lock = directory == null ? null : kept(lock(directory, alone), taken);
        if (directory == null || lock == null || isServed(directory)) {
            return null;
        }
        ClientsFile clients = kept(ClientsFile.open(directory), taken);
        List<Integer> heirs = clients == null ? List.of() : clients.held(ClientIds.LAST, Options.MOST_CLIENTS);
        SeqPacket socket = kept(directory.listen(), taken);
        Stat name = directory.statChild(DomainDirectory.SOCKET);
        return clients == null || socket == null || name == null
                ? null
                : new Seat(directory, lock, clients, heirs, socket, name, alone);
    }

    /** All that it has goes at once: so what a broker that has ended was is free when its place is. */
    private static @Nullable LockFile lock(DomainDirectory directory, boolean alone) {
        LockFile lock = LockFile.tryLock(directory, LockFile.Role.BROKER);
        if (lock == null || !alone) {
            return lock;
        }
        boolean both = false;
        try {
            both = lock.alsoTake(LockFile.Role.PROCESS);
            return both ? lock : null;
        } finally {
            if (!both) {
                Unwinding.close(lock);
            }
        }
    }

    private static <T extends AutoCloseable> @Nullable T kept(@Nullable T part, Deque<AutoCloseable> taken) {
        if (part != null) {
            taken.push(part);
        }
        return part;
    }

    /**
     * Whether a broker listens though the lock is free: its lock file was deleted, and it will soon make a new one. One
     * that was killed may listen for a moment too, for the kernel closes its files one by one.
     */
    private static boolean isServed(DomainDirectory directory) {
        for (int probe = 0; probe < PROBES; probe++) {
            try (SeqPacket socket = SeqPacket.open()) {
                int result = directory.connect(socket);
                if (result != 0 && result != -Errno.EAGAIN) {
                    return false;
                }
            }
            LockSupport.parkNanos(PROBE_NANOS);
        }
        return true;
    }

    /** Whether this process is there for nothing else. */
    boolean isAlone() {
        return alone;
    }

    DomainDirectory directory() {
        return directory;
    }

    /** The incarnation of a broker that has just taken the seat. */
    int nextIncarnation(long nowSeconds) {
        return lock.nextIncarnation(nowSeconds);
    }

    /** The incarnation of the last broker that had it; 0 if nothing tells. */
    int lastIncarnation() {
        return lock.lastIncarnation();
    }

    @Override
    public List<LockFile.Named> journals() {
        return written().journals();
    }

    private LockFile.Contents written() {
        return unwritten == null ? lock.contents() : unwritten;
    }

    @Override
    public void write(List<LockFile.Named> journals) {
        LockFile.Contents contents = written().with(journals);
        if (unwritten == null) {
            lock.write(contents);
        } else {
            unwritten = contents;
            writeAgain();
        }
    }

    @Override
    public int lastClient() {
        return Math.min(written().lastClient(), ClientIds.LAST);
    }

    @Override
    public void reserveClients(int last) {
        unwritten = written().withLastClient(last);
        writeAgain();
    }

    /** Also later: a file that says nothing misleads nobody, as one would that says what is not true any more. */
    private void writeAgain() {
        if (unwritten != null) {
            try {
                lock.write(unwritten);
                unwritten = null;
            } catch (SyncException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
    }

    /** Why what brokers write down is not there; only when that is so. */
    String reason() {
        return reason;
    }

    /** The clients that were alive when the seat was taken, before anybody could connect here: of brokers before. */
    List<Integer> heirs() {
        return heirs;
    }

    /** Listens. Another one after a {@link #repair}. */
    SeqPacket socket() {
        return socket;
    }

    /** Clients may have locked their byte in a file that was deleted, or in the one that somebody has made since. */
    @Override
    public boolean isHeld(int clientId) {
        for (ClientsFile file : clients) {
            if (file.isHeld(clientId)) {
                return true;
            }
        }
        return renewClients(directory) && clients.element().isHeld(clientId);
    }

    /**
     * Whether there is another file of clients than when this was asked last: those that are connected have locked nothing in
     * it.
     */
    boolean hasRenewedClients() {
        boolean was = renewed;
        renewed = false;
        return was;
    }

    /** Whether those who come later find the lock and what is written there, the socket and the file of clients here. */
    boolean isWhole() {
        return directory.isThere()
                && lock.isCurrent(directory)
                && unwritten == null
                && clients.element().isCurrent(directory)
                && isSocketIn(directory);
    }

    /** How a {@link #repair} ended. */
    enum Repair {
        /** Everything is there. */
        DONE,
        /** The same, but that brokers to come are not told what was written in the lock file: {@link #reason} tells why. */
        UNWRITTEN,
        /** Another process has the seat by now. */
        TAKEN,
        /** Somebody removed the directory meanwhile; another try makes it again. */
        GONE
    }

    /** Makes again what was taken away; a socket that is replaced is the caller's to close. */
    Repair repair() {
        if (directory.isThere()) {
            return repairIn(directory);
        }
        DomainDirectory made = directory.domain().make();
        Repair repair = Repair.GONE;
        try {
            repair = repairIn(made);
        } finally {
            (isThere(repair) ? directory : made).close();
        }
        directory = isThere(repair) ? made : directory;
        return repair;
    }

    private static boolean isThere(Repair repair) {
        return repair == Repair.DONE || repair == Repair.UNWRITTEN;
    }

    Repair repairIn(DomainDirectory place) {
        if (!lock.isCurrent(place)) {
            LockFile.Contents contents = written();
            LockFile taken = lock(place, alone);
            if (taken == null) {
                return LockFile.isHeld(place, LockFile.Role.BROKER) ? Repair.TAKEN : Repair.GONE;
            }
            LockFile former = lock;
            lock = taken;
            unwritten = contents;
            former.close();
        }
        writeAgain();
        renewClients(place);
        if (!isSocketIn(place) && !listenIn(place)) {
            return Repair.GONE;
        }
        return unwritten == null ? Repair.DONE : Repair.UNWRITTEN;
    }

    private boolean listenIn(DomainDirectory place) {
        SeqPacket listening = place.listen();
        Stat stat = null;
        try {
            stat = listening == null ? null : place.statChild(DomainDirectory.SOCKET);
        } finally {
            if (listening != null && stat == null) {
                Unwinding.close(listening);
            }
        }
        if (listening == null || stat == null) {
            return false;
        }
        socket = listening;
        name = stat;
        return true;
    }

    /** True if there is a new file of clients. */
    private boolean renewClients(DomainDirectory place) {
        if (clients.element().isCurrent(place)) {
            return false;
        }
        ClientsFile opened = ClientsFile.open(place);
        if (opened == null) {
            return false;
        }
        clients.push(opened);
        renewed = true;
        if (clients.size() > FORMER_FILES) {
            clients.removeLast().close();
        }
        return true;
    }

    private boolean isSocketIn(DomainDirectory place) {
        Stat now = place.statChild(DomainDirectory.SOCKET);
        return now != null && now.isSameFile(name);
    }

    /**
     * Removes everything, the directory included: the last one turns out the light. Who comes meanwhile finds a part of
     * it gone, and makes it again. While clients live what they need for the next broker stays: the file that tells who
     * they are, and the one that knows the incarnation, for slabs of two must not have one id.
     *
     * @param keepLog whether the log says something that somebody ought to read
     */
    void clear(boolean keepLog) {
        if (!lock.isCurrent(directory)) {
            return;
        }
        if (isSocketIn(directory)) {
            directory.unlink(DomainDirectory.SOCKET);
        }
        if (!keepLog) {
            removeLog(DomainDirectory.LOG);
            removeLog(DomainDirectory.OLD_LOG);
        }
        if (clients.stream().noneMatch(ClientsFile::isAnyHeld)) {
            directory.unlink(DomainDirectory.CLIENTS);
            directory.unlink(DomainDirectory.LOCK);
            directory.remove();
        }
    }

    /** A directory that stands where the log belongs is somebody else's. All the rest goes nevertheless. */
    private void removeLog(String file) {
        try {
            directory.unlink(file);
        } catch (KernelException e) {
            if (e.errno() != Errno.EISDIR) {
                throw e;
            }
        }
    }

    /** Gives the seat up: the lock last. */
    @Override
    public void close() {
        socket.close();
        clients.forEach(ClientsFile::close);
        lock.close();
        directory.close();
    }
}
