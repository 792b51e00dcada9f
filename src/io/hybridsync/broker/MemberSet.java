package io.hybridsync.broker;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/** Some clients. Immutable; equal sets are equal, and the hash is computed once, so that a group is found by its members. */
final class MemberSet {

    /** Nobody. */
    static final MemberSet NONE = new MemberSet(new int[0]);

    /** The more, the greater; of as many, those with the client that was there first. None of the sets is empty. */
    static final Comparator<MemberSet> BY_VOTES = Comparator.<MemberSet>comparingInt(set -> set.ids.length)
            .thenComparing(set -> set.ids[0], Comparator.reverseOrder());

    private final int[] ids;
    private final int hash;

    private MemberSet(int[] ascending) {
        ids = ascending;
        hash = Arrays.hashCode(ascending);
    }

    static MemberSet of(int clientId) {
        return new MemberSet(new int[] {clientId});
    }

    boolean contains(int clientId) {
        return Arrays.binarySearch(ids, clientId) >= 0;
    }

    boolean isEmpty() {
        return ids.length == 0;
    }

    MemberSet with(int clientId) {
        int place = Arrays.binarySearch(ids, clientId);
        if (place >= 0) {
            return this;
        }
        int at = -place - 1;
        int[] more = new int[ids.length + 1];
        System.arraycopy(ids, 0, more, 0, at);
        more[at] = clientId;
        System.arraycopy(ids, at, more, at + 1, ids.length - at);
        return new MemberSet(more);
    }

    MemberSet withAll(MemberSet others) {
        MemberSet union = this;
        for (int id : others.ids) {
            union = union.with(id);
        }
        return union;
    }

    MemberSet without(int clientId) {
        return contains(clientId) ? filter(id -> id != clientId) : this;
    }

    MemberSet filter(IntPredicate belongs) {
        return new MemberSet(Arrays.stream(ids).filter(belongs).toArray());
    }

    /** The clients, ascending. */
    List<Integer> ids() {
        return Arrays.stream(ids).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemberSet set && Arrays.equals(ids, set.ids);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
