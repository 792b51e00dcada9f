package io.hybridsync.wire;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.kernel.Directory;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Linux;
import io.hybridsync.kernel.Peer;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Stat;
import io.hybridsync.kernel.Unwinding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A domain's own directory, checked and held open. Mode 0700, or 0770 when a group shares it.
 *
 * <pre>
 *   lock         who is broker, {@link LockFile}
 *   clients      who is alive, {@link ClientsFile}
 *   socket       where the broker listens
 *   broker.log   what it has to say, broker.log.old before
 * </pre>
 *
 * <p>The last broker of a domain removes all of it, directory included, and cleaners of temporary directories remove
 * what they please. So whatever is done here may find that the directory is gone: methods say null or false then, and
 * the caller makes it again. Safe for use by many threads.
 */
public final class DomainDirectory implements AutoCloseable {

    /** Where the broker listens. */
    public static final String SOCKET = "socket";
    /** Who is broker. */
    public static final String LOCK = "lock";
    /** Who is alive. */
    public static final String CLIENTS = "clients";
    /** What the broker has to say. */
    public static final String LOG = "broker.log";
    /** What it had to say before. */
    public static final String OLD_LOG = "broker.log.old";

    private static final String NEW_SOCKET = "socket.new";
    private static final int BACKLOG = 4096;
    private static final int PRIVATE_FILE = 0600;
    private static final int SHARED_FILE = 0660;
    private static final int ATTEMPTS = 200;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final int ROOT = 0;

    private final Domain domain;
    private final Directory directory;
    private final boolean shared;
    private final Stat stat;

    DomainDirectory(Domain domain, Directory directory, boolean shared) {
        this.domain = domain;
        this.directory = directory;
        this.shared = shared;
        this.stat = directory.stat();
    }

    /** Whose directory it is. */
    public Domain domain() {
        return domain;
    }

    /** Its path. */
    public Path path() {
        return directory.path();
    }

    /** Whether the members of its group share the domain. */
    public boolean isShared() {
        return shared;
    }

    /**
     * Whether a peer may take part in the domain: the directory's owner, root, and in a shared domain its group.
     *
     * @param peer who it is
     * @param groups its supplementary groups, asked for only if they matter
     */
    public boolean admits(Peer peer, Supplier<int[]> groups) {
        if (peer.uid() == stat.uid() || peer.uid() == ROOT) {
            return true;
        }
        return shared && (peer.gid() == stat.gid() || Arrays.stream(groups.get()).anyMatch(gid -> gid == stat.gid()));
    }

    /** The same directory, held open on its own; null when its path does not lead here any more. */
    public @Nullable DomainDirectory again() {
        try {
            Directory now = Directory.open(path());
            if (now.stat().isSameFile(stat)) {
                return new DomainDirectory(domain, now, shared);
            }
            now.close();
            return null;
        } catch (KernelException | AccessDeniedException e) {
            return null;
        }
    }

    /** Whether its path still leads here. */
    public boolean isThere() {
        try (DomainDirectory now = again()) {
            return now != null;
        }
    }

    /**
     * Connects to whoever listens at the domain's socket.
     *
     * @return 0; -ENOENT or -ECONNREFUSED: nobody; -EAGAIN: try again later; or another -errno
     */
    public int connect(SeqPacket socket) {
        return socket.connect(directory, SOCKET);
    }

    /**
     * Listens at the domain's socket. For the holder of the lock. The socket gets its name when it listens and has its
     * mode, in one step: what a former broker left is replaced, and who finds the name reaches a listening broker.
     *
     * @return the socket, or null when the directory is gone
     */
    public @Nullable SeqPacket listen() {
        try {
            directory.unlink(NEW_SOCKET);
            SeqPacket socket = SeqPacket.listen(directory, NEW_SOCKET, BACKLOG);
            try {
                giveMode(NEW_SOCKET);
                directory.rename(NEW_SOCKET, SOCKET);
                return socket;
            } catch (RuntimeException | Error e) {
                Unwinding.close(socket);
                throw e;
            }
        } catch (KernelException e) {
            if (isGone(e)) {
                return null;
            }
            throw e;
        }
    }

    /** What a name in it is now, or null. */
    public @Nullable Stat statChild(String name) {
        return directory.statChild(name);
    }

    /** Whether a name in it still leads to this open file: cleaners delete files, and others make them again. */
    public boolean isCurrent(String name, Fd file) {
        Stat named = directory.statChild(name);
        return named != null && named.isSameFile(Stat.of(file));
    }

    /**
     * Opens a regular file in it for reading and writing, and makes it if it is missing.
     *
     * @return the file, or null when the directory is gone
     */
    public @Nullable Fd openFile(String name) {
        for (int attempt = 0; ; attempt++) {
            try {
                return checked(name, openOrMake(name));
            } catch (KernelException e) {
                if (isGone(e)) {
                    return null;
                }
                if (e.errno() != Errno.ENOENT || attempt >= ATTEMPTS) {
                    throw e;
                }
            } catch (AccessDeniedException e) {
                waitForMode(name, attempt, e);
            }
        }
    }

    /** Removes a file; false if there is none. */
    public boolean unlink(String name) {
        return directory.unlink(name);
    }

    /** Gives a file another name. */
    public void rename(String from, String to) {
        directory.rename(from, to);
    }

    /** Removes the directory itself if it is empty. */
    public boolean remove() {
        try (Directory parent = Directory.open(Objects.requireNonNull(path().getParent()))) {
            return parent.remove(domain.name());
        } catch (KernelException | AccessDeniedException e) {
            return false;
        }
    }

    private Fd openOrMake(String name) {
        try {
            return directory.openFile(name, Linux.O_RDWR, 0);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        try {
            return withMode(name, directory.openFile(name, Linux.O_RDWR | Linux.O_CREAT | Linux.O_EXCL, PRIVATE_FILE));
        } catch (KernelException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            return directory.openFile(name, Linux.O_RDWR, 0);
        }
    }

    private Fd withMode(String name, Fd made) {
        try {
            giveMode(name);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void giveMode(String name) {
        if (shared) {
            directory.chown(name, -1, stat.gid());
        }
        directory.chmod(name, shared ? SHARED_FILE : PRIVATE_FILE);
    }

    /**
     * Another member of the group may have made the file and not yet given it its mode. If that takes as long as this,
     * its maker died there.
     */
    private void waitForMode(String name, int attempt, AccessDeniedException denied) {
        if (!shared || attempt > ATTEMPTS) {
            throw denied;
        }
        if (attempt == ATTEMPTS) {
            unlink(name);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private Fd checked(String name, Fd file) {
        if (!Stat.of(file).isRegularFile()) {
            file.close();
            throw new AccessDeniedException(directory + "/" + name + " is no regular file: remove it.");
        }
        return file;
    }

    private boolean isGone(KernelException e) {
        return e.errno() == Errno.ENOENT && directory.stat().links() == 0;
    }

    @Override
    public void close() {
        directory.close();
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
