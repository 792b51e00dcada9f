package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What getsockopt(2) tells of a socket's peer. */
final class SocketOption {

    static final int SO_PEERCRED = Arch.current().get("SO_PEERCRED");

    private static final int FEW_GROUPS = 32;

    private SocketOption() {}

    static void get(Arena arena, Fd fd, int option, MemorySegment value) {
        Failure.check(tryGet(fd, option, value, arena.allocate(JAVA_INT)), "getsockopt", option);
    }

    private static long tryGet(Fd fd, int option, MemorySegment value, MemorySegment length) {
        length.set(JAVA_INT, 0, (int) value.byteSize());
        return SystemCall.GETSOCKOPT.on(fd, Linux.SOL_SOCKET, option, value.address(), length.address(), 0);
    }

    /** When the groups do not fit the kernel says how many bytes they need; they never change. */
    static int[] peerGroups(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(JAVA_INT);
            MemorySegment groups = arena.allocate(JAVA_INT, FEW_GROUPS);
            long result = tryGet(fd, Linux.SO_PEERGROUPS, groups, length);
            if (result == -Errno.ERANGE) {
                groups = arena.allocate(length.get(JAVA_INT, 0), Integer.BYTES);
                result = tryGet(fd, Linux.SO_PEERGROUPS, groups, length);
            }
            Failure.check(result, "getsockopt", fd, "SO_PEERGROUPS");
            return groups.asSlice(0, length.get(JAVA_INT, 0)).toArray(JAVA_INT);
        }
    }
}
