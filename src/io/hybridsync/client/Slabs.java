package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The slabs that the broker has granted to this client. Each is checked before it is mapped: a memory that somebody can
 * shrink would kill whoever reads it.
 *
 * <p>Thread-safe.
 */
final class Slabs implements Places.Atlas, AutoCloseable {

    private final MappedSlabs granted = new MappedSlabs();

    /** Why a slab could not be mapped, by its id. */
    private final Map<Long, SyncException> declined = new ConcurrentHashMap<>();

    /**
     * Takes a slab.
     *
     * @return false when this process has no descriptor or no mapping left for it, or the kernel lets it map no such memory;
     *     {@link #slot} then throws that
     * @throws ProtocolException when it is not a sealed memfd of that size, or known already
     */
    boolean grant(Message.SlabGrant grant, Channel.Received received) {
        try {
            map(grant.slab(), grant.size(), received.takeFd());
            declined.remove(grant.slab());
            return true;
        } catch (ProtocolException e) {
            throw e;
        } catch (SyncException e) {
            declined.put(grant.slab(), e);
            return false;
        }
    }

    private void map(long id, int size, Fd file) {
        Memfd memfd = Memfd.receive(file, size);
        if (granted.find(id) != null) {
            memfd.close();
            throw new ProtocolException("the broker granted slab 0x%x a second time".formatted(id));
        }
        granted.map(id, memfd);
    }

    /** The slab is not this client's any more. */
    void revoke(long id) {
        if (declined.remove(id) != null) {
            return;
        }
        MappedSlab slab = granted.find(id);
        if (slab == null) {
            throw new ProtocolException("the broker revoked slab 0x%x, which it has not granted".formatted(id));
        }
        granted.retire(slab);
    }

    /**
     * Lets go of all slabs but these: there is another broker, and it grants again what this client has not handed to it.
     * Nobody may be asleep, or about to sleep, in the others.
     */
    void retain(Set<Long> ids) {
        declined.clear();
        granted.all().stream().filter(slab -> !ids.contains(slab.id())).forEach(granted::retire);
    }

    @Override
    public boolean has(long id) {
        return granted.find(id) != null;
    }

    /** What the next broker is given. */
    Stream<Estate.Item> items() {
        return granted.all().stream().map(slab -> Estate.Item.of(Memory.SLAB, slab.id(), slab.memfd()));
    }

    /** @throws ProtocolException when no slab that was granted has it */
    @Override
    public Slot slot(Location location) {
        SyncException noRoom = declined.get(location.slab());
        if (noRoom != null) {
            throw new LimitExceededException("the memory of an object could not be mapped: " + noRoom.getMessage(), noRoom);
        }
        Slab slab = granted.find(location.slab());
        if (slab == null) {
            throw new ProtocolException("the broker names a place in a slab that it has not granted: " + location);
        }
        try {
            return new Slot(location, slab.cell(location.offset()));
        } catch (IndexOutOfBoundsException e) {
            throw new ProtocolException("the broker names a place outside of its slab: " + e.getMessage());
        }
    }

    /**
     * Takes all of them out of this process at once.
     *
     * @return false where a thread that is late may still write to one: this process may not map anything now
     */
    boolean letGo() {
        return granted.retireAll();
    }

    /** Takes all of them out of this process. */
    @Override
    public void close() {
        granted.close();
    }
}
