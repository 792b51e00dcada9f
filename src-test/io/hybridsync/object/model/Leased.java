package io.hybridsync.object.model;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A leased semaphore: its permits are free or held by somebody who is left, at every step but while those of somebody who
 * has gone are due; and only who holds them releases them.
 */
final class Leased extends Permits {

    private final Map<ModelClient, Integer> held = new HashMap<>();

    /** What the programs of a client know they have, less what they are about to release. */
    private final Map<ModelClient, Integer> known = new HashMap<>();

    /** How often a client was about to release more than it knew it had. */
    private final Map<ModelClient, Integer> quarrels = new HashMap<>();

    private boolean due;

    /** Nobody had it open: that is the end of it, though here it may be opened once more. */
    private boolean over;

    Leased(Thing thing) {
        super(thing);
    }

    @Override
    void changed(Actor me, int before, int after) {
        ModelClient client = me.client;
        if (client != null) {
            held.merge(client, before - after, Integer::sum);
        }
    }

    /** What an operation of the client did; or what is wrong with that. */
    @Nullable String overdrawn() {
        return held.values().stream().anyMatch(count -> count < 0) ? "a permit was released that nobody held" : null;
    }

    /** A client has gone: what it holds is to come back. */
    void gone(ModelClient client) {
        due = true;
        held.remove(client);
        over |= thing.members.isEmpty();
    }

    /** It has come back. */
    @Nullable String settled(int total, long value) {
        due = false;
        return lost(total, value);
    }

    /** What is wrong with what is free and held together. */
    @Nullable String lost(int total, long value) {
        if (over) {
            return null;
        }
        long sum = value + held.values().stream().mapToInt(Integer::intValue).sum();
        return due || sum != total ? "leased permits lost or doubled: %d of %d".formatted(sum, total) : null;
    }

    /** An operation of the client has returned with permits. */
    void gained(ModelClient client, int permits) {
        known.merge(client, permits, Integer::sum);
    }

    /** The client is about to release; a mark for {@link #mayBeRefused}. */
    int releasing(ModelClient client, int permits) {
        int before = quarrels.getOrDefault(client, 0);
        if (known.merge(client, -permits, Integer::sum) < 0) {
            quarrels.merge(client, 1, Integer::sum);
        }
        return before;
    }

    /** Whether since then the client wanted to release more than it had. */
    boolean mayBeRefused(ModelClient client, int mark) {
        return quarrels.getOrDefault(client, 0) != mark || known.getOrDefault(client, 0) < 0;
    }
}
