package io.hybridsync.wire;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.kernel.Directory;
import io.hybridsync.kernel.Stat;

/**
 * Which directories are to be trusted: those that nobody but we, root, and whom a parent's mode invites can have made
 * what they are. Whoever can write to a domain's directory can be its broker.
 */
final class Trust {

    private static final int BITS = 0777;
    private static final int SHARED = 0770;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;

    private final int uid;

    /** @param uid who we are */
    Trust(int uid) {
        this.uid = uid;
    }

    /** Whether domains under this parent are for the parent's group too. */
    static boolean isShared(Stat parent) {
        return (parent.permissions() & BITS) == SHARED;
    }

    /** Whether it is ours and nobody else may write to it. */
    boolean isPrivate(Stat stat) {
        return stat.uid() == uid && (stat.permissions() & WRITABLE_BY_OTHERS) == 0;
    }

    /**
     * A parent that was asked for: ours or root's; sticky if others may write to it, unless it is shared, for who may
     * write may also put another directory in a domain's place. Closed when it is refused.
     */
    Directory requireParent(Directory directory) {
        Stat stat = directory.stat();
        if (!isOurs(stat)) {
            throw refused(directory, stat, "It has to belong to uid " + uid + " or to root: choose another directory.");
        }
        if (!isSafeToWrite(stat)) {
            throw refused(directory, stat, "Others may replace what is in it: chmod go-w or chmod +t, or chmod 770 to share it.");
        }
        return directory;
    }

    /** A directory that is ours, with exactly this mode. */
    Directory requireOurs(Directory directory, int mode) {
        Stat stat = directory.stat();
        if (stat.uid() != uid) {
            String remedy = "It has to belong to uid " + uid + ": remove it, or choose another directory.";
            throw refused(directory, stat, remedy);
        }
        requireMode(directory, stat, mode);
        return directory;
    }

    /** The directory of a domain that a group shares; any member of the group may have made it. */
    Directory requireShared(Directory directory, int gid) {
        Stat stat = directory.stat();
        if (stat.gid() != gid) {
            throw refused(directory, stat, "Its group has to be its parent's, %d: chgrp %d.".formatted(gid, gid));
        }
        requireMode(directory, stat, SHARED);
        return directory;
    }

    /** The exception for a directory in which nothing can be made. */
    static AccessDeniedException notWritable(Directory directory, AccessDeniedException cause) {
        String message = describe(directory, directory.stat()) + " may not be written: choose another directory. ";
        return new AccessDeniedException(message + cause.getMessage(), cause);
    }

    private static void requireMode(Directory directory, Stat stat, int mode) {
        if ((stat.permissions() & BITS) != mode) {
            String octal = Integer.toOctalString(mode);
            throw refused(directory, stat, "Its mode has to be 0%s: chmod %s, or remove it.".formatted(octal, octal));
        }
    }

    private boolean isOurs(Stat stat) {
        return stat.uid() == uid || stat.uid() == ROOT;
    }

    private static boolean isSafeToWrite(Stat stat) {
        return (stat.permissions() & WRITABLE_BY_OTHERS) == 0 || (stat.permissions() & STICKY) != 0 || isShared(stat);
    }

    private static AccessDeniedException refused(Directory directory, Stat stat, String remedy) {
        directory.close();
        return new AccessDeniedException(describe(directory, stat) + " is not to be trusted with a domain. " + remedy);
    }

    private static String describe(Directory directory, Stat stat) {
        return "Directory %s (owner uid %d, group gid %d, mode 0%o)"
                .formatted(directory, stat.uid(), stat.gid(), stat.permissions());
    }
}
