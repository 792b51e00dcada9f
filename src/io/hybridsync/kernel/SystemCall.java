package io.hybridsync.kernel;

import java.util.Locale;

/**
 * The system calls that the library makes, by their C names. A call gives its result, or minus errno; which errors are
 * answers and which are exceptions is decided by the caller.
 */
enum SystemCall {
    ACCEPT4,
    BIND,
    CLOSE,
    CONNECT,
    EPOLL_CREATE1,
    EPOLL_CTL,
    EPOLL_PWAIT,
    EVENTFD2,
    FCHMODAT,
    FCHOWNAT,
    FCNTL,
    FTRUNCATE,
    FUTEX,
    FUTEX_WAITV,
    GETEGID,
    GETEUID,
    GETGID,
    GETPID,
    GETRANDOM,
    GETSOCKOPT,
    GETUID,
    LISTEN,
    MEMBARRIER,
    MEMFD_CREATE,
    MKDIRAT,
    MMAP,
    MUNMAP,
    OPENAT,
    PIDFD_OPEN,
    PPOLL,
    PREAD64,
    PWRITE64,
    READ,
    RECVMSG,
    RENAMEAT2,
    SENDMSG,
    SETSID,
    SHUTDOWN,
    SOCKET,
    STATX,
    UNLINKAT,
    WRITE;

    private final long number;

    SystemCall() {
        number = Arch.current().get(key());
    }

    /** The key of its number in the table of a CPU. */
    String key() {
        return "__NR_".concat(name().toLowerCase(Locale.ROOT));
    }

    long call(long a1, long a2, long a3, long a4, long a5, long a6) {
        return Libc.syscall(number, a1, a2, a3, a4, a5, a6);
    }

    long call(long a1, long a2, long a3, long a4) {
        return call(a1, a2, a3, a4, 0, 0);
    }

    long call(long a1, long a2) {
        return call(a1, a2, 0, 0, 0, 0);
    }

    long call() {
        return call(0, 0, 0, 0, 0, 0);
    }

    /** The call with an open file as its first argument, whose number is not given back meanwhile. */
    long on(Fd fd, long a2, long a3, long a4, long a5, long a6) {
        int number = fd.enter();
        try {
            return call(number, a2, a3, a4, a5, a6);
        } finally {
            fd.leave();
        }
    }

    long on(Fd fd, long a2, long a3, long a4) {
        return on(fd, a2, a3, a4, 0, 0);
    }

    long on(Fd fd, long a2) {
        return on(fd, a2, 0, 0, 0, 0);
    }
}
