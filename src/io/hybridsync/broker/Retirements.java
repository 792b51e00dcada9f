package io.hybridsync.broker;

import io.hybridsync.word.Location;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The places that words have left, with those who may still be there. A place is free when each of them has acknowledged
 * the move, closed the object, or died; no clock is involved. Who never acknowledges pins one place with each move, nothing more;
 * and as that is paid for from the {@link Budget}, nothing moves any more for new holders when that is used up.
 */
final class Retirements {

    private static final class Tombstone {
        final long object;
        final Set<Integer> members;
        final long bytes;
        Group group;

        Tombstone(long object, Group group, Set<Integer> members) {
            this.object = object;
            this.group = group;
            this.members = members;
            this.bytes = Budget.ofTombstone(members.size());
        }
    }

    private final Groups groups;
    private final Budget budget;
    private final Map<Location, Tombstone> tombstones = new HashMap<>();
    private final Map<Long, Set<Location>> ofObject = new HashMap<>();

    /** @param budget pays for the places */
    Retirements(Groups groups, Budget budget) {
        this.groups = groups;
        this.budget = budget;
    }

    /** A word has left a place where these clients may be. */
    void add(SharedObject object, Group group, Location place, MemberSet members) {
        add(object.id(), group, place, members);
    }

    /** @param object its id; 0 when nobody knows any more which it was: then nobody can acknowledge it */
    void add(long object, Group group, Location place, MemberSet members) {
        if (members.isEmpty()) {
            groups.free(group, place);
        } else {
            Tombstone tombstone = new Tombstone(object, group, new HashSet<>(members.ids()));
            budget.takeAnyway(tombstone.bytes);
            tombstones.put(place, tombstone);
            ofObject.computeIfAbsent(object, id -> new HashSet<>()).add(place);
        }
    }

    /** A client has left a place. */
    void acknowledged(int clientId, long object, Location place) {
        Tombstone tombstone = tombstones.get(place);
        if (tombstone != null && tombstone.object == object && tombstone.members.remove(clientId)) {
            freeIfLeft(place, tombstone);
        }
    }

    private void freeIfLeft(Location place, Tombstone tombstone) {
        if (tombstone.members.isEmpty()) {
            tombstones.remove(place);
            budget.giveBack(tombstone.bytes);
            Set<Location> places = ofObject.getOrDefault(tombstone.object, Set.of());
            places.remove(place);
            if (places.isEmpty()) {
                ofObject.remove(tombstone.object);
            }
            groups.free(tombstone.group, place);
        }
    }

    /** A client has closed an object: it is at none of its places. */
    void closed(int clientId, long object) {
        for (Location place : List.copyOf(ofObject.getOrDefault(object, Set.of()))) {
            acknowledged(clientId, object, place);
        }
    }

    /** A client is dead: it is nowhere. */
    void died(int clientId) {
        for (Location place : List.copyOf(tombstones.keySet())) {
            Tombstone tombstone = tombstones.get(place);
            if (tombstone != null) {
                acknowledged(clientId, tombstone.object, place);
            }
        }
    }

    /** Groups that have become part of others. */
    void merged(Map<Group, Group> merged) {
        if (!merged.isEmpty()) {
            tombstones.values().forEach(tombstone -> tombstone.group = merged.getOrDefault(tombstone.group, tombstone.group));
        }
    }

    /** How many places are not free yet. */
    int size() {
        return tombstones.size();
    }
}
