package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hybridsync.error.UnsupportedPlatformException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The one downcall of the library: {@code long syscall(long number, ...)} of the C library with six arguments. Each
 * distinct shape of a downcall costs milliseconds at start-up; this one costs them once, and every system call that the
 * library makes fits in it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscall.2.html">syscall(2)</a>
 */
final class Libc {

    private static final MethodHandle SYSCALL = link();

    private Libc() {}

    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> address = linker.defaultLookup().find("syscall");
        if (address.isEmpty()) {
            throw new UnsupportedPlatformException("The C library has no function syscall.");
        }
        FunctionDescriptor shape = FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        return linker.downcallHandle(
                address.get(), shape, Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    }

    /** The result, or minus errno. The errno is captured before the JVM can make a system call of its own. */
    static long syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6) {
        MemorySegment errno = Scratch.ofThread().errno();
        long result = invoke(errno, number, a1, a2, a3, a4, a5, a6);
        return result == -1 ? -errno.get(JAVA_INT, 0) : result;
    }

    private static long invoke(
            MemorySegment errno, long number, long a1, long a2, long a3, long a4, long a5, long a6) {
        try {
            return (long) SYSCALL.invokeExact(errno, number, a1, a2, a3, a4, a5, a6);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A downcall throws no checked exception.", e);
        }
    }
}
