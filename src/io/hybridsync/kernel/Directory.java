package io.hybridsync.kernel;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.ObjectClosedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a directory: what is done through it is done in this very directory, whatever happens to its path in the
 * meantime. Names are looked up without following a symbolic link in the last place. Safe for use by many threads.
 *
 * <p>Names in it are single path components in UTF-8, whatever the locale, so that all processes mean the same file.
 */
public final class Directory implements AutoCloseable {

    private static final Arch ARCH = Arch.current();
    private static final int O_NOFOLLOW = ARCH.get("O_NOFOLLOW");
    private static final int HANDLE = Linux.O_PATH | ARCH.get("O_DIRECTORY") | O_NOFOLLOW | Linux.O_CLOEXEC;
    private static final int ALWAYS = O_NOFOLLOW | Linux.O_CLOEXEC | Linux.O_NONBLOCK | Linux.O_NOCTTY;

    private final Fd fd;
    private final Path path;

    private Directory(Fd fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * Opens an existing directory. The last component must not be a symbolic link.
     *
     * @throws AccessDeniedException if it is a link or no directory, or may not be searched
     * @throws io.hybridsync.error.KernelException with ENOENT if it does not exist
     */
    public static Directory open(Path path) {
        byte[] bytes = FileNames.bytes(path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long result = SystemCall.OPENAT.call(Linux.AT_FDCWD, name.address(), HANDLE, 0);
            return opened(result, path.toAbsolutePath());
        }
    }

    /**
     * Opens an existing directory in this one, as {@link #open}.
     *
     * @throws AccessDeniedException if it is a link or no directory, or may not be searched
     * @throws io.hybridsync.error.KernelException with ENOENT if it does not exist
     */
    public Directory child(String name) {
        return opened(at(SystemCall.OPENAT, name, HANDLE, 0), FileNames.child(path, name));
    }

    private static Directory opened(long result, Path path) {
        if (result == -Errno.ENOTDIR || result == -Errno.ELOOP) {
            throw new AccessDeniedException(FileNames.text(path) + " is a symbolic link, or no directory. Links are not followed here:"
                    + " name the real directory.");
        }
        return new Directory(new Fd((int) Failure.check(result, "openat", FileNames.text(path), "O_DIRECTORY")), path);
    }

    /**
     * Makes a directory in this one.
     *
     * @param mode its permissions, from which the process's umask is taken away
     * @return false if there is something of that name already
     */
    public boolean makeChild(String name, int mode) {
        long result = at(SystemCall.MKDIRAT, name, mode, 0);
        return result != -Errno.EEXIST && done(result, "mkdirat", name);
    }

    /** What the directory itself is. */
    public Stat stat() {
        return Stat.of(fd);
    }

    /** What a name in it is; null if there is nothing of that name. */
    public @Nullable Stat statChild(String name) {
        return Stat.of(fd, checked(name));
    }

    /**
     * Opens a file in it. Never follows a symbolic link, and never blocks on a FIFO.
     *
     * @param flags of {@link Linux}: O_RDWR, O_CREAT and so on
     * @param mode the permissions of a file that is made, from which the process's umask is taken away
     * @throws io.hybridsync.error.KernelException with ENOENT, EEXIST or ELOOP, as the flags let it be
     */
    public Fd openFile(String name, int flags, int mode) {
        long result = at(SystemCall.OPENAT, name, flags | ALWAYS, mode);
        return new Fd((int) Failure.check(result, "openat", this, name));
    }

    /** Removes a file. False if there is none of that name. */
    public boolean unlink(String name) {
        long result = at(SystemCall.UNLINKAT, name, 0, 0);
        return result != -Errno.ENOENT && done(result, "unlinkat", name);
    }

    /** Removes a directory. False if there is none of that name, or if it is not empty. */
    public boolean remove(String childDirectory) {
        long result = at(SystemCall.UNLINKAT, childDirectory, Linux.AT_REMOVEDIR, 0);
        boolean stays = result == -Errno.ENOENT || result == -Errno.ENOTEMPTY || result == -Errno.EEXIST;
        return !stays && done(result, "unlinkat", childDirectory);
    }

    /** Renames a file in it; a file that has the new name is replaced in the same step. */
    public void rename(String from, String to) {
        int number = fd.enter();
        try (Arena arena = Arena.ofConfined()) {
            long old = arena.allocateFrom(checked(from)).address();
            long target = arena.allocateFrom(checked(to)).address();
            done(SystemCall.RENAMEAT2.call(number, old, number, target), "renameat2", from);
        } finally {
            fd.leave();
        }
    }

    /** Sets the permissions of a file or directory in it, whatever the umask. A symbolic link is refused. */
    public void chmod(String name, int mode) {
        long result = at(SystemCall.OPENAT, name, Linux.O_PATH | O_NOFOLLOW | Linux.O_CLOEXEC, 0);
        try (Fd child = new Fd((int) Failure.check(result, "openat", this, name, "O_PATH"));
                Arena arena = Arena.ofConfined()) {
            long itself = arena.allocateFrom("/proc/self/fd/" + child.value()).address();
            done(SystemCall.FCHMODAT.call(Linux.AT_FDCWD, itself, mode, 0), "fchmodat", name);
        }
    }

    /**
     * Sets the owner and the group of a file or directory in it. Of a symbolic link, its own.
     *
     * @param uid the owner, -1 for no change
     * @param gid the group, -1 for no change
     */
    public void chown(String name, int uid, int gid) {
        try (Arena arena = Arena.ofConfined()) {
            long child = arena.allocateFrom(checked(name)).address();
            long result = SystemCall.FCHOWNAT.on(fd, child, uid, gid, Linux.AT_SYMLINK_NOFOLLOW, 0);
            done(result, "fchownat", name);
        }
    }

    /**
     * A path to a name in this directory that is short whatever the directory's own path: a socket address has room for
     * 107 bytes. Valid in this process while this object is open.
     *
     * @throws ObjectClosedException if it is closed
     */
    public String procPath(String name) {
        return "/proc/self/fd/" + fd.value() + '/' + checked(name);
    }

    /** The path that it was opened by. */
    public Path path() {
        return path;
    }

    /** The descriptor; it stays owned by this object. */
    Fd fd() {
        return fd;
    }

    private long at(SystemCall call, String name, long a3, long a4) {
        try (Arena arena = Arena.ofConfined()) {
            return call.on(fd, arena.allocateFrom(checked(name)).address(), a3, a4);
        }
    }

    private boolean done(long result, String call, String name) {
        Failure.check(result, call, this, name);
        return true;
    }

    private static String checked(String name) {
        Objects.requireNonNull(name, "name");
        boolean component = !name.isEmpty() && !name.equals(".") && !name.equals("..");
        if (!component || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("name is \"" + name + "\", not a single path component");
        }
        return name;
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return FileNames.text(path);
    }
}
