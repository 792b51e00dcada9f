package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a file is and whose. Symbolic links are not followed. A part of struct statx:
 *
 * <pre>
 *   0      4        8             16     20    24    28   30   32     40     48
 *  +------+--------+-------------+------+-----+-----+----+----+------+------+---
 *  | mask | blksize| attributes  |nlink | uid | gid |mode| 0  | ino  | size | ...
 *  +------+--------+-------------+------+-----+-----+----+----+------+------+---
 *    ... 136         140         144       256
 *    ---+-----------+-----------+---- ... -+
 *       | dev_major | dev_minor |          |
 *    ---+-----------+-----------+---- ... -+
 * </pre>
 *
 * @param device the file system, major number in the upper half
 * @param inode the file's number there; together they are the file's identity
 * @param uid its owner
 * @param gid its group
 * @param mode type and permissions, as inode(7)
 * @param size in bytes
 * @param links how many names it has; 0 when it was deleted
 * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>
 */
public record Stat(long device, long inode, int uid, int gid, int mode, long size, int links) {

    static final int BYTES = 256;
    static final int NLINK = 16;
    static final int UID = 20;
    static final int GID = 24;
    static final int MODE = 28;
    static final int INO = 32;
    static final int SIZE = 40;
    static final int DEV_MAJOR = 136;
    static final int DEV_MINOR = 140;

    private static final int PERMISSIONS = 07777;

    /** The open file's own. */
    public static Stat of(Fd fd) {
        Stat stat = of(fd, "");
        if (stat == null) {
            throw new AssertionError("statx of an open file says that it does not exist");
        }
        return stat;
    }

    /** A name in a directory, or with an empty name the open file itself; null if there is no such name. */
    static @Nullable Stat of(Fd fd, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BYTES, Long.BYTES);
            long path = arena.allocateFrom(name).address();
            int flags = Linux.AT_SYMLINK_NOFOLLOW | (name.isEmpty() ? Linux.AT_EMPTY_PATH : 0);
            long result = SystemCall.STATX.on(fd, path, flags, Linux.STATX_BASIC_STATS, buffer.address(), 0);
            if (result == -Errno.ENOENT) {
                return null;
            }
            Failure.check(result, "statx", fd, name);
            return read(buffer);
        }
    }

    static Stat read(MemorySegment statx) {
        long major = statx.get(JAVA_INT, DEV_MAJOR);
        long minor = statx.get(JAVA_INT, DEV_MINOR);
        return new Stat(
                major << 32 | minor,
                statx.get(JAVA_LONG, INO),
                statx.get(JAVA_INT, UID),
                statx.get(JAVA_INT, GID),
                Short.toUnsignedInt(statx.get(JAVA_SHORT, MODE)),
                statx.get(JAVA_LONG, SIZE),
                statx.get(JAVA_INT, NLINK));
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return isType(Linux.S_IFDIR);
    }

    /** Whether it is a symbolic link. */
    public boolean isSymlink() {
        return isType(Linux.S_IFLNK);
    }

    /** Whether it is a regular file. */
    public boolean isRegularFile() {
        return isType(Linux.S_IFREG);
    }

    /** Whether it is a socket. */
    public boolean isSocket() {
        return isType(Linux.S_IFSOCK);
    }

    private boolean isType(int type) {
        return (mode & Linux.S_IFMT) == type;
    }

    /** The twelve bits of the mode that chmod(2) sets. */
    public int permissions() {
        return mode & PERMISSIONS;
    }

    /** Whether both are the same file. */
    public boolean isSameFile(Stat other) {
        return device == other.device && inode == other.inode;
    }
}
