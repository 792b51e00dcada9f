package io.hybridsync.wire;

import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.FileLock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code clients} of a domain's directory tells who is alive, also when there is no broker: each client holds
 * the lock on the byte whose offset is its id. The kernel gives the lock up when the process has died, whatever killed
 * it; a process that is only stopped keeps it. The file has no contents.
 */
public final class ClientsFile implements AutoCloseable {

    private final Fd file;

    private ClientsFile(Fd file) {
        this.file = file;
    }

    /** Opens the file, and makes it if it is missing; null when the directory is gone. */
    public static @Nullable ClientsFile open(DomainDirectory directory) {
        Fd file = directory.openFile(DomainDirectory.CLIENTS);
        return file == null ? null : new ClientsFile(file);
    }

    /** Shows that a client is alive, as long as this object is open; false when somebody else does so. */
    public boolean lock(int clientId) {
        return FileLock.tryLock(file, clientId, 1);
    }

    /** Whether a client that was seen to {@link #lock} its byte through another open file is alive. */
    public boolean isHeld(int clientId) {
        return FileLock.isLockedElsewhere(file, clientId, 1);
    }

    /** Whether any client is. */
    public boolean isAnyHeld() {
        return FileLock.isLockedElsewhere(file, 0, 1L << Integer.SIZE);
    }

    /**
     * The clients that are alive, ascending.
     *
     * @param last the largest id that a client may have
     * @param limit how many to look for
     */
    public List<Integer> held(int last, int limit) {
        return FileLock.lockedElsewhere(file, 1, last + 1L, limit).stream()
                .map(Math::toIntExact)
                .toList();
    }

    /** Whether the file has its name in a directory, so that those who come later look here. */
    public boolean isCurrent(DomainDirectory directory) {
        return directory.isCurrent(DomainDirectory.CLIENTS, file);
    }

    /** Ends the sign of life of all that were locked here. */
    @Override
    public void close() {
        file.close();
    }
}
