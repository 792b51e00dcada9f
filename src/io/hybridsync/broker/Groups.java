package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.SlabSource;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The process groups of a domain: one for each set of clients that shares an object, found by the set. A group comes with
 * its first slot and goes with its last; the global group, of everybody, stays, and
 * so does the broker's own, of nobody.
 *
 * <p>A client that is known dead cannot write any more, so its groups shed it where they are: nothing moves. When another
 * group has the same members then, the two become one.
 */
final class Groups {

    /** Is told of a slab that is gone, and which clients had it. */
    interface Revocations {
        void revoke(Slab slab, List<Integer> members);
    }

    /** Is told of free memory of a group that somebody has written to. */
    interface Intrusions {
        void found(Group group, Location place, long word);
    }

    private final Map<MemberSet, Group> byMembers = new HashMap<>();
    private final SlabSource memory;
    private final Revocations revocations;
    private final Intrusions intrusions;
    private final Group global;
    private final Group own;
    private long lastSlab;

    /** @param firstSlab the ids of slabs follow it */
    Groups(SlabSource memory, long firstSlab, Revocations revocations, Intrusions intrusions) {
        this.memory = memory;
        this.revocations = revocations;
        this.intrusions = intrusions;
        this.lastSlab = firstSlab;
        this.global = new Group(MemberSet.NONE, this::newCache);
        this.own = new Group(MemberSet.NONE, this::newCache);
    }

    private SlabCache newCache(Group group) {
        return new SlabCache(() -> ++lastSlab, memory, (place, word) -> intrusions.found(group, place, word));
    }

    /** The group of everybody. */
    Group global() {
        return global;
    }

    /** The group of nobody but the broker: what lives there no client maps. */
    Group own() {
        return own;
    }

    /** The group of some clients, made if there is none. Who makes one takes a slot in it, or {@link #sweep}s. */
    Group of(MemberSet members) {
        return byMembers.computeIfAbsent(members, set -> new Group(set, this::newCache));
    }

    /** Gives a slot back; its slab goes if it was the last one there, and its group if it has no slab then. */
    void free(Group group, Location location) {
        group.slabs().free(location);
        if (group == global) {
            return;
        }
        Slab slab = group.slabs().dropIfEmpty(location.slab());
        if (slab != null) {
            revocations.revoke(slab, group.members());
            sweep(group);
        }
    }

    /** Forgets a group without slabs. */
    void sweep(Group group) {
        if (group != global && group.slabs().slabs().isEmpty()) {
            byMembers.remove(group.memberSet(), group);
        }
    }

    /**
     * A client is dead.
     *
     * @return groups that are no more, and the group that each has become part of
     */
    Map<Group, Group> shed(int clientId) {
        Map<Group, Group> merged = new HashMap<>();
        for (Group group : new ArrayList<>(byMembers.values())) {
            if (group.memberSet().contains(clientId)) {
                shed(group, clientId, merged);
            }
        }
        return merged;
    }

    private void shed(Group group, int clientId, Map<Group, Group> merged) {
        byMembers.remove(group.memberSet());
        group.setMembers(group.memberSet().without(clientId));
        Group same = byMembers.putIfAbsent(group.memberSet(), group);
        if (same != null) {
            same.slabs().absorb(group.slabs());
            merged.put(group, same);
        }
    }

    /** How many there are, without the global one. */
    int size() {
        return byMembers.size();
    }

    /** How many slots are in use. */
    int slots() {
        return global.slabs().used()
                + own.slabs().used()
                + byMembers.values().stream().mapToInt(group -> group.slabs().used()).sum();
    }
}
