package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Who connected (or listens) at the other end of a socket, as the kernel saw it then: struct ucred.
 *
 * <pre>
 *   0      4      8      12
 *  +------+------+------+
 *  | pid  | uid  | gid  |
 *  +------+------+------+
 * </pre>
 *
 * @param pid the process, in the pid namespace of this process; 0 if it is not visible there
 * @param uid its effective user id
 * @param gid its effective group id
 */
public record Peer(int pid, int uid, int gid) {

    static final int BYTES = 12;
    static final int PID = 0;
    static final int UID = 4;
    static final int GID = 8;

    static Peer read(MemorySegment ucred) {
        return new Peer(ucred.get(JAVA_INT, PID), ucred.get(JAVA_INT, UID), ucred.get(JAVA_INT, GID));
    }
}
