package io.hybridsync;

import io.hybridsync.client.Description;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes snapshots of what the client was told. */
final class Snapshots {

    private Snapshots() {}

    static Snapshot of(Description described) {
        return new Snapshot(
                described.id(),
                Kind.valueOf(described.kind()),
                described.name().isEmpty() ? Optional.empty() : Optional.of(described.name()),
                described.value(),
                described.maximum(),
                described.waiters(),
                unlessZero(described.ownerClient()),
                unlessZero(described.ownerPid()),
                Set.copyOf(described.flags()),
                described.location(),
                Set.copyOf(described.group()),
                described.hashValid());
    }

    private static OptionalInt unlessZero(int number) {
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
