package io.hybridsync.slab;

import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes slabs in this process's address space and takes them out of it.
 *
 * <p>A slab that is retired is not shared memory any more from that moment, but threads that are late may still look at its
 * addresses: only the collector could tell, and it may not run for days. So the addresses are not given back. They show
 * private zeroes, and the next slab of that size is mapped at the same place. What a late thread finds there does not verify
 * at the location it has in mind, so it looks where its word is now; a compare-and-set that it had in flight expects a
 * word that was valid only there. Nobody can be asleep there: a place is not given up before all sleepers have left.
 *
 * <p>So the number of mappings is that of the slabs that a process had at most at one time. Thread-safe.
 */
public final class MappedSlabs implements AutoCloseable {

    private final Map<Long, Deque<Mapping>> blanks = new HashMap<>();
    private final Map<Long, MappedSlab> live = new HashMap<>();

    /** A new slab. */
    public MappedSlab create(long id, int size) {
        return map(id, Memfd.create("hybrid-sync-slab-" + Long.toHexString(id), size));
    }

    /** Maps a slab that was received, whose size and seals have been checked; owns the memfd from here on. */
    public synchronized MappedSlab map(long id, Memfd memfd) {
        try {
            return live(new MappedSlab(id, memfd, mapping(memfd), false));
        } catch (RuntimeException e) {
            memfd.close();
            throw e;
        }
    }

    /**
     * A new slab that only this process will ever write to, whoever gets its file; where the kernel cannot promise that
     * (before Linux 5.1), one whose file must stay here: {@link MappedSlab#isForOneWriter} tells.
     */
    public synchronized MappedSlab createForOneWriter(long id, int size) {
        Memfd memfd = Memfd.createForOneWriter("hybrid-sync-own-" + Long.toHexString(id), size);
        try {
            Mapping mapping = mapping(memfd);
            return live(new MappedSlab(id, memfd, mapping, memfd.sealForOneWriter()));
        } catch (RuntimeException e) {
            memfd.close();
            throw e;
        }
    }

    /** Maps a slab that was received for reading, see {@link Memfd#receiveForReading}; owns the memfd from here on. */
    public static MappedSlab mapForReading(long id, Memfd memfd) {
        try (memfd) {
            return new MappedSlab(id, memfd, memfd.mapForReading(), true);
        }
    }

    private MappedSlab live(MappedSlab slab) {
        live.put(slab.id(), slab);
        return slab;
    }

    /** A blank that could not be used stays one. */
    private Mapping mapping(Memfd memfd) {
        Deque<Mapping> free = blanks.get(memfd.size());
        if (free == null || free.isEmpty()) {
            return memfd.map();
        }
        memfd.mapOver(free.element());
        return free.remove();
    }

    /** How many mappings there are: of slabs, and those that wait for one. */
    public synchronized int mappings() {
        return live.size() + blanks.values().stream().mapToInt(Deque::size).sum();
    }

    /** Whether a slab of this size takes no more mappings than there are. */
    public synchronized boolean hasBlank(int size) {
        Deque<Mapping> free = blanks.get((long) size);
        return free != null && !free.isEmpty();
    }

    /** The slab with this id, or null. */
    public synchronized @Nullable MappedSlab find(long id) {
        return live.get(id);
    }

    /** All slabs that are mapped, by ascending ids. */
    public synchronized List<MappedSlab> all() {
        return live.values().stream()
                .sorted(Comparator.comparingLong(MappedSlab::id))
                .toList();
    }

    /**
     * Takes a slab out of this process: its memory and its file. Cells of it do not reach anybody any more. Where the process may
     * not map anything now, its memory goes when nothing reaches it any more.
     */
    public synchronized void retire(MappedSlab slab) {
        boolean _ = isRetired(slab);
    }

    /**
     * Takes all slabs out of this process, as {@link #retire} does.
     *
     * @return whether no thread reaches any of them any more, however late it is
     */
    public synchronized boolean retireAll() {
        boolean all = true;
        for (MappedSlab slab : List.copyOf(live.values())) {
            all &= isRetired(slab);
        }
        return all;
    }

    private boolean isRetired(MappedSlab slab) {
        if (!live.remove(slab.id(), slab)) {
            return true;
        }
        slab.memfd().close();
        boolean blank = slab.mapping().blank();
        if (blank) {
            blanks.computeIfAbsent(slab.mapping().size(), size -> new ArrayDeque<>()).push(slab.mapping());
        }
        return blank;
    }

    /** Takes all slabs out of this process. */
    @Override
    public synchronized void close() {
        boolean _ = retireAll();
        blanks.clear();
    }
}
