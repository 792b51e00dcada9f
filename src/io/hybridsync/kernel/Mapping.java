package io.hybridsync.kernel;

import io.hybridsync.error.SyncException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Shared memory in this process's address space. It is unmapped when neither this object nor a segment of it is
 * reachable any more. Safe for use by many threads.
 *
 * <p>Who works with {@link #address} keeps this object reachable: {@code Reference.reachabilityFence(mapping)} after
 * the last access.
 */
public final class Mapping {

    private final MemorySegment segment;

    private Mapping(long address, long size) {
        this.segment = MemorySegment.ofAddress(address)
                .reinterpret(size, Arena.ofAuto(), unreachable -> unmap(address, size));
    }

    static Mapping map(Fd fd, long size) {
        return new Mapping(place(0, fd, size, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED), size);
    }

    static Mapping mapForReading(Fd fd, long size) {
        return new Mapping(place(0, fd, size, Linux.PROT_READ, Linux.MAP_SHARED), size);
    }

    private static void unmap(long address, long size) {
        Failure.check(SystemCall.MUNMAP.call(address, size), "munmap", size);
    }

    private static long place(long at, Fd fd, long size, int protection, int flags) {
        int number = fd.enter();
        try {
            return Failure.check(SystemCall.MMAP.call(at, size, protection, flags, number, 0), "mmap", size, fd);
        } finally {
            fd.leave();
        }
    }

    /**
     * Puts private zeroes where the shared memory was, at the same addresses, in one step: the shared memory is not in this
     * process any more, and a thread that comes late reads zeroes or writes to nobody.
     *
     * @return false when this process may not map anything now, not even there: all is as it was
     */
    public boolean blank() {
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED;
        long result = SystemCall.MMAP.call(address(), size(), Linux.PROT_READ | Linux.PROT_WRITE, flags, -1, 0);
        if (result == -Errno.ENOMEM) {
            return false;
        }
        Failure.check(result, "mmap", size());
        return true;
    }

    /**
     * Puts other shared memory of the same size at the same addresses, in one step. Undoes {@link #blank}, also where it fails: the
     * kernel may have taken away what was there before it found out that it cannot map the other.
     */
    void show(Fd fd) {
        try {
            place(address(), fd, size(), Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED | Linux.MAP_FIXED);
        } catch (SyncException e) {
            blank();
            throw e;
        }
    }

    /** Where it begins. */
    public long address() {
        return segment.address();
    }

    /** Its size in bytes. */
    public long size() {
        return segment.byteSize();
    }

    /** The memory as a segment, which keeps it mapped as long as it is reachable. */
    public MemorySegment segment() {
        return segment;
    }
}
