package io.hybridsync.kernel;

/**
 * The error numbers that the library handles or explains, as errno(3) names them. They are the same on all supported
 * CPUs.
 */
public final class Errno {

    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** No such process. */
    public static final int ESRCH = 3;
    /** A signal handler ran; here also: the thread was interrupted. */
    public static final int EINTR = 4;
    /** Bad file descriptor. */
    public static final int EBADF = 9;
    /** Try again: it would block, or the futex word has another value. */
    public static final int EAGAIN = 11;
    /** Out of memory, or of mappings. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Bad address. */
    public static final int EFAULT = 14;
    /** Busy. */
    public static final int EBUSY = 16;
    /** The file exists. */
    public static final int EEXIST = 17;
    /** Not a directory. */
    public static final int ENOTDIR = 20;
    /** Is a directory. */
    public static final int EISDIR = 21;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Too many open files in the system. */
    public static final int ENFILE = 23;
    /** Too many open files in this process. */
    public static final int EMFILE = 24;
    /** No space left on the device. */
    public static final int ENOSPC = 28;
    /** The file system is read-only. */
    public static final int EROFS = 30;
    /** The other end is closed. */
    public static final int EPIPE = 32;
    /** Result too large for the buffer. */
    public static final int ERANGE = 34;
    /** Name too long. */
    public static final int ENAMETOOLONG = 36;
    /** The kernel has no such call. */
    public static final int ENOSYS = 38;
    /** The directory is not empty. */
    public static final int ENOTEMPTY = 39;
    /** A symbolic link where none may be, or too many. */
    public static final int ELOOP = 40;
    /** Not a message that the receiver expects. */
    public static final int EBADMSG = 74;
    /** Not a socket. */
    public static final int ENOTSOCK = 88;
    /** The message is too long. */
    public static final int EMSGSIZE = 90;
    /** The wrong type of socket. */
    public static final int EPROTOTYPE = 91;
    /** The operation is not supported on such a file. */
    public static final int EOPNOTSUPP = 95;
    /** The address is in use. */
    public static final int EADDRINUSE = 98;
    /** The connection was aborted. */
    public static final int ECONNABORTED = 103;
    /** The peer closed with messages unread. */
    public static final int ECONNRESET = 104;
    /** No buffer space. */
    public static final int ENOBUFS = 105;
    /** The socket is not connected. */
    public static final int ENOTCONN = 107;
    /** The deadline passed. */
    public static final int ETIMEDOUT = 110;
    /** Nobody listens. */
    public static final int ECONNREFUSED = 111;
    /** Too many file descriptors in flight. */
    public static final int ETOOMANYREFS = 109;

    private Errno() {}

    /**
     * The C name of an error number, such as {@code "EAGAIN"}; {@code "errno 512"} for one that is not listed here.
     *
     * @param errno positive, or negative as calls return it
     */
    public static String name(int errno) {
        String entry = entry(Math.abs(errno));
        return entry.substring(0, entry.indexOf(':'));
    }

    /**
     * An error number in words, such as {@code "EAGAIN (11): try again"}.
     *
     * @param errno positive, or negative as calls return it
     */
    public static String describe(int errno) {
        int number = Math.abs(errno);
        String entry = entry(number);
        int colon = entry.indexOf(':');
        return entry.substring(0, colon) + " (" + number + ')' + entry.substring(colon);
    }

    private static String entry(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM: operation not permitted";
            case ENOENT -> "ENOENT: no such file or directory";
            case ESRCH -> "ESRCH: no such process";
            case EINTR -> "EINTR: interrupted";
            case EBADF -> "EBADF: bad file descriptor";
            case EAGAIN -> "EAGAIN: try again";
            case ENOMEM -> "ENOMEM: out of memory or mappings";
            case EACCES -> "EACCES: permission denied";
            case EFAULT -> "EFAULT: bad address";
            case EBUSY -> "EBUSY: busy";
            case EEXIST -> "EEXIST: the file exists";
            case ENOTDIR -> "ENOTDIR: not a directory";
            case EISDIR -> "EISDIR: is a directory";
            case EINVAL -> "EINVAL: invalid argument";
            case ENFILE -> "ENFILE: too many open files in the system";
            case EMFILE -> "EMFILE: too many open files in this process";
            case ENOSPC -> "ENOSPC: no space left on the device";
            case EROFS -> "EROFS: the file system is read-only";
            case EPIPE -> "EPIPE: the other end is closed";
            case ERANGE -> "ERANGE: result too large";
            case ENAMETOOLONG -> "ENAMETOOLONG: name too long";
            case ENOSYS -> "ENOSYS: the kernel has no such call";
            case ENOTEMPTY -> "ENOTEMPTY: the directory is not empty";
            case ELOOP -> "ELOOP: a symbolic link where none may be, or too many";
            case EBADMSG -> "EBADMSG: not a message that was expected";
            case ENOTSOCK -> "ENOTSOCK: not a socket";
            case EMSGSIZE -> "EMSGSIZE: the message is too long";
            case EPROTOTYPE -> "EPROTOTYPE: the wrong type of socket";
            case EOPNOTSUPP -> "EOPNOTSUPP: not supported on such a file";
            case EADDRINUSE -> "EADDRINUSE: the address is in use";
            case ECONNABORTED -> "ECONNABORTED: the connection was aborted";
            case ECONNRESET -> "ECONNRESET: the peer closed with messages unread";
            case ENOBUFS -> "ENOBUFS: no buffer space";
            case ENOTCONN -> "ENOTCONN: not connected";
            case ETOOMANYREFS -> "ETOOMANYREFS: too many file descriptors in flight";
            case ETIMEDOUT -> "ETIMEDOUT: the deadline passed";
            case ECONNREFUSED -> "ECONNREFUSED: nobody listens";
            default -> "errno " + errno + ": see errno(3)";
        };
    }
}
