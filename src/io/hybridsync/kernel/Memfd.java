package io.hybridsync.kernel;

import io.hybridsync.error.ProtocolException;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Memory that processes share by passing a file descriptor: anonymous, in no directory, gone with its last holder. It
 * is sealed at its size before anybody else gets it; a receiver checks the seals before it maps, for an access behind
 * the end of a file that was cut kills a JVM.
 *
 * <p>Punching holes cannot be sealed off: any holder can make the bytes zero. Only memory for one writer is safe from
 * that too: its descriptor gives others nothing but a view.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
 */
public final class Memfd implements AutoCloseable {

    private static final int SIZE_SEALS = Linux.F_SEAL_SHRINK | Linux.F_SEAL_GROW;

    /** With them nobody can cut it, nor keep those from mapping it who get it later. */
    private static final int FINAL_SEALS = SIZE_SEALS | Linux.F_SEAL_SEAL;

    private static final long LARGE_BYTES = 64 << 20;

    private static final int WRITE_SEALS = Linux.F_SEAL_WRITE | Linux.F_SEAL_FUTURE_WRITE;

    private final Fd fd;
    private final long size;

    private Memfd(Fd fd, long size) {
        this.fd = fd;
        this.size = size;
    }

    /**
     * Makes zeroed shared memory and seals it: its size and its seals never change.
     *
     * @param name what /proc/PID/maps shows; need not be unique; at most 249 bytes
     * @param size in bytes, positive
     */
    public static Memfd create(String name, long size) {
        return create(name, size, Features.current());
    }

    static Memfd create(String name, long size, Features features) {
        Objects.requireNonNull(name, "name");
        if (size <= 0) {
            throw new IllegalArgumentException("size is " + size + ", not positive");
        }
        Memfd made = sized(name, size, features);
        try {
            made.seal(FINAL_SEALS);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /**
     * Makes zeroed shared memory that is to have one writer. It has no seals yet: map it, then {@link #sealForOneWriter},
     * then pass it on.
     */
    public static Memfd createForOneWriter(String name, long size) {
        return sized(name, size, Features.current());
    }

    private static Memfd sized(String name, long size, Features features) {
        int noexec = features.memfdNoexecSeal() ? Linux.MFD_NOEXEC_SEAL : 0;
        long number = rawCreate(name, Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING | noexec);
        Fd fd = new Fd((int) Failure.check(number, "memfd_create", name));
        try {
            Failure.check(SystemCall.FTRUNCATE.on(fd, size), "ftruncate", fd, size);
            return new Memfd(fd, size);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Nobody maps it for writing any more, nor writes to the file; what is mapped already stays as it is. All seals in one
     * call, so that no moment is in between.
     *
     * @return false when the kernel knows no such seal (before Linux 5.1): nothing is sealed then
     */
    public boolean sealForOneWriter() {
        int seals = FINAL_SEALS | Linux.F_SEAL_FUTURE_WRITE;
        long result = SystemCall.FCNTL.on(fd, Linux.F_ADD_SEALS, seals, 0);
        if (result == -Errno.EINVAL) {
            return false;
        }
        Failure.check(result, "fcntl", fd, "F_ADD_SEALS");
        return true;
    }

    private void seal(int seals) {
        Failure.check(SystemCall.FCNTL.on(fd, Linux.F_ADD_SEALS, seals, 0), "fcntl", fd, "F_ADD_SEALS");
    }

    static long rawCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return SystemCall.MEMFD_CREATE.call(arena.allocateFrom(name).address(), flags);
        }
    }

    /**
     * Maps it, for reading and writing, where another mapping of the same size is; that one's memory goes. Where that fails there
     * are private zeroes.
     */
    public void mapOver(Mapping mapping) {
        if (mapping.size() != size) {
            throw new IllegalArgumentException("a mapping of " + mapping.size() + " bytes for " + size);
        }
        mapping.show(fd);
    }

    /**
     * Takes over a descriptor that another process sent, after a check that it is shared memory sealed at exactly the
     * expected size, which no seal keeps anybody from mapping for writing, nor ever will.
     *
     * @throws ProtocolException if it is not; the descriptor is closed then
     */
    public static Memfd receive(Fd fd, long expectedSize) {
        return received(fd, expectedSize, Memfd::requireWritable);
    }

    /**
     * Takes over a descriptor that another process sent, after a check that nobody who has it can write to it, at exactly
     * the expected size: only who mapped it before it was sealed. It can be mapped for reading alone.
     *
     * @throws ProtocolException if it is not; the descriptor is closed then
     */
    public static Memfd receiveForReading(Fd fd, long expectedSize) {
        return received(fd, expectedSize, Memfd::requireOneWriter);
    }

    private static Memfd received(Fd fd, long expectedSize, LongConsumer check) {
        try {
            check.accept(requireSealed(fd));
            requireSize(fd, expectedSize);
            return new Memfd(fd, expectedSize);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Only a memfd has these seals: the kernel refuses to seal, or to tell the seals of, any other file. */
    private static long requireSealed(Fd fd) {
        long seals = SystemCall.FCNTL.on(fd, Linux.F_GET_SEALS, 0, 0);
        if (seals < 0) {
            throw new ProtocolException("Expected sealed shared memory (memfd), got a file of another type (" + fd
                    + ": F_GET_SEALS gives " + Errno.name((int) seals) + ").");
        }
        if ((seals & FINAL_SEALS) != FINAL_SEALS) {
            throw new ProtocolException("Expected shared memory (memfd) sealed against shrinking, growing and more seals,"
                    + " got one with the seals 0x" + Long.toHexString(seals) + '.');
        }
        return seals;
    }

    /**
     * Looks whether a file is shared memory that is sealed for good, and does nothing else with it: with a file of another type
     * anything may take as long as somebody likes. It stays open.
     *
     * @throws ProtocolException if it is not
     */
    public static void require(Fd fd) {
        requireSealed(fd);
    }

    /** Whether it is such memory, and not so large that it takes time to free it. */
    static boolean closesAtOnce(int number) {
        long seals = SystemCall.FCNTL.call(number, Linux.F_GET_SEALS, 0, 0);
        return seals >= 0
                && (seals & FINAL_SEALS) == FINAL_SEALS
                && Stat.of(new Fd(number)).size() <= LARGE_BYTES;
    }

    private static void requireWritable(long seals) {
        if ((seals & WRITE_SEALS) != 0) {
            throw new ProtocolException("Expected writable shared memory, got one sealed with F_SEAL_WRITE or"
                    + " F_SEAL_FUTURE_WRITE (seals 0x" + Long.toHexString(seals) + ").");
        }
    }

    private static void requireOneWriter(long seals) {
        if ((seals & Linux.F_SEAL_FUTURE_WRITE) == 0) {
            throw new ProtocolException(
                    "Expected shared memory that only its maker writes to, got one without F_SEAL_FUTURE_WRITE.");
        }
    }

    private static void requireSize(Fd fd, long expected) {
        long size = Stat.of(fd).size();
        if (size != expected) {
            throw new ProtocolException("Expected shared memory of " + expected + " bytes, got " + size + '.');
        }
    }

    /** The descriptor, to be passed on; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** The size in bytes. */
    public long size() {
        return size;
    }

    /** Maps all of it for reading and writing. The mapping outlives {@link #close}. */
    public Mapping map() {
        return Mapping.map(fd, size);
    }

    /** Maps all of it for reading. The mapping outlives {@link #close}; who writes to it dies of it. */
    public Mapping mapForReading() {
        return Mapping.mapForReading(fd, size);
    }

    @Override
    public void close() {
        fd.close();
    }
}
