package io.hybridsync.kernel;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Makes the exception for a call that failed in a way nobody handles: what was called, the error, the remedy. */
final class Failure {

    private Failure() {}

    /** The result, unless it is minus errno. The text is not put together before it is needed. */
    static long check(long result, String call, Object... arguments) {
        if (result < 0) {
            throw of(result, call, arguments);
        }
        return result;
    }

    /**
     * @param result minus errno
     * @param call the name of the call
     * @param arguments those that tell the reader something
     */
    static SyncException of(long result, String call, Object... arguments) {
        int errno = (int) -result;
        String message = call + text(arguments) + " failed: " + Errno.describe(errno) + ". " + remedy(errno);
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOSPC, Errno.ENOBUFS ->
                new LimitExceededException(message);
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> new AccessDeniedException(message);
            default -> new KernelException(message, errno);
        };
    }

    private static String text(Object... arguments) {
        return Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case Errno.EMFILE -> "Raise the limit of open files (ulimit -n), or close what is not needed.";
            case Errno.ENFILE -> "Raise the system's limit of open files (sysctl fs.file-max).";
            case Errno.ENOMEM -> "Free memory, or raise the limit of mappings (sysctl vm.max_map_count).";
            case Errno.ENOSPC -> "Free space or inodes; for epoll and inotify raise the user's limit of watches.";
            case Errno.ENOBUFS -> "Free memory, or raise the limits of socket buffers (sysctl net.core.wmem_max).";
            case Errno.EACCES, Errno.EPERM ->
                "Check owner and mode, and what a security module or a seccomp filter forbids.";
            case Errno.EROFS -> "Choose a directory on a file system that can be written.";
            case Errno.ENOENT, Errno.ENOTDIR -> "Check that the path exists and that nobody removes it meanwhile.";
            case Errno.ELOOP -> "Symbolic links are not followed here: name the real file or directory.";
            case Errno.ENOSYS -> "Use a newer kernel, or a seccomp filter that allows the call.";
            case Errno.EADDRINUSE -> "Remove the file that a former run left, or use another name.";
            default -> "This is not expected: check the arguments, and report it.";
        };
    }
}
