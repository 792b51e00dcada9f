package io.hybridsync.kernel;

/**
 * The numbers of the kernel's interface that are the same on all supported CPUs, under their C names. What differs is
 * in the table of the CPU, see {@link Arch}; error numbers are in {@link Errno}.
 */
public final class Linux {

    /** open(2): read only. */
    public static final int O_RDONLY = 0;
    /** open(2): write only. */
    public static final int O_WRONLY = 1;
    /** open(2): read and write. */
    public static final int O_RDWR = 2;
    /** open(2): make the file if it does not exist. */
    public static final int O_CREAT = 0100;
    /** open(2): the file must not exist. */
    public static final int O_EXCL = 0200;
    /** open(2): cut the file to length 0. */
    public static final int O_TRUNC = 01000;
    /** open(2): every write goes to the end. */
    public static final int O_APPEND = 02000;

    /** epoll(7): there is something to read, or the end of file. */
    public static final int EPOLLIN = 1;
    /** epoll(7): there is room to write. */
    public static final int EPOLLOUT = 4;
    /** epoll(7): an error; always reported. */
    public static final int EPOLLERR = 8;
    /** epoll(7): both directions are shut down; always reported. */
    public static final int EPOLLHUP = 0x10;
    /** epoll(7): the peer closed, or shut down writing. */
    public static final int EPOLLRDHUP = 0x2000;
    /** epoll(7): report edges, not levels. */
    public static final int EPOLLET = 1 << 31;

    static final int O_NOCTTY = 0400;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_BASIC_STATS = 0x7ff;

    static final int S_IFMT = 0170000;
    static final int S_IFDIR = 0040000;
    static final int S_IFREG = 0100000;
    static final int S_IFLNK = 0120000;
    static final int S_IFSOCK = 0140000;

    static final int FUTEX_WAKE = 1;
    static final int FUTEX_WAIT_BITSET = 9;
    static final int FUTEX_BITSET_MATCH_ANY = -1;
    static final int FUTEX_32 = 2;
    static final int FUTEX_WAITV_MAX = 128;
    static final int CLOCK_MONOTONIC = 1;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;

    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int MFD_NOEXEC_SEAL = 8;

    static final int MEMBARRIER_CMD_QUERY = 0;
    static final int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
    static final int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 0x10;

    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;
    static final int F_SEAL_WRITE = 8;
    static final int F_SEAL_FUTURE_WRITE = 0x10;

    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final int F_WRLCK = 1;
    static final int F_UNLCK = 2;
    static final int SEEK_SET = 0;

    static final int EPOLL_CLOEXEC = O_CLOEXEC;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    static final int EFD_CLOEXEC = O_CLOEXEC;
    static final int EFD_NONBLOCK = O_NONBLOCK;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;

    static final int AF_UNIX = 1;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = O_CLOEXEC;
    static final int SOCK_NONBLOCK = O_NONBLOCK;
    static final int SOL_SOCKET = 1;
    static final int SO_PEERGROUPS = 59;
    static final int SCM_RIGHTS = 1;
    static final int SHUT_RDWR = 2;
    static final int MSG_CTRUNC = 8;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private Linux() {}
}
