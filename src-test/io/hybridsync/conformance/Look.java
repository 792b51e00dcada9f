package io.hybridsync.conformance;

import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one thread sees of one object: through the getters of its handle, and with the eyes of the broker.
 *
 * @param state permits; "free", "owned", "abandoned"; "set", "unset"
 * @param holds of a mutex: how often the thread has locked it
 * @param adopted of a mutex: whether the thread has taken it over
 * @param mine of a mutex: whether the thread owns it
 * @param seen what the broker sees, or null if it was not asked
 */
record Look(String state, int holds, boolean adopted, boolean mine, @Nullable Seen seen) {

    private static final int OWNER_DIED = 1 << 30;

    /**
     * A snapshot.
     *
     * @param state as above
     * @param owner of a mutex: the owning client, 0 for none
     * @param pid that client's process
     */
    record Seen(
            String kind,
            String state,
            int owner,
            long pid,
            int maximum,
            boolean waiters,
            Set<String> flags,
            boolean atBroker,
            Set<Integer> group,
            boolean hashValid) {

        static Seen of(Snapshot snapshot) {
            return new Seen(
                    snapshot.kind().name(),
                    state(snapshot),
                    snapshot.ownerClient().orElse(0),
                    snapshot.ownerPid().orElse(0),
                    snapshot.maximum(),
                    snapshot.waiters(),
                    new TreeSet<>(snapshot.flags()),
                    snapshot.location().equals("the broker"),
                    new TreeSet<>(snapshot.group()),
                    snapshot.hashValid());
        }

        private static String state(Snapshot snapshot) {
            int value = snapshot.value();
            return switch (snapshot.kind()) {
                case SEMAPHORE -> "" + value;
                case MUTEX -> mutexState(value, snapshot.ownerClient().orElse(0));
                case EVENT -> (value & 1) != 0 ? "set" : "unset";
            };
        }

        private static String mutexState(int value, int owner) {
            if (value == OWNER_DIED) {
                return "abandoned";
            }
            return value != owner ? "?" + value : owner == 0 ? "free" : "owned";
        }

        private String toText() {
            return "%s,%s,%d,%d,%d,%s,%s,%s,%s,%s".formatted(
                    kind, state, owner, pid, maximum, waiters, join(flags), atBroker, join(group), hashValid);
        }

        private static String join(Set<?> set) {
            return set.stream().map(Object::toString).collect(Collectors.joining("+"));
        }

        private static Seen parse(String[] parts) {
            return new Seen(
                    parts[0],
                    parts[1],
                    Integer.parseInt(parts[2]),
                    Long.parseLong(parts[3]),
                    Integer.parseInt(parts[4]),
                    Boolean.parseBoolean(parts[5]),
                    split(parts[6]),
                    Boolean.parseBoolean(parts[7]),
                    split(parts[8]).stream().map(Integer::valueOf).collect(Collectors.toSet()),
                    Boolean.parseBoolean(parts[9]));
        }

        private static Set<String> split(String text) {
            return Arrays.stream(text.split("[+]")).filter(part -> !part.isEmpty()).collect(Collectors.toSet());
        }
    }

    static Look at(HybridObject object, boolean thorough) {
        Seen seen = thorough ? Seen.of(object.snapshot()) : null;
        return switch (object) {
            case HybridSemaphore semaphore -> new Look("" + semaphore.availablePermits(), 0, false, false, seen);
            case HybridMutex mutex ->
                new Look(
                        mutex.isAbandoned() ? "abandoned" : mutex.isLocked() ? "owned" : "free",
                        mutex.getHoldCount(),
                        mutex.acquiredAbandoned(),
                        mutex.isHeldByCurrentThread(),
                        seen);
            case HybridEvent event -> new Look(event.isSet() ? "set" : "unset", 0, false, false, seen);
        };
    }

    String toText() {
        return state + "," + holds + "," + adopted + "," + mine + (seen == null ? "" : ";" + seen.toText());
    }

    static Look parse(String text) {
        List<String> halves = List.of(text.split(";"));
        List<String> parts = List.of(halves.getFirst().split(","));
        return new Look(
                parts.get(0),
                Integer.parseInt(parts.get(1)),
                Boolean.parseBoolean(parts.get(2)),
                Boolean.parseBoolean(parts.get(3)),
                halves.size() == 1 ? null : Seen.parse(halves.get(1).split(",", -1)));
    }
}
