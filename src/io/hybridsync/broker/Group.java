package io.hybridsync.broker;

import io.hybridsync.slab.SlabCache;
import java.util.List;
import java.util.function.Function;

/**
 * A process group: the clients that share some objects, and the slabs in which these live. Only they have the slabs
 * mapped. The global group is everybody.
 */
final class Group {

    private final SlabCache slabs;
    private MemberSet members;

    /** @param slabs makes the slab cache of the group */
    Group(MemberSet members, Function<Group, SlabCache> slabs) {
        this.members = members;
        this.slabs = slabs.apply(this);
    }

    SlabCache slabs() {
        return slabs;
    }

    MemberSet memberSet() {
        return members;
    }

    void setMembers(MemberSet newMembers) {
        members = newMembers;
    }

    /** The clients, ascending. */
    List<Integer> members() {
        return members.ids();
    }
}
