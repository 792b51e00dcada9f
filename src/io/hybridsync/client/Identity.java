package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Who this client is in the domain, and the sign that it is alive: the lock on the byte of the file {@code clients} whose
 * offset is its id. Nobody until the first broker has given it an id; the same from then on, for every broker after that. Only a
 * client that has nothing and comes too late may {@link #forget} who it was.
 *
 * <p>The sign is shown without a gap as long as this is open, also while there is no broker. A cleaner may have deleted the
 * file, and the next broker looks at the new one: the byte is locked there too, and the old file stays locked.
 *
 * <p>Thread-safe.
 */
final class Identity implements AutoCloseable {

    private static final int NOBODY = 0;
    private static final int LONGEST_PROGRAM = 200;

    private final List<ClientsFile> files = new ArrayList<>();
    private int id = NOBODY;
    private boolean closed;

    /** Whether a broker has given this client an id. */
    synchronized boolean isKnown() {
        return id != NOBODY;
    }

    /** The client's id. */
    synchronized int id() {
        return id;
    }

    /** The first message to a broker. */
    synchronized Message greeting() {
        return id == NOBODY
                ? new Message.Hello(Version.MAJOR, Version.MINOR, program())
                : new Message.Resume(Version.MAJOR, Version.MINOR, id, program());
    }

    /** Nobody again: who this was is dead from now on. */
    synchronized void forget() {
        id = NOBODY;
        release();
    }

    /**
     * A broker has given this client an id.
     *
     * @param told tells the broker that this client can be seen to be alive; whether that was possible
     * @return false when it could not be shown or not be told: still nobody
     */
    synchronized boolean become(int given, DomainDirectory directory, BooleanSupplier told) {
        if (!lock(given, directory)) {
            return false;
        }
        if (!told.getAsBoolean()) {
            files.removeLast().close();
            return false;
        }
        id = given;
        return true;
    }

    /**
     * Shows in a directory that this client is alive; nothing as long as it is nobody.
     *
     * @return false when the directory or the file has just been removed, or this is closed: nobody is to be told
     * @throws Refusal when somebody else shows it for that id
     */
    synchronized boolean show(DomainDirectory directory) {
        if (id == NOBODY || files.stream().anyMatch(file -> file.isCurrent(directory))) {
            return !closed;
        }
        int before = files.size();
        if (lock(id, directory)) {
            return true;
        }
        if (files.size() == before && !closed && isTaken(directory)) {
            throw new Refusal(new BrokerUnavailableException(
                    "the id of this client, %d, has been given to another in %s".formatted(id, directory)), true);
        }
        return false;
    }

    private boolean lock(int byId, DomainDirectory directory) {
        ClientsFile file = closed ? null : ClientsFile.open(directory);
        if (file == null) {
            return false;
        }
        if (!file.lock(byId) || !file.isCurrent(directory)) {
            file.close();
            return false;
        }
        files.add(file);
        return true;
    }

    private boolean isTaken(DomainDirectory directory) {
        ClientsFile file = ClientsFile.open(directory);
        if (file == null) {
            return false;
        }
        try (file) {
            return file.isHeld(id);
        }
    }

    /** What this process is, for the broker's log. */
    private static String program() {
        String command = ProcessHandle.current().info().command().orElse("java");
        String name = System.getProperty("sun.java.command", command);
        return name.substring(0, Math.min(LONGEST_PROGRAM, name.length())) + " (" + ProcessHandle.current().pid() + ")";
    }

    /** From now on this client counts as dead. */
    @Override
    public synchronized void close() {
        closed = true;
        release();
    }

    private void release() {
        files.forEach(ClientsFile::close);
        files.clear();
    }
}
