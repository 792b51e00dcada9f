package io.hybridsync.broker;

import io.hybridsync.word.Location;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The places that words have left, with those who may still be there. A place is free when each of them has acknowledged
 * the move, closed the object, or died; no clock is involved. Who never acknowledges pins one place with each move, nothing more;
 * and as that is paid for from the {@link Budget}, nothing moves any more for new holders when that is used up.
 *
 * <p>What a client says costs what there is of its own, however many places others do not leave.
 */
final class Retirements {

    private static final class Tombstone {
        final long bytes;
        Group group;
        int visitors;

        Tombstone(Group group, int visitors) {
            this.group = group;
            this.visitors = visitors;
            this.bytes = Budget.ofTombstone(visitors);
        }
    }

    private final Groups groups;
    private final Budget budget;
    private final Map<Location, Tombstone> tombstones = new HashMap<>();

    /** The places that each client has not left, by their objects. */
    private final Map<Integer, Map<Long, Set<Location>>> visited = new HashMap<>();

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
            return;
        }
        Tombstone tombstone = new Tombstone(group, members.ids().size());
        budget.takeAnyway(tombstone.bytes);
        tombstones.put(place, tombstone);
        for (int client : members.ids()) {
            visited.computeIfAbsent(client, id -> new HashMap<>())
                    .computeIfAbsent(object, id -> new HashSet<>(1))
                    .add(place);
        }
    }

    /** Whether a word has left a place, and a client has not. */
    boolean isAt(int clientId, long object, Location place) {
        return places(clientId, object).contains(place);
    }

    /** The clients that have the memory of such a place. */
    MemberSet members(Location place) {
        Tombstone tombstone = tombstones.get(place);
        return tombstone == null ? MemberSet.NONE : tombstone.group.memberSet();
    }

    private Set<Location> places(int clientId, long object) {
        return visited.getOrDefault(clientId, Map.of()).getOrDefault(object, Set.of());
    }

    /** A client has left a place. */
    void acknowledged(int clientId, long object, Location place) {
        Set<Location> places = places(clientId, object);
        if (places.contains(place)) {
            places.remove(place);
            if (places.isEmpty()) {
                forget(clientId, object);
            }
            left(place);
        }
    }

    /** What a client has not left of an object's places, which is nothing from now on. */
    private Set<Location> forget(int clientId, long object) {
        Map<Long, Set<Location>> all = visited.getOrDefault(clientId, Map.of());
        if (!all.containsKey(object)) {
            return Set.of();
        }
        Set<Location> places = all.remove(object);
        if (all.isEmpty()) {
            visited.remove(clientId);
        }
        return places;
    }

    private void left(Location place) {
        Tombstone tombstone = tombstones.get(place);
        if (tombstone != null && --tombstone.visitors == 0) {
            tombstones.remove(place);
            budget.giveBack(tombstone.bytes);
            groups.free(tombstone.group, place);
        }
    }

    /** A client has closed an object: it is at none of its places. */
    void closed(int clientId, long object) {
        forget(clientId, object).forEach(this::left);
    }

    /** A client is dead: it is nowhere. */
    void died(int clientId) {
        Map<Long, Set<Location>> all = visited.remove(clientId);
        if (all != null) {
            all.values().forEach(places -> places.forEach(this::left));
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
