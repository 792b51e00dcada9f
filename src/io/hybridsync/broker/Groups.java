package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.SlabSource;
import io.hybridsync.word.Location;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    private final Storage memory;
    private final Revocations revocations;
    private final Intrusions intrusions;
    private final Group global;
    private final Group own;
    private final Deque<Group> patrolled = new ArrayDeque<>();
    private long lastSlab;

    /** @param firstSlab the ids of slabs follow it */
    Groups(Storage memory, long firstSlab, Revocations revocations, Intrusions intrusions) {
        this.memory = memory;
        this.revocations = revocations;
        this.intrusions = intrusions;
        this.lastSlab = firstSlab;
        this.global = new Group(MemberSet.NONE, this::newCache);
        this.own = new Group(MemberSet.NONE, group -> newCache(group, memory::createOwn));
    }

    private SlabCache newCache(Group group) {
        return newCache(group, memory::create);
    }

    private SlabCache newCache(Group group, SlabSource source) {
        return new SlabCache(() -> ++lastSlab, source, (place, word) -> intrusions.found(group, place, word));
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
        dropIfEmpty(group, location.slab());
    }

    /** Gives a slab back if nothing is in it: not those of groups that stay, but what another broker has made for them. */
    void dropIfEmpty(Group group, long id) {
        if (stays(group) && !group.slabs().isAdopted(id)) {
            return;
        }
        Slab slab = group.slabs().dropIfEmpty(id);
        if (slab != null) {
            revocations.revoke(slab, group.members());
            sweep(group);
        }
    }

    private boolean stays(Group group) {
        return group == global || group == own;
    }

    /** Forgets a group without slabs. */
    void sweep(Group group) {
        if (!stays(group) && group.slabs().slabs().isEmpty()) {
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

    /** The greatest id that a slab has: nobody has one with a greater one. */
    long lastSlab() {
        return lastSlab;
    }

    /**
     * Looks at so many words of places that are nobody's, of one group after the other; some more, for a line is looked at
     * whole.
     */
    void patrol(int words) {
        int left = words;
        int most = byMembers.size() + 1;
        for (int i = 0; i < most && left > 0; i++) {
            if (patrolled.isEmpty()) {
                patrolled.add(global);
                patrolled.addAll(byMembers.values());
            }
            left -= patrolled.element().slabs().patrol(left);
            if (left > 0) {
                patrolled.remove();
            }
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
