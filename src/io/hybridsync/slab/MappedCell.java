package io.hybridsync.slab;

import static java.lang.ref.Reference.reachabilityFence;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Futex;
import io.hybridsync.kernel.Headroom;
import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Parking;
import io.hybridsync.kernel.Sleeper;
import java.util.List;

/**
 * A cell in mapped memory.
 *
 * <p>Accesses go through one segment over all {@link Memory}, with absolute addresses: no session is checked, which makes them
 * cheaper by a third than through the mapping's own segment. What the session would guarantee, that the memory is still
 * mapped, the fences do: the cell holds the mapping, and the mapping outlives what is reachable.
 */
final class MappedCell extends Cell {

    /** Half of it is seen to be too little. */
    private static final int LEVELS_TO_WAKE = 320;

    private final Mapping mapping;

    /** See {@link Memory}. */
    private final long position;

    MappedCell(Mapping mapping, int offset) {
        this.mapping = mapping;
        this.position = Memory.position(mapping.address() + offset);
    }

    private long address() {
        return Memory.address(position);
    }

    @Override
    public long load() {
        try {
            return (long) Memory.WORD.getVolatile(Memory.ALL, address());
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        try {
            return Memory.WORD.compareAndSet(Memory.ALL, address(), expected, next);
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public void store(long word) {
        try {
            Memory.WORD.setVolatile(Memory.ALL, address(), word);
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public void storeRelease(long word) {
        try {
            storeReleaseAt(position, word);
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public Sleep await(Half half, int expected, Patience patience) {
        try {
            long futex = address() + half.offset();
            long deadline = patience.deadlineNanos();
            boolean interruptible = patience.interruptible();
            return reason(isParked(patience)
                    ? Parking.await(futex, expected, deadline, interruptible, patience.blocker())
                    : Sleeper.ofCurrentThread().await(futex, expected, deadline, interruptible));
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public Sleep awaitAny(List<Watch> watches, Patience patience) {
        int count = watches.size();
        long[] futexes = new long[count];
        int[] expected = new int[count];
        for (int i = 0; i < count; i++) {
            Watch watch = watches.get(i);
            futexes[i] = ((MappedCell) watch.cell()).address() + watch.half().offset();
            expected[i] = watch.expected();
        }
        try {
            long deadline = patience.deadlineNanos();
            boolean interruptible = patience.interruptible();
            return reason(isParked(patience)
                    ? Parking.awaitAny(futexes, expected, count, deadline, interruptible, patience.blocker())
                    : Sleeper.ofCurrentThread().awaitAny(futexes, expected, count, deadline, interruptible));
        } finally {
            reachabilityFence(watches);
        }
    }

    /** A virtual thread that slept in the kernel would keep its carrier. */
    private static boolean isParked(Patience patience) {
        return patience.parked() || Thread.currentThread().isVirtual();
    }

    private static Sleep reason(int result) {
        return switch (-result) {
            case 0 -> Sleep.WOKEN;
            case Errno.EAGAIN -> Sleep.CHANGED;
            case Errno.ETIMEDOUT -> Sleep.TIMED_OUT;
            case Errno.EINTR -> Sleep.INTERRUPTED;
            default -> throw new AssertionError("futex wait: " + Errno.describe(-result));
        };
    }

    @Override
    public int wake(Half half, int count) {
        try {
            return Futex.wake(address() + half.offset(), count);
        } finally {
            reachabilityFence(mapping);
        }
    }

    @Override
    public void checkHeadroom() {
        Headroom.check(LEVELS_TO_WAKE);
    }
}
